import { cutLines, type Line, line, paragraph, type Size, type StyledText, span } from '../kit/line.ts';
import { typedLine } from '../kit/typed-line.ts';
import { cells, cut, fit, wrapText } from '../kit/width.ts';
import { listWindow } from '../kit/window.ts';
import type { FormBlock, FormField } from './block.ts';
import { remembered } from './remembered.ts';
import { textLines } from './text-lines.ts';

/** From so many rows on there is room for what the form is for. */
const ROOMY = 14;

/** The help has what a list of one row each leaves, and half of the rows in any case. */
export const formLines = remembered((block: FormBlock, size) => {
  const { columns } = size;
  const head = headLines(block, size);
  const rule = line('─'.repeat(columns), 'dim');
  const help = textLines(block.help, columns - 2);
  const rows = size.rows - head.length - 1;
  const forHelp = Math.min(help.length, Math.max(Math.ceil(rows / 2), rows - block.fields.length));
  const list = fieldsIn(block, { columns, rows: rows - forHelp });
  return [...head, ...list, rule, ...cutLines(help, rows - list.length, columns, block.help.rest)];
});

/** @returns the rows whose words are cut where each has one row; not what somebody typed, which may be of any length */
export function longFields(fields: readonly FormField[], columns: number): readonly FormField[] {
  const room = columns - labelColumns(fields, columns) - 6;
  return fields.filter(
    ({ role, mark, value }) => role !== 'textbox' && mark !== undefined && cells(value) > room,
  );
}

function headLines({ name, about }: FormBlock, { columns, rows }: Size): readonly Line[] {
  const title = line(name, 'strong');
  return rows < ROOMY ? [title] : [title, ...cutLines(paragraph(about, columns, 'dim'), 2, columns), []];
}

/** Each in full where there is room for that; else in one row each, but for the focused one. */
function fieldsIn({ fields, focused }: FormBlock, { columns, rows }: Size): readonly Line[] {
  const width = labelColumns(fields, columns);
  const room = { columns, width };
  const whole = fields.map((field, index) => fieldLines(field, index === focused, { ...room, most: rows }));
  if (whole.flat().length <= rows) return whole.flat();
  // Two rows may be taken by the marks.
  const most = Math.max(1, rows - 2);
  const short = fields.map((field, index) =>
    fieldLines(field, index === focused, { ...room, most: index === focused ? most : 1 }),
  );
  return listWindow(short, focused, rows);
}

/** As many as the longest label takes: values get the rest. Not more than leaves a value its room: longer labels are wrapped. */
function labelColumns(fields: readonly FormField[], columns: number): number {
  const longest = Math.max(0, ...fields.filter(({ mark }) => mark).map((field) => cells(labelOf(field))));
  return Math.min(longest, Math.min(34, Math.floor(columns * 0.42)) - 2);
}

/** What belongs to a group stands below it. */
function labelOf({ label, below }: FormField): string {
  return below ? `  ${label}` : label;
}

/**
 * @param room `width`: columns of the labels; `most`: rows that it may take, what does not fit them is cut, and says so
 * @returns a mark, what it is, and beside it what is answered
 */
function fieldLines(
  field: FormField,
  focused: boolean,
  { columns, width, most }: { readonly columns: number; readonly width: number; readonly most: number },
): readonly Line[] {
  const { label, strong, mark } = field;
  const pointer = span(focused ? '› ' : '  ', 'accent');
  const tone = focused ? 'selected' : strong ? 'strong' : 'plain';
  if (mark === undefined)
    return [[pointer, span(label, tone), span(field.value === '' ? '' : `  ${field.value}`, field.tone)]];
  const room = columns - width - 6;
  const named = labelOf(field);
  const labels = most === 1 ? [cut(named, width)] : wrapText(named, width, field.below ? '  ' : '');
  const values = cutLines(valueLines(field, room, most), most, room);
  const before = (index: number): readonly StyledText[] =>
    index === 0 ? [pointer, span(`${mark.sign} `, mark.tone)] : [span('    ')];
  return Array.from({ length: Math.max(labels.length, values.length) }, (_, index): Line => {
    const text = labels[index];
    return [
      ...before(index),
      span(fit(text ?? '', width), text === undefined ? 'plain' : tone),
      span('  '),
      ...(values[index] ?? []),
    ];
  });
}

function valueLines(
  { value, tone, source = '', typed }: FormField,
  columns: number,
  most: number,
): readonly Line[] {
  if (typed !== undefined) return [typedLine(typed, columns)];
  if (value === '') return [];
  if (source === '') return paragraph(value, columns, tone);
  // In one row the value comes first: where it comes from is told again once the row is focused.
  if (most === 1 && cells(value) + 2 + cells(source) > columns) return [line(cut(value, columns), tone)];
  const values = paragraph(value, columns, tone);
  const last = values.at(-1) ?? [];
  const used = last.reduce((sum, { text }) => sum + cells(text), 0);
  return used + 2 + cells(source) <= columns
    ? [...values.slice(0, -1), [...last, span(`  ${source}`, 'dim')]]
    : [...values, ...paragraph(source, columns, 'dim')];
}
