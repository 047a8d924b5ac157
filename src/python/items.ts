import type { Edit } from '../text/edits.ts';
import type { Brackets, Item } from './brackets.ts';
import type { LiteralStyle } from './literal.ts';
import { blockStyle, indentUnit, styleOf } from './style.ts';
import { edited, type PythonModule } from './syntax.ts';
import { indentOf, lineEnd, lineStart, nextLine, startsLine } from './text.ts';

/** Adds a last item, laid out and quoted by the last one's example; `render` gets the style and gives the item's source. */
export function addItem(
  module: PythonModule,
  brackets: Brackets,
  render: (style: LiteralStyle) => string,
): PythonModule {
  const slot = slotBehindLast(module, brackets);
  const example = styleOf(module, brackets.items.at(-1)?.nodes[0]);
  const style = { lineBreak: module.lineBreak, quote: example.quote };
  const item = render(slot.indent === undefined ? style : blockStyle(module, style, slot.indent));
  return edited(module, slot.edits(item));
}

/** Where a new last item goes, and whether on a line of its own (indented by `indent`). */
interface Slot {
  readonly indent?: string;
  edits(item: string): Edit[];
}

/** Finds how the brackets are laid out, comments and commas included. */
function slotBehindLast(module: PythonModule, { open, close, items }: Brackets): Slot {
  const { text, lineBreak } = module;
  const last = items.at(-1);
  const insert = (at: number, content: string): Edit => ({ start: at, end: at, text: content });
  if (last === undefined) {
    // Empty brackets over several lines may hold comments; the item goes on a line above the closing one.
    if (!startsLine(text, close.from)) return { edits: (item) => [insert(close.from, item)] };
    const indent = indentOf(text, open.from) + indentUnit(module);
    return {
      indent,
      edits: (item) => [insert(lineStart(text, close.from), `${indent}${item},${lineBreak}`)],
    };
  }
  const end = last.comma?.to ?? last.to;
  const comma = last.comma === undefined ? [insert(last.to, ',')] : [];
  const trailing = last.comma === undefined ? '' : ',';
  if (!startsLine(text, last.from))
    return { edits: (item) => [...comma, insert(end, ` ${item}${trailing}`)] };
  const indent = indentOf(text, last.from);
  const remainder = text.slice(end, lineEnd(text, end)).trim();
  const at = remainder === '' || remainder.startsWith('#') ? lineEnd(text, end) : end;
  return { indent, edits: (item) => [...comma, insert(at, `${lineBreak}${indent}${item}${trailing}`)] };
}

/** Takes one item out, with its comma and, where nothing else is on it, its line. Comments stay. */
export function removeItem({ text }: PythonModule, { kind, open, items }: Brackets, index: number): Edit {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no item ${index}`);
  const remove = (start: number, end: number): Edit => ({ start, end, text: '' });
  const [before, next] = [items[index - 1], items[index + 1]];
  const end = item.comma?.to ?? item.to;
  const rest = text.slice(end, lineEnd(text, end));
  const nextOnLine = next !== undefined && next.from < lineEnd(text, end);
  if (nextOnLine) return remove(item.from, next.from);
  if (startsLine(text, item.from)) {
    if (rest.trim() === '') return remove(lineStart(text, item.from), nextLine(text, end));
    if (rest.trim().startsWith('#')) return remove(item.from, end + rest.indexOf('#'));
    return remove(item.from, end);
  }
  const behind = before?.comma ?? open;
  // The comma before the last item goes too, but it is what makes a tuple of one.
  if (item.comma === undefined && before !== undefined && kind !== 'tuple') return remove(before.to, end);
  return remove(behind.to, end);
}

/** The comma that keeps a tuple of one item a tuple, where `removed` left none behind it. */
export function tupleComma({ kind, items }: Brackets, removed: Item): Edit[] {
  const left = items.filter((item) => item !== removed);
  const [only] = left;
  if (kind !== 'tuple' || left.length !== 1 || only === undefined || only.comma !== undefined) return [];
  return [{ start: only.to, end: only.to, text: ',' }];
}
