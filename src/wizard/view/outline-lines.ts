import { cutLine, type Line, paragraph, span, type Tone } from '../kit/line.ts';
import { cells } from '../kit/width.ts';
import { listWindow } from '../kit/window.ts';
import { diffLinesOf, type InsideBlock, type OutlineBlock, type OutlineItem } from './block.ts';
import { factLines } from './fact-lines.ts';
import { remembered } from './remembered.ts';
import { diffLines, textLines } from './text-lines.ts';

/** Columns that stay free to the right of what is in a thing. */
const MARGIN = 4;

/** A row of an outline: the index of its thing, and which paragraph or line in it; `undefined`: its head. */
export interface OutlineRow {
  readonly item: number;
  readonly part: InsideBlock | undefined;
  readonly line: Line;
}

type ItemRow = Omit<OutlineRow, 'item'>;

interface Wrapped<Row> {
  readonly columns: number;
  readonly rows: readonly Row[];
}

/** Kept while the width is the same: a key would wrap all open differences again. */
const ofItems = new WeakMap<OutlineItem, Wrapped<ItemRow>>();
const ofOutlines = new WeakMap<readonly OutlineItem[], Wrapped<OutlineRow>>();

/** @returns all rows of an outline, without the column of the pointer */
export function outlineRows(items: readonly OutlineItem[], columns: number): readonly OutlineRow[] {
  const before = ofOutlines.get(items);
  if (before?.columns === columns) return before.rows;
  const rows = items.flatMap((item, index) => rowsOf(item, columns).map((row) => ({ ...row, item: index })));
  ofOutlines.set(items, { columns, rows });
  return rows;
}

/** @returns the selected row: the last one where there are not so many */
export function outlineAt({ selected }: OutlineBlock, rows: readonly OutlineRow[]): number {
  return Math.min(selected, rows.length - 1);
}

/** The rows around the selected one. */
export const outlineLines = remembered((block: OutlineBlock, size) => {
  const rows = outlineRows(block.items, size.columns);
  const at = outlineAt(block, rows);
  const lines = rows.map(({ line }, index): Line => {
    const selected = index === at;
    return [
      span(selected ? '›' : ' ', 'accent'),
      ...(selected ? line.map((each) => ({ ...each, tone: bright(each.tone) })) : line),
    ];
  });
  // Only those that are shown: with all differences open there are thousands.
  return listWindow(lines, at, size.rows).map((each) => cutLine(each, size.columns));
});

function bright(tone: Tone): Tone {
  return tone === 'plain' || tone === 'dim' ? 'strong' : tone;
}

function rowsOf(item: OutlineItem, columns: number): readonly ItemRow[] {
  const before = ofItems.get(item);
  if (before?.columns === columns) return before.rows;
  const rows = wrapped(item, columns);
  ofItems.set(item, { columns, rows });
  return rows;
}

function wrapped(item: OutlineItem, columns: number): readonly ItemRow[] {
  // What is only said begins where titles do.
  const inset = item.below ? 6 : item.head === undefined ? 1 : 0;
  const width = columns - MARGIN - inset;
  const inside = item.inside.flatMap(partsOf).flatMap((part): readonly ItemRow[] =>
    partLines(part, width).map((each) => ({
      part,
      line: inset === 0 ? each : [span(' '.repeat(inset)), ...each],
    })),
  );
  const head = headOf(item, columns);
  if (head === undefined) return inside;
  const whole = item.whole && head.isCut ? paragraph(head.words, width) : [];
  return [
    { part: undefined, line: head.line },
    ...whole.map((each) => ({ part: undefined, line: [span(' '.repeat(inset)), ...each] })),
    ...inside,
  ];
}

function headOf({ head, below }: OutlineItem, columns: number) {
  if (head === undefined) return undefined;
  const { sign, tone, title, look, note } = head;
  const before = `${below ? '  ' : ''}${sign} `;
  const marks = head.marks.map((each) => span(`  ${each.text}`, each.tone));
  const beside = note === '' ? '' : `  ${note}`;
  const room =
    columns - 1 - [before, ...marks.map(({ text }) => text)].reduce((sum, text) => sum + cells(text), 0);
  const told = cutLine([span(title, look), span(beside, 'dim')], room);
  return {
    line: [span(before, tone), ...told, ...marks],
    words: `${title}${beside}`,
    isCut: cells(title) + cells(beside) > room,
  };
}

function partLines(part: InsideBlock, columns: number): readonly Line[] {
  switch (part.kind) {
    case 'diff':
      return diffLines(part, columns);
    case 'facts':
      return factLines(part, columns);
    case 'text':
      return textLines(part, columns);
  }
}

/** @returns the paragraphs of a text, the lines of a difference, or facts, each as a block of its own */
function partsOf(block: InsideBlock): readonly InsideBlock[] {
  switch (block.kind) {
    case 'diff':
      return diffLinesOf(block).map(({ text }) => ({ kind: 'diff', diff: text }));
    case 'facts':
      return block.facts.map((each) => ({ ...block, facts: [each] }));
    case 'text':
      return block.paragraphs.map((each) => ({ kind: 'text', paragraphs: [each] }));
  }
}
