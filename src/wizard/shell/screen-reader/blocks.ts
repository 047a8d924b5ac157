import { clean } from '../../../output/clean.ts';
import { bodyOf } from '../../kit/window.ts';
import {
  type Block,
  type DiffLine,
  diffLinesOf,
  type Field,
  type FormBlock,
  type FormField,
  type ListEntry,
  type LogBlock,
  type Mark,
  type OutlineBlock,
  type OutlineItem,
  type ProgressBlock,
  type SplitBlock,
  type TreeBlock,
  type View,
} from '../../view/block.ts';
import { outlineAt, outlineRows } from '../../view/outline-lines.ts';
import { SAID_COLUMNS, type ScreenReaderItem } from './item.ts';
import { inScreenReaderWords, keyWords } from './words.ts';

/** Lines of a long text that are said at once; with arrows it is read on. */
const PAGE = 30;

/** Lines that are said of an output that goes on. */
const LAST = 8;
/** Percent from which on progress is said again. */
const STEP = 10;

/** What a mark says; the others only set texts apart. */
const MARKS: Readonly<Partial<Record<Mark, string>>> = {
  done: 'Done: ',
  failed: 'Failed: ',
  warning: 'Note: ',
  command: 'Command: ',
};

/**
 * @param rows of an output that are said, where it does not go on
 * @returns what a screen shows, as it is said: one item for each paragraph, thing or line
 */
export function viewItems({ blocks, scroll }: View, rows: number): readonly ScreenReaderItem[] {
  const items = blocks.flatMap((block) => blockItems(block, rows));
  if (scroll === undefined || items.length <= PAGE) return items.filter(({ text }) => text !== '');
  // The last page is full, wherever the keys went.
  const from = Math.min(scroll, items.length - PAGE);
  return [
    ...items.slice(from, from + PAGE).filter(({ text }) => text !== ''),
    { text: 'More below: press Down or PgDn.' },
  ];
}

export function blockItems(block: Block, rows = PAGE): readonly ScreenReaderItem[] {
  switch (block.kind) {
    case 'text':
      return block.paragraphs
        .filter(({ whileTyped }) => !whileTyped)
        .map(({ text, told, mark }) => ({
          text: `${(mark && MARKS[mark]) ?? ''}${inScreenReaderWords(told ?? text)}`,
        }));
    case 'list':
      return block.items.map(({ text }, index) => ({
        text: inScreenReaderWords(text),
        role: 'listitem',
        ...(index === block.selected ? { states: ['selected'] as const } : {}),
      }));
    case 'diff':
      return diffLinesOf(block).map((each) => ({ text: diffWords(each) }));
    case 'notice':
      return [{ text: `Note: ${inScreenReaderWords(block.text)}` }];
    case 'entry':
      return [{ text: entryWords(block.entry) }];
    case 'log':
      return logItems(block, rows);
    case 'columns':
      return [...blockItems(block.left, rows), ...blockItems(block.right, rows)];
    case 'split':
      return splitItems(block);
    case 'tree':
      return treeItems(block);
    case 'fields':
      return block.fields.map((field, index) => fieldItem(field, index === block.focused));
    case 'form':
      return formItems(block);
    case 'outline':
      return outlineItems(block);
    case 'facts':
      return block.facts.map(({ label, value }) => ({ text: `${label}: ${inScreenReaderWords(value)}` }));
    case 'keys':
      return block.keys.map(({ keys, help }) => ({
        text: `${keyWords(keys)}: ${inScreenReaderWords(help)}`,
      }));
    case 'progress':
      return progressItems(block);
    // The words stand with each thing that a mark is for.
    case 'legend':
    case 'tail':
    case 'gap':
    case 'rule':
      return [];
  }
}

/** Signs stand right before the text, which may begin with a space or a sign itself. */
function diffWords({ kind, text }: DiffLine): string {
  const rest = inScreenReaderWords(text.slice(1));
  switch (kind) {
    case 'added':
      return rest === '' ? '' : `Added: ${rest}`;
    case 'removed':
      return rest === '' ? '' : `Removed: ${rest}`;
    case 'place':
      return `From line ${/^@@ -(\d+)/.exec(text)?.[1] ?? '1'}`;
    case 'same':
      return inScreenReaderWords(text);
  }
}

function entryWords({ word, title, note }: ListEntry): string {
  return `${word === '' ? '' : `${word}: `}${inScreenReaderWords(title)}${note === '' ? '' : `, ${inScreenReaderWords(note)}`}`;
}

/** The last lines, and each that comes; after an arrow the page that the operator went to. */
function logItems({ output, from }: LogBlock, rows: number): readonly ScreenReaderItem[] {
  if (output.length === 0) return [{ text: 'No output yet.' }];
  const last = Math.max(0, output.length - rows);
  const first = from === undefined ? Math.max(0, output.length - LAST) : Math.min(from, last);
  return output
    .slice(first, from === undefined ? output.length : first + rows)
    .map((line) => ({ text: inScreenReaderWords(line) }))
    .filter(({ text }) => text !== '');
}

/** The things as they become known, and what the selected one is about; scrolled, all of its details. */
function splitItems(block: SplitBlock): readonly ScreenReaderItem[] {
  const { name, one, entries, selected, details, brief, busy, scroll } = block;
  const items = entries.flatMap((entry, index): readonly ScreenReaderItem[] => {
    if (entry.unknown && index !== selected) return [];
    const text = `${inScreenReaderWords(entry.title)}: ${entry.word}`;
    return [{ role: 'listitem', text, states: index === selected ? ['selected'] : [] }];
  });
  return [
    { role: 'list', text: name, items },
    ...(busy === undefined ? [] : [{ text: busy, states: ['busy' as const] }]),
    { text: `${one} ${selected + 1} of ${entries.length}` },
    ...(scroll === undefined
      ? brief.map((each) => ({ text: inScreenReaderWords(each) }))
      : details.flatMap((each) => blockItems(each))),
  ];
}

function progressItems({ done, of, warnings, stopping }: ProgressBlock): readonly ScreenReaderItem[] {
  const percent = of === 0 ? 0 : Math.floor((100 / STEP) * (done / of)) * STEP;
  return [
    ...(stopping === undefined ? [] : [{ text: inScreenReaderWords(stopping) }]),
    { role: 'progressbar', text: `${percent} %` },
    ...warnings.map((each) => ({ text: `Note: ${inScreenReaderWords(each)}` })),
  ];
}

/** What happened; and the row that the operator went to. */
function treeItems({ name, rows, selected, told, chosen }: TreeBlock): readonly ScreenReaderItem[] {
  const items = told.map(({ text, busy }): ScreenReaderItem => {
    return { role: 'listitem', text: inScreenReaderWords(text), states: busy ? ['busy'] : [] };
  });
  const row = chosen ? rows[selected] : undefined;
  return [
    { role: 'list', text: name, items },
    ...(row === undefined
      ? []
      : [{ role: 'listitem' as const, text: entryWords(row), states: ['selected' as const] }]),
  ];
}

/** What is being typed is said last, character by character: here it is only named. */
function fieldItem({ role, label, value, typed, secret }: Field, focused: boolean): ScreenReaderItem {
  const isTyping = focused && typed !== undefined;
  const said = secret && value !== '' ? 'given' : inScreenReaderWords(value) || 'none';
  const text = role === 'button' || isTyping ? label : `${label}, ${said}`;
  return { role, text, states: focused ? ['selected'] : [] };
}

/** What the form is for, its rows, and what the focused one wants. */
function formItems({ name, about, fields, focused, help }: FormBlock): readonly ScreenReaderItem[] {
  const items = fields.map(({ role, told, states }, index): ScreenReaderItem => {
    return { role, text: told, states: [...(index === focused ? (['selected'] as const) : []), ...states] };
  });
  return [
    { text: about },
    { role: 'list', text: name, items },
    ...choiceItems(fields[focused]),
    ...blockItems(help),
  ];
}

function choiceItems(field: FormField | undefined): readonly ScreenReaderItem[] {
  if (field?.choices === undefined) return [];
  const items = field.choices.map(({ label, chosen }): ScreenReaderItem => {
    return { role: 'radio', text: label, states: chosen ? ['checked'] : [] };
  });
  return [{ role: 'radiogroup', text: 'Choices, Space selects the next', items }];
}

/** The things that are not below another, and of the rest the selected one: the arrows read it, row by row. */
function outlineItems(block: OutlineBlock): readonly ScreenReaderItem[] {
  const rows = outlineRows(block.items, bodyOf({ columns: SAID_COLUMNS, rows: 0 }).columns);
  const at = outlineAt(block, rows);
  const said = rows.flatMap((row, index): readonly ScreenReaderItem[] => {
    const item = block.items[row.item];
    const selected = index === at;
    const before = rows[index - 1];
    // What takes several rows is said once, or where the selected one of them stands.
    const again = before?.item === row.item && before.part === row.part;
    if (item === undefined || (again && !selected)) return [];
    const beside = item.below || (row.part !== undefined && item.head !== undefined);
    if (beside && !selected && !block.told) return [];
    const text = row.part === undefined ? headWords(item) : (blockItems(row.part)[0]?.text ?? '');
    const open = row.part === undefined && item.head?.open === true;
    const states = [...(selected ? (['selected'] as const) : []), ...(open ? (['expanded'] as const) : [])];
    return text === '' ? [] : [{ role: 'listitem', text, states }];
  });
  return [
    { role: 'list', text: block.name, items: said },
    ...(at < 0 ? [] : [{ text: `Line ${at + 1} of ${rows.length}` }]),
  ];
}

function headWords({ head }: OutlineItem): string {
  if (head === undefined) return '';
  const { word, title, note, marks } = head;
  const words = [title, note, ...marks.map(({ text }) => text)].filter((each) => each !== '');
  return `${word === '' ? '' : `${word}: `}${words.map(inScreenReaderWords).join(', ')}`;
}

/** @returns the text that is typed, and why Enter refused it; a secret is not said, not even its length */
export function typedItems({ blocks }: View): readonly ScreenReaderItem[] {
  return blocks.flatMap((block): readonly ScreenReaderItem[] => {
    if (block.kind !== 'fields' && block.kind !== 'form') return [];
    const field: Field | FormField | undefined = block.fields[block.focused];
    if (field?.typed === undefined) return [];
    const { label, typed, refused, secret } = field;
    const states = 'states' in field ? field.states : [];
    const answer = secret ? 'hidden while you type: ' : `your answer: ${typed.before}${typed.after}`;
    return [
      ...(refused === undefined ? [] : [{ text: `Refused: ${clean(refused)}` }]),
      { role: 'textbox', text: `${label}, ${answer}`, states },
    ];
  });
}
