import { type Line, type Size, span } from '../kit/line.ts';
import { typedLine } from '../kit/typed-line.ts';
import { cut, fit, wrapText } from '../kit/width.ts';
import { listWindow } from '../kit/window.ts';
import type { Field, FieldsBlock, ListBlock } from './block.ts';
import { remembered } from './remembered.ts';

/** Columns of what a field is called. */
const LABEL = 20;
/** Rows of a small screen that are left to what is said below of the focused field. */
const HELP = 2;

/** A window around the selected one. */
export const listLines = remembered((block: ListBlock, { columns, rows }) =>
  listWindow(itemLines(block, columns), block.selected, rows),
);

function itemLines({ items, selected }: ListBlock, columns: number): readonly (readonly Line[])[] {
  return items.map(({ text, over }, index) => {
    const tone = index === selected ? 'selected' : over ? 'dim' : 'plain';
    return wrapText(text, columns - 2, '  ').map((each, row) => [
      span(index === selected && row === 0 ? '› ' : '  ', 'accent'),
      span(each, tone),
    ]);
  });
}

/** A row for each; where there is no room for all, a window around the focused one. */
export function fieldsLines({ fields, focused }: FieldsBlock, { columns, rows }: Size): readonly Line[] {
  const lines = fields.map((field, index) => [fieldLine(field, index === focused, columns)]);
  return listWindow(lines, focused, Math.max(1, rows - HELP));
}

function fieldLine({ role, label, value, typed }: Field, focused: boolean, columns: number): Line {
  const pointer = span(focused ? '› ' : '  ', 'accent');
  if (role === 'button') return [pointer, span(label, focused ? 'selected' : 'strong')];
  const head = [pointer, span(fit(label, LABEL), focused ? 'strong' : 'plain')];
  const room = columns - LABEL - 4;
  if (focused && typed !== undefined) return [...head, ...typedLine(typed, room)];
  return [...head, span(cut(value, room), role === 'textbox' ? 'dim' : 'plain')];
}
