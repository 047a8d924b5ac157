import type { SyntaxNode } from '@lezer/common';
import { type NameBinding, nameBindingsOf, statementsIn } from './bindings.ts';
import { bracketEntriesOf, mappingOf } from './brackets.ts';
import { isFormatString, stringNodeValue } from './string-node.ts';
import { childrenOf, insideParentheses, type PythonModule, sourceTextOf } from './syntax.ts';
import { lineNumber } from './text.ts';

/** A string of active code that the operator was meant to change. */
export interface SettingPlaceholder {
  /** The setting that holds it; empty when it stands outside of every assignment. A list is one setting. */
  readonly path: readonly string[];
  /** From 1. */
  readonly line: number;
  /** As it stands there: `CHANGE_ME`, `CHANGE-ME`, `CHANGEME` … */
  readonly text: string;
  /** A later line assigns the same setting again: changing this one would do nothing. */
  readonly overridden: boolean;
}

/** Anywhere in a string, and what only a whole string can be: a text may speak of what is to do. */
const WITHIN = /CHANGE[_-]?ME/;
const WHOLE = /^(?:CHANGE[_ -]?ME|REPLACE[_ -]?ME|FILL[_ -]?ME(?:[_ -]?IN)?|TODO|FIXME|XXX+)$/i;

/** @returns the mark in a text that somebody was meant to replace, `undefined` when it has none */
export function placeholderIn(text: string): string | undefined {
  return (WITHIN.exec(text) ?? WHOLE.exec(text.trim()))?.[0];
}

export function placeholdersOf(module: PythonModule): SettingPlaceholder[] {
  const bindings = nameBindingsOf(module);
  const found = new Map<number, SettingPlaceholder>();
  const note = (node: SyntaxNode, path: readonly string[], binding?: NameBinding) => {
    for (const string of stringsIn(node)) {
      const text = placeholderOf(module, string);
      if (text === undefined || found.has(string.from)) continue;
      const line = lineNumber(module.text, string.from);
      found.set(string.from, {
        path,
        line,
        text,
        overridden: binding !== undefined && isOverridden(bindings, binding, path),
      });
    }
  };
  for (const binding of bindings) {
    if (binding.value?.node !== undefined) {
      for (const [path, node] of leaves(module, binding.path, binding.value.node)) note(node, path, binding);
    }
    if (binding.value !== undefined) note(binding.statement, binding.path, binding);
  }
  for (const { statement } of statementsIn(module.root)) {
    note(statement, []);
  }
  return [...found].sort(([a], [b]) => a - b).map(([, placeholder]) => placeholder);
}

/** Each value of a dict of dicts with its path. */
function leaves(
  module: PythonModule,
  path: readonly string[],
  wrapped: SyntaxNode,
): [readonly string[], SyntaxNode][] {
  const node = insideParentheses(wrapped);
  const mapping = mappingOf(module, node);
  if (mapping === undefined) return [[path, node]];
  return bracketEntriesOf(module, mapping).flatMap(({ key, value }) =>
    key === undefined || value === undefined ? [] : leaves(module, [...path, key], value),
  );
}

function isOverridden(
  bindings: readonly NameBinding[],
  binding: NameBinding,
  path: readonly string[],
): boolean {
  return bindings
    .slice(bindings.indexOf(binding) + 1)
    .some((later) => later.obstacle === undefined && later.path.every((name, index) => name === path[index]));
}

function stringsIn(node: SyntaxNode): SyntaxNode[] {
  if (isString(node)) return [node];
  const children = childrenOf(node);
  // A string that is a statement on its own is a docstring.
  const docstring = node.name === 'ExpressionStatement' && children.length === 1 && isString(children[0]);
  return docstring ? [] : children.flatMap(stringsIn);
}

function placeholderOf(module: PythonModule, node: SyntaxNode): string | undefined {
  const value = isFormatString(node) ? undefined : stringNodeValue(module, node);
  const text =
    value === undefined
      ? sourceTextOf(module, node)
      : typeof value === 'string'
        ? value
        : new TextDecoder().decode(value.bytes);
  return placeholderIn(text);
}

function isString(node: SyntaxNode | undefined): boolean {
  return node !== undefined && /^(?:String|ContinuedString|FormatString)$/.test(node.name);
}
