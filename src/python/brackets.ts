import type { SyntaxNode } from '@lezer/common';
import { plainString } from './string-node.ts';
import { childrenOf, type PythonModule, sourceTextOf } from './syntax.ts';

/** One item between the brackets of a list, tuple, dict or call: `'a'`, `'key': value`, `NAME=value`, `**defaults`. */
export interface Item {
  readonly from: number;
  readonly to: number;
  readonly nodes: readonly SyntaxNode[];
  /** The comma behind it. */
  readonly comma?: SyntaxNode;
}

export interface Brackets {
  readonly kind: 'list' | 'tuple' | 'dict' | 'call';
  readonly open: SyntaxNode;
  readonly close: SyntaxNode;
  readonly items: readonly Item[];
}

/** A dict's entry, from `{'key': value}` or `dict(key=value)`. */
export interface BracketEntry extends Item {
  /** `undefined` when the key is not a plain string, or for `**defaults`. */
  readonly key: string | undefined;
  /** `undefined` for `**defaults`. */
  readonly value: SyntaxNode | undefined;
}

const KINDS: Readonly<Record<string, Brackets['kind']>> = {
  ArrayExpression: 'list',
  TupleExpression: 'tuple',
  DictionaryExpression: 'dict',
  ArgList: 'call',
};

/** Takes a bracketed literal apart; `undefined` for any other node. */
export function bracketsOf(node: SyntaxNode): Brackets | undefined {
  const kind = KINDS[node.name];
  const children = childrenOf(node);
  const [open, close] = [children.shift(), children.pop()];
  if (kind === undefined || open === undefined || close === undefined) return undefined;
  const items: Item[] = [];
  let nodes: SyntaxNode[] = [];
  const finish = (comma?: SyntaxNode) => {
    const [first, last] = [nodes[0], nodes.at(-1)];
    if (first === undefined || last === undefined) return;
    items.push({ from: first.from, to: last.to, nodes, ...(comma && { comma }) });
    nodes = [];
  };
  for (const child of children) {
    if (child.name === ',') finish(child);
    else nodes.push(child);
  }
  finish();
  return { kind, open, close, items };
}

/** The brackets that hold a mapping's entries: `{…}` or the arguments of `dict(…)`. */
export function mappingOf(module: PythonModule, node: SyntaxNode): Brackets | undefined {
  if (node.name === 'DictionaryExpression') return bracketsOf(node);
  if (node.name !== 'CallExpression') return undefined;
  const [callee, args] = childrenOf(node);
  if (callee?.name !== 'VariableName' || sourceTextOf(module, callee) !== 'dict' || args === undefined)
    return undefined;
  return bracketsOf(args);
}

export function bracketEntriesOf(module: PythonModule, { kind, items }: Brackets): BracketEntry[] {
  return items.map((item) => {
    const [first, mark, value] = item.nodes;
    if (first === undefined || mark === undefined || value === undefined) {
      return { ...item, key: undefined, value: undefined };
    }
    const key = kind === 'call' ? sourceTextOf(module, first) : plainString(module, first);
    return { ...item, key, value };
  });
}
