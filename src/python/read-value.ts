import type { SyntaxNode } from '@lezer/common';
import { bracketEntriesOf, bracketsOf, mappingOf } from './brackets.ts';
import { stringNodeValue } from './string-node.ts';
import { insideParentheses, type PythonModule, sourceTextOf } from './syntax.ts';
import { type PythonValue, pythonExpression } from './value.ts';

/** The value that a node stands for; whatever is not a plain literal comes back as an expression with its source. */
export function readValue(module: PythonModule, wrapped: SyntaxNode): PythonValue {
  const node = insideParentheses(wrapped);
  const value = literal(module, node);
  // Not `??`: the value of `None` is null.
  return value === undefined ? pythonExpression(sourceTextOf(module, node)) : value;
}

function literal(module: PythonModule, node: SyntaxNode): PythonValue | undefined {
  switch (node.name) {
    case 'None':
      return null;
    case 'Boolean':
      return sourceTextOf(module, node) === 'True';
    case 'String':
    case 'ContinuedString':
      return stringNodeValue(module, node);
    case 'ArrayExpression':
      return list(module, node);
    case 'DictionaryExpression':
    case 'CallExpression':
      return dict(module, node);
    default:
      return number(sourceTextOf(module, node));
  }
}

function number(source: string): number | undefined {
  const digits = source.replace(/^-\s*/, '').replaceAll('_', '');
  if (!/^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$|^0[xob][\da-f]+$/i.test(digits)) return undefined;
  const value = Number(digits) * (source.startsWith('-') ? -1 : 1);
  const whole = /^\d+$|^0[xob]/i.test(digits);
  // A whole number that JavaScript cannot hold exactly stays an expression.
  if (!Number.isFinite(value) || (whole && !Number.isSafeInteger(value))) return undefined;
  return whole && value === 0 ? 0 : value;
}

function list(module: PythonModule, node: SyntaxNode): PythonValue | undefined {
  const items = bracketsOf(node)?.items;
  if (items === undefined || items.some(({ nodes }) => nodes.length !== 1)) return undefined;
  return items.flatMap(({ nodes }) => nodes.map((own) => readValue(module, own)));
}

function dict(module: PythonModule, node: SyntaxNode): PythonValue | undefined {
  const brackets = mappingOf(module, node);
  if (brackets === undefined) return undefined;
  const values = new Map<string, PythonValue>();
  for (const { key, value } of bracketEntriesOf(module, brackets)) {
    if (key === undefined || value === undefined) return undefined;
    values.set(key, readValue(module, value));
  }
  return values;
}
