import { count, duration } from '../../output/duration.ts';
import { cutLine, type Line, line, span } from '../kit/line.ts';
import { cells, cut, fit } from '../kit/width.ts';
import { listWindow } from '../kit/window.ts';
import type { ProgressBlock, TailBlock, TreeBlock, TreeRow } from './block.ts';
import { remembered } from './remembered.ts';

/** Rows of an output below a tree, where there is room for them and where there is not. */
const TAIL = { rows: 5, small: 3, from: 14 };

const WHERE = ', w shows them';

export function progressLine({ done, of, warnings, ...estimate }: ProgressBlock, columns: number): Line {
  // What comes after the last change, the proof, is no part of the estimate.
  const time = of > 0 && done === of ? '' : timeWords(estimate);
  const width = Math.max(10, Math.min(40, columns - 30 - cells(time)));
  const filled = of === 0 ? 0 : Math.floor((width * done) / of);
  const percent = of === 0 ? 0 : Math.floor((100 * done) / of);
  const warned = warnings.length === 0 ? '' : `  ${count(warnings.length, 'warning')}`;
  const room = columns - width - cells(` ${percent} %${time}${warned}${WHERE}`);
  return [
    span('█'.repeat(filled), 'good'),
    span('░'.repeat(width - filled), 'dim'),
    span(` ${percent} %${time}`),
    span(warned === '' || room < 0 ? warned : warned + WHERE, 'warn'),
  ];
}

function timeWords({ left, downloads }: Pick<ProgressBlock, 'left' | 'downloads'>): string {
  if (left === undefined) return '';
  // How much longer than estimated, nobody knows.
  if (left === 0) return downloads ? ' · time left depends on downloads' : ' · longer than estimated';
  return ` · about ${duration(left)}${downloads ? ' plus downloads' : ' left'}`;
}

/** As tall as its window: what stands below it stays where it is while rows come and go. */
export const treeLines = remembered(({ rows, selected }: TreeBlock, size) => {
  const all = rows.map((row, index) => treeRow(row, index === selected, size.columns));
  const shown = listWindow(all, selected, size.rows);
  const empty = size.rows === Number.MAX_SAFE_INTEGER ? 0 : Math.max(0, size.rows - shown.length);
  return [...shown, ...Array.from({ length: empty }, (): Line => [])];
});

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
export const tailLines = remembered(({ title, tall, last }: TailBlock, { columns, rows }) => {
  const most = tall ? rows - 1 : rows >= TAIL.from ? TAIL.rows : TAIL.small;
  const head = cut(`──${title === '' ? '' : ` ${title} `}`, columns);
  const lines = last(most).map((each) => line(cut(each, columns), 'dim'));
  return [
    line(head + '─'.repeat(Math.max(0, columns - cells(head))), 'dim'),
    ...lines,
    ...Array.from({ length: most - lines.length }, (): Line => []),
  ];
});
