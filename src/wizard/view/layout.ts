import { BORDER, beside, type Line, line, type Size } from '../kit/line.ts';
import { textWindow } from '../kit/window.ts';
import type { Block, ColumnsBlock, SplitBlock, View } from './block.ts';
import { factLines } from './fact-lines.ts';
import { formLines } from './form-lines.ts';
import { keysLines, legendLines } from './keys-lines.ts';
import { fieldsLines, listLines } from './list-lines.ts';
import { logLines } from './log-lines.ts';
import { outlineLines } from './outline-lines.ts';
import { remembered } from './remembered.ts';
import { detailsColumns, splitRows } from './split-lines.ts';
import { diffLines, entryLines, noticeLines, textRows } from './text-lines.ts';
import { progressLine, tailLines, treeLines } from './tree-lines.ts';

/** Where there is no end of the screen. */
const ALL = Number.MAX_SAFE_INTEGER;

/** A block, and the columns and rows that it may take. */
export interface PlacedBlock {
  readonly block: Block;
  readonly size: Size;
}

/** @returns what stands on a screen, row by row: never more rows than there are, but for blocks that can't be cut */
export function layOut(view: View, size: Size): readonly Line[] {
  return view.scroll === undefined
    ? place(view, size).flatMap((each) => blockLines(each.block, each.size))
    : scrolledLines(view, size);
}

/** @returns what is shown of a view that is one long text */
export function scrolledLines(view: View, size: Size): readonly Line[] {
  return textWindow(linesOf(view, size.columns), view.scroll ?? 0, size.rows);
}

/** Decides which rows each block gets. Those that may be cut share what the others leave, the first one first. */
export function place({ blocks }: View, size: Size): readonly PlacedBlock[] {
  const { columns } = size;
  const fixed = blocks.filter((block) => !isElastic(block)).flatMap((block) => blockLines(block, size));
  let left = size.rows - fixed.length;
  return blocks.map((block) => {
    if (!isElastic(block)) return { block, size };
    const placed = { block, size: { columns, rows: left } };
    left -= blockLines(placed.block, placed.size).length;
    return placed;
  });
}

/** @returns all rows of a view, as if there were no end of the screen */
export function linesOf({ blocks }: View, columns: number): readonly Line[] {
  return blocks.flatMap((block) => blockLines(block, { columns, rows: ALL }));
}

/** Whether it takes the rows that it is given; others take those that they need. */
function isElastic(block: Block): boolean {
  if (block.kind === 'text') return block.most === 'rest';
  return ['list', 'log', 'split', 'tree', 'fields', 'form', 'outline', 'columns'].includes(block.kind);
}

function blockLines(block: Block, size: Size): readonly Line[] {
  const { columns } = size;
  switch (block.kind) {
    case 'text':
      return textRows(block, size);
    case 'list':
      return listLines(block, size);
    case 'diff':
      return diffLines(block, columns);
    case 'notice':
      return noticeLines(block, columns);
    case 'progress':
      return [progressLine(block, columns)];
    case 'fields':
      return fieldsLines(block, size);
    case 'form':
      return formLines(block, size);
    case 'outline':
      return outlineLines(block, size);
    case 'entry':
      return entryLines(block, columns);
    case 'tail':
      return tailLines(block, size);
    case 'log':
      return logLines(block, size);
    case 'split':
      return splitLines(block, size);
    case 'tree':
      return treeLines(block, size);
    case 'columns':
      return columnsLines(block, size);
    case 'facts':
      return factLines(block, columns);
    case 'keys':
      return keysLines(block, columns);
    case 'legend':
      return legendLines(block, columns);
    case 'gap':
      return [[]];
    case 'rule':
      return [ruleLine(columns)];
  }
}

export function ruleLine(columns: number): Line {
  return line('─'.repeat(columns), 'dim');
}

/** Each has half of the columns, and all rows. */
export const columnsLines = remembered(({ left, right }: ColumnsBlock, size) => {
  const half = Math.floor(size.columns / 2);
  const rest = { columns: size.columns - half - BORDER, rows: size.rows };
  return beside(blockLines(left, { ...size, columns: half }), blockLines(right, rest), half, size);
});

/** A list, and beside it the details of the selected one. */
export const splitLines = remembered((block: SplitBlock, size) =>
  splitRows(block, splitDetails(block, size.columns), size),
);

/** @returns all rows of the details, as wide as they are drawn */
export function splitDetails(block: SplitBlock, columns: number): readonly Line[] {
  return linesOf({ blocks: block.details }, detailsColumns(block, columns));
}
