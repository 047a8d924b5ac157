import { duration } from '../../output/duration.ts';
import {
  beside,
  cutLine,
  cutLines,
  type Line,
  line,
  paragraph,
  type Size,
  span,
  type Tone,
} from '../kit/line.ts';
import { typedLine } from '../kit/typed-line.ts';
import { cells, cut, fit, wrapText } from '../kit/width.ts';
import { listWindow, textWindow } from '../kit/window.ts';
import {
  type Block,
  type DiffBlock,
  type DiffLine,
  diffLinesOf,
  type Entry,
  type EntryBlock,
  type Field,
  type ListBlock,
  type LogBlock,
  type Mark,
  type Paragraph,
  type ProgressBlock,
  type SplitBlock,
  type TailBlock,
  type TextBlock,
  type TreeBlock,
  type TreeRow,
  type View,
} from './block.ts';
import { logLines } from './log-layout.ts';

/** How a mark is drawn; the mark tells the same without its colour. */
const SIGNS: Readonly<Record<Mark, string>> = {
  done: '✓ ',
  failed: '✗ ',
  open: '○ ',
  warning: '! ',
  item: '· ',
  command: '$ ',
};
const DIFF_TONES: Readonly<Record<DiffLine['kind'], Tone>> = {
  added: 'good',
  removed: 'bad',
  same: 'dim',
  place: 'dim',
};
/** Columns of one level. */
const LEVEL = 2;

/** Where there is no end of the screen. */
const ALL = Number.MAX_SAFE_INTEGER;
/** Rows of an output below a tree, where there is room for them and where there is not. */
const TAIL = { rows: 5, small: 3, from: 14 };

/** Columns of what a field is called. */
const LABEL = 18;

/** A block with the rows that it has got. */
export interface Placed {
  /** Absent: what was laid out elsewhere. */
  readonly block: Block | undefined;
  readonly lines: readonly Line[];
}

/**
 * Decides which rows each block gets. A list and a text that may be cut share what the others leave, the list first.
 * @returns never more lines than rows
 */
export function layOut(view: View, size: Size): readonly Placed[] {
  if (view.scroll !== undefined) {
    const lines = textWindow(linesOf(view, size.columns), view.scroll, size.rows);
    return [{ block: undefined, lines }];
  }
  const whole = view.blocks.map((block) =>
    isElastic(block) ? [] : linesOfBlock(block, size.columns, size.rows),
  );
  let left = size.rows - whole.flat().length;
  return view.blocks.map((block, index) => {
    if (!isElastic(block)) return { block, lines: whole[index] ?? [] };
    const lines = linesWithin(block, { columns: size.columns, rows: left });
    left -= lines.length;
    return { block, lines };
  });
}

/** @returns all rows of a view, as if there were no end of the screen */
export function linesOf({ blocks }: View, columns: number): readonly Line[] {
  return blocks.flatMap((block) => linesOfBlock(block, columns));
}

type Elastic = ListBlock | TextBlock | LogBlock | SplitBlock | TreeBlock;

function isElastic(block: Block): block is Elastic {
  if (block.kind === 'text') return block.most === 'rest';
  return ['list', 'log', 'split', 'tree'].includes(block.kind);
}

function linesWithin(block: Elastic, size: Size): readonly Line[] {
  switch (block.kind) {
    case 'list':
      return listWindow(itemLines(block, size.columns), block.selected, size.rows);
    case 'text':
      return cutLines(textLines(block, size.columns), size.rows, size.columns, block.rest);
    case 'log':
      return logLines(block, size);
    case 'split':
      return splitLines(block, size);
    case 'tree':
      return treeLines(block, size);
  }
}

function linesOfBlock(block: Block, columns: number, rows = ALL): readonly Line[] {
  switch (block.kind) {
    case 'text': {
      const lines = textLines(block, columns);
      return typeof block.most === 'number' ? cutLines(lines, block.most, columns, block.rest) : lines;
    }
    case 'list':
      return itemLines(block, columns).flat();
    case 'diff':
      return diffLines(block, columns);
    case 'notice':
      return paragraph(`! ${block.text}`, columns, 'warn', '  ');
    case 'progress':
      return [progressLine(block, columns)];
    case 'fields':
      return block.fields.map((field, index) => fieldLine(field, index === block.focused, columns));
    case 'entry':
      return entryLines(block, columns);
    case 'tail':
      return tailLines(block, { columns, rows });
    case 'log':
    case 'split':
    case 'tree':
      return linesWithin(block, { columns, rows: ALL });
    case 'gap':
      return [[]];
    case 'rule':
      return [line('─'.repeat(columns), 'dim')];
  }
}

/** @returns all rows of a text */
export function textLines({ paragraphs }: TextBlock, columns: number): readonly Line[] {
  return paragraphs.flatMap((each) => paragraphLines(each, columns));
}

function paragraphLines(
  { text, tone = 'plain', mark, level = 0, hanging = mark === undefined ? 0 : LEVEL }: Paragraph,
  columns: number,
): readonly Line[] {
  const inset = ' '.repeat(LEVEL * level);
  const words = `${mark === undefined ? '' : SIGNS[mark]}${text}`;
  return paragraph(words, columns - inset.length, tone, ' '.repeat(hanging)).map((each) =>
    inset === '' ? each : [span(inset), ...each],
  );
}

function itemLines({ items, selected }: ListBlock, columns: number): readonly (readonly Line[])[] {
  return items.map(({ text, over }, index) => {
    const tone = index === selected ? 'selected' : over ? 'dim' : 'plain';
    return wrapText(text, columns - 2, '  ').map((each, row) => [
      span(index === selected && row === 0 ? '› ' : '  ', 'accent'),
      span(each, tone),
    ]);
  });
}

/** Long lines of it wrapped; the signs alone tell it without colour. */
export function diffLines(block: DiffBlock, columns: number): readonly Line[] {
  return diffLinesOf(block).flatMap(({ kind, text }) => paragraph(text, columns, DIFF_TONES[kind], '  '));
}

/** In one row where it fits, else what is said of it below. */
function entryLines(
  { entry: { title, sign, tone, note }, apart }: EntryBlock,
  columns: number,
): readonly Line[] {
  if (!apart && cells(title) + cells(note) + 4 <= columns)
    return [[span(`${sign} `, tone), span(title), span(note === '' ? '' : `  ${note}`, 'dim')]];
  return [
    ...wrapText(title, columns - 2).map((each, row) => [
      span(row === 0 ? `${sign} ` : '  ', tone),
      span(each),
    ]),
    ...(note === '' ? [] : paragraph(note, columns - 2, 'dim').map((each) => [span('  '), ...each])),
  ];
}

/** The list is as wide as its titles, where the other half has room. */
function leftOf({ entries, noteColumns }: SplitBlock, columns: number): number {
  const wanted = entries.map(({ title }) => 5 + cells(title) + noteColumns);
  return Math.min(Math.max(24, ...wanted), Math.floor(columns * 0.45));
}

/** @returns all rows of the details, as wide as they are drawn */
export function splitDetails(block: SplitBlock, columns: number): readonly Line[] {
  return linesOf({ blocks: block.details }, columns - leftOf(block, columns) - 3);
}

function splitLines(block: SplitBlock, size: Size): readonly Line[] {
  const { entries, selected, scroll } = block;
  const left = leftOf(block, size.columns);
  const rows = (short: boolean) =>
    entries.map((entry, index) => splitRow(entry, index === selected, left, short));
  const whole = rows(false);
  const list = whole.flat().length <= size.rows ? whole : rows(true);
  const details = splitDetails(block, size.columns);
  return beside(
    listWindow(list, selected, size.rows),
    textWindow(details, scroll ?? 0, size.rows, scroll === undefined ? ' (Tab)' : ''),
    left,
    size,
  );
}

/** @param short in one row, with a title that is too long cut */
function splitRow(
  { title, sign, tone, note }: Entry,
  selected: boolean,
  columns: number,
  short: boolean,
): readonly Line[] {
  const room = Math.max(8, columns - 4 - (note === '' ? 0 : note.length + 1));
  const titles = short ? [cut(title, room)] : wrapText(title, room);
  return titles.map((each, row) => [
    span(selected && row === 0 ? '› ' : '  ', 'accent'),
    span(row === 0 ? `${sign} ` : '  ', tone),
    span(fit(each, room), selected ? 'selected' : 'plain'),
    span(note === '' || row > 0 ? '' : ` ${note}`, tone),
  ]);
}

function progressLine({ done, of, left, warnings }: ProgressBlock, columns: number): Line {
  const time = left === undefined ? '' : ` · about ${duration(left)} left`;
  const width = Math.max(10, Math.min(40, columns - 30 - cells(time)));
  const filled = of === 0 ? 0 : Math.floor((width * done) / of);
  const percent = of === 0 ? 0 : Math.floor((100 * done) / of);
  return [
    span('█'.repeat(filled), 'good'),
    span('░'.repeat(width - filled), 'dim'),
    span(` ${percent} %${time}`),
    span(warnings.length === 0 ? '' : `  ${warnings.length} warned`, 'warn'),
  ];
}

/** As tall as its window: what stands below it stays where it is while rows come and go. */
function treeLines({ rows, selected }: TreeBlock, size: Size): readonly Line[] {
  const all = rows.map((row, index) => treeRow(row, index === selected, size.columns));
  const shown = listWindow(all, selected, size.rows);
  const empty = size.rows === ALL ? 0 : Math.max(0, size.rows - shown.length);
  return [...shown, ...Array.from({ length: empty }, (): Line => [])];
}

function treeRow({ title, sign, tone, note, below }: TreeRow, selected: boolean, columns: number): Line {
  const room = Math.max(10, Math.min(42, Math.floor(columns * 0.5)));
  return cutLine(
    [
      span(selected ? '› ' : '  ', 'accent'),
      span(`${sign} `, tone),
      span(fit(below ? `├ ${title}` : title, room), selected ? 'selected' : below ? 'plain' : 'strong'),
      span(` ${cut(note, Math.max(4, columns - room - 6))}`, 'dim'),
    ],
    columns,
  );
}

/** Always as many rows, whatever was said yet. */
function tailLines({ title, last }: TailBlock, { columns, rows }: Size): readonly Line[] {
  const most = rows >= TAIL.from ? TAIL.rows : TAIL.small;
  const head = cut(`──${title === '' ? '' : ` ${title} `}`, columns);
  const lines = last(most).map((each) => line(cut(each, columns), 'dim'));
  return [
    line(head + '─'.repeat(Math.max(0, columns - cells(head))), 'dim'),
    ...lines,
    ...Array.from({ length: most - lines.length }, (): Line => []),
  ];
}

function fieldLine({ role, label, value, typed }: Field, focused: boolean, columns: number): Line {
  const pointer = span(focused ? '› ' : '  ', 'accent');
  if (role === 'button') return [pointer, span(label, focused ? 'selected' : 'strong')];
  const head = [pointer, span(fit(label, LABEL), focused ? 'strong' : 'plain')];
  const room = columns - LABEL - 4;
  if (focused && typed !== undefined) return [...head, ...typedLine(typed, room)];
  return [...head, span(cut(value, room), role === 'textbox' ? 'dim' : 'plain')];
}
