import { behindLine, startOfLine } from '../lines.ts';
import type { Server } from './site.ts';
import type { NginxNode } from './tree.ts';

export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A top-level block with the comment that stands right above it, up to the end of its last line. */
export function blockWithComment(source: string, nodes: readonly NginxNode[], server: Server): Range {
  let start = startOfLine(source, server.start);
  for (let index = nodes.indexOf(server) - 1; index >= 0; index -= 1) {
    const node = nodes[index];
    if (node?.kind !== 'comment') break;
    const from = startOfLine(source, node.start);
    if (source.slice(from, node.start).trim() !== '' || behindLine(source, node.end) !== start) break;
    start = from;
  }
  const end = behindLine(source, server.end);
  const alone =
    /^[ \t]*(#[^\n]*)?\r?\n?$/.test(source.slice(server.end, end)) &&
    source.slice(startOfLine(source, server.start), server.start).trim() === '';
  return alone ? { start, end } : { start: server.start, end: server.end };
}

/**
 * The same for several, each with the empty lines that follow it, or those before it at the end of the file. What stands
 * side by side there is one range: the lines in between belong to both.
 */
export function blocksWithGaps(
  source: string,
  nodes: readonly NginxNode[],
  blocks: readonly Server[],
): readonly Range[] {
  const ranges: Range[] = [];
  for (const { start, end } of blocks.map((server) => blockWithComment(source, nodes, server))) {
    const after = /^(?:[ \t]*\r?\n)*/.exec(source.slice(end))?.[0].length ?? 0;
    const last = ranges.at(-1);
    if (last?.end === start) ranges[ranges.length - 1] = { start: last.start, end: end + after };
    else ranges.push({ start, end: end + after });
  }
  return ranges.map((range) => {
    if (range.end < source.length) return range;
    const before = /(?:(?<=\n)[ \t]*\r?\n)*$/.exec(source.slice(0, range.start))?.[0].length ?? 0;
    return { start: range.start - before, end: source.length };
  });
}
