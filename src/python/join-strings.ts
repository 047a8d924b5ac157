import type { SyntaxNode } from '@lezer/common';
import { stringParts } from './string-node.ts';
import type { PythonModule } from './syntax.ts';
import { type Edit, lineEnd } from './text.ts';

/** The new literal in place of the first part of several strings in a row; the other parts go, comments between them stay. */
export function joinStrings(module: PythonModule, node: SyntaxNode, literal: string): Edit[] {
  const [first, ...others] = stringParts(node);
  if (first === undefined) return [];
  let behind = first.to;
  const edits = others.map((part) => {
    const gap = module.text.slice(behind, part.from);
    const rest = module.text.slice(part.to, lineEnd(module.text, part.to));
    let [from, to] = [gap.includes('#') ? part.from : behind, part.to];
    if (rest.trim().startsWith('#')) [from, to] = [part.from, part.to + rest.indexOf('#')];
    else if (gap.includes('#') && rest.trim() === '') from = behind + gap.search(/(?:\r\n|\r|\n)[ \t]*$/);
    behind = part.to;
    return { from, to, text: '' };
  });
  return [{ from: first.from, to: first.to, text: literal }, ...edits];
}
