import type { SyntaxNode } from '@lezer/common';
import type { Edit } from '../text/edits.ts';
import { stringParts } from './string-node.ts';
import type { PythonModule } from './syntax.ts';
import { lineEnd } from './text.ts';

/** The new literal in place of the first part of several strings in a row; the other parts go, comments between them stay. */
export function joinStrings(module: PythonModule, node: SyntaxNode, literal: string): Edit[] {
  const [first, ...others] = stringParts(node);
  if (first === undefined) return [];
  let behind = first.to;
  const edits = others.map((part) => {
    const gap = module.text.slice(behind, part.from);
    const rest = module.text.slice(part.to, lineEnd(module.text, part.to));
    let [start, end] = [gap.includes('#') ? part.from : behind, part.to];
    if (rest.trim().startsWith('#')) [start, end] = [part.from, part.to + rest.indexOf('#')];
    else if (gap.includes('#') && rest.trim() === '') start = behind + gap.search(/(?:\r\n|\r|\n)[ \t]*$/);
    behind = part.to;
    return { start, end, text: '' };
  });
  return [{ start: first.from, end: first.to, text: literal }, ...edits];
}
