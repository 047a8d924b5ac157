import type { SyntaxNode } from '@lezer/common';
import { splitString, stringValue } from './string-token.ts';
import { childrenOf, type PythonModule, sourceTextOf } from './syntax.ts';
import { isBytes, type PythonBytes, pythonBytes } from './value.ts';

/** The literals that a string is made of: one, or several in a row (`'a' 'b'`). */
export function stringParts(node: SyntaxNode): SyntaxNode[] {
  return node.name === 'ContinuedString' ? childrenOf(node) : [node];
}

/** Whether a node is, or has among its parts, an f-string. */
export function isFormatString(node: SyntaxNode): boolean {
  return stringParts(node).some(({ name }) => name === 'FormatString');
}

/** The value of a string node; `undefined` for any other node, an f-string, or a string that cannot be told here. */
export function stringNodeValue(module: PythonModule, node: SyntaxNode): string | PythonBytes | undefined {
  const values = stringParts(node).map((part) => {
    const token = part.name === 'String' ? splitString(sourceTextOf(module, part)) : undefined;
    return token && stringValue(token);
  });
  if (values.every((value) => typeof value === 'string')) return values.join('');
  if (!values.every((value) => value !== undefined && isBytes(value))) return undefined;
  return pythonBytes(Uint8Array.from(values.flatMap((value) => [...value.bytes])));
}

/** The same for a string that is not bytes: a dict's key. */
export function plainString(module: PythonModule, node: SyntaxNode): string | undefined {
  const value = stringNodeValue(module, node);
  return typeof value === 'string' ? value : undefined;
}
