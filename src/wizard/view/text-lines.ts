import { cutLines, type Line, paragraph, span, type Tone } from '../kit/line.ts';
import { cells, wrapText } from '../kit/width.ts';
import {
  type DiffBlock,
  type DiffLine,
  diffLinesOf,
  type EntryBlock,
  type Mark,
  type NoticeBlock,
  type Paragraph,
  type TextBlock,
} from './block.ts';
import { remembered } from './remembered.ts';

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

/** As many rows of a text as it may take, the last of them saying where the rest is. */
export const textRows = remembered((block: TextBlock, { columns, rows }) => {
  const { most, rest } = block;
  const lines = textLines(block, columns);
  return most === undefined ? lines : cutLines(lines, most === 'rest' ? rows : most, columns, rest);
});

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

/** The mark stands before all of it. */
export function noticeLines({ text }: NoticeBlock, columns: number): readonly Line[] {
  return paragraph(`! ${text}`, columns, 'warn', '  ');
}

/** Long lines of it wrapped; the signs alone tell it without colour. */
export function diffLines(block: DiffBlock, columns: number): readonly Line[] {
  return diffLinesOf(block).flatMap(({ kind, text }) => paragraph(text, columns, DIFF_TONES[kind], '  '));
}

/** In one row where it fits, else what is said of it below. */
export function entryLines(
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
