import type { SyntaxNode } from '@lezer/common';
import { type NameBinding, nameBindingsOf, type Span } from './bindings.ts';
import { type Brackets, bracketEntriesOf, bracketsOf, mappingOf } from './brackets.ts';
import { CannotManage } from './errors.ts';
import { insideParentheses, type PythonModule } from './syntax.ts';
import { lineNumber } from './text.ts';

/** Where a setting is: names and keys, and for an item of a list its index. */
export type Path = readonly (string | number)[];

export type Location =
  | { readonly found: Span; readonly binding: NameBinding }
  /** Not there; `container` is the innermost mapping that could hold it, `keys` what is missing below it. */
  | {
      readonly found?: undefined;
      readonly container?: Brackets;
      readonly keys: Path;
      readonly unknown?: Obstacle;
    };

interface Obstacle {
  readonly line: number;
  readonly reason: string;
}

/**
 * Finds the assignment that is in effect: the last one at the top level wins (`GOOGLE_RECAPTCHA_SITE_KEY` is assigned twice).
 * @throws {CannotManage} when what is in effect cannot be told, or not edited with confidence
 */
export function locate(module: PythonModule, path: Path): Location {
  let location: Location = { keys: path };
  let obstacle: Obstacle | undefined;
  for (const binding of nameBindingsOf(module)) {
    const { statement, value } = binding;
    const shared = Math.min(binding.path.length, path.length);
    if (binding.path.slice(0, shared).some((name, index) => name !== path[index])) continue;
    const line = lineNumber(module.text, statement.from);
    if (binding.obstacle !== undefined) {
      obstacle = { line, reason: binding.obstacle };
    } else if (binding.path.length > path.length) {
      obstacle = { line, reason: 'assigns a part of it on its own' };
    } else if (value !== undefined) {
      const step = descend(module, binding, value, path.slice(shared));
      obstacle =
        'reason' in step ? { line: lineNumber(module.text, step.at), reason: step.reason } : undefined;
      if (!('reason' in step)) location = step;
    }
  }
  if (obstacle !== undefined) throw new CannotManage(path.map(String), obstacle.line, obstacle.reason);
  return location;
}

type Step = Location | { readonly reason: string; readonly at: number };

function descend(module: PythonModule, binding: NameBinding, value: Span, keys: Path): Step {
  const [key, ...rest] = keys;
  const node = value.node && insideParentheses(value.node);
  const found = node === undefined ? value : { from: node.from, to: node.to, node };
  if (key === undefined) return { found, binding };
  if (typeof key === 'number') {
    const item = node && bracketsOf(node)?.items[key];
    return item === undefined ? { keys } : descend(module, binding, spanOf(item.nodes), rest);
  }
  const mapping = node && mappingOf(module, node);
  if (mapping === undefined) return { reason: 'builds it with an expression', at: value.from };
  const entries = bracketEntriesOf(module, mapping);
  const own = entries.findLast((entry) => entry.key === key);
  // What `**defaults` brings in is not known here; behind the entry it would win over it. In dict(base, a=1) the keyword wins.
  const spread = entries.findLast((entry) => entry.nodes[0]?.name === '**');
  const merged = 'merges other values into it';
  if (own?.value !== undefined) {
    if (spread !== undefined && spread.from > own.from) return { reason: merged, at: spread.from };
    return descend(module, binding, spanOf([own.value]), rest);
  }
  const base = spread ?? entries.find(({ nodes }) => mapping.kind === 'call' && nodes.length === 1);
  const unknown = base && { line: lineNumber(module.text, base.from), reason: merged };
  return { container: mapping, keys, ...(unknown && { unknown }) };
}

function spanOf(nodes: readonly SyntaxNode[]): Span {
  const [first, last] = [nodes[0], nodes.at(-1)];
  if (first === undefined || last === undefined) throw new RangeError('an item without a node');
  return { from: first.from, to: last.to, ...(nodes.length === 1 && { node: first }) };
}
