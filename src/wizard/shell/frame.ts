import { spinner } from '../kit/glyphs.ts';
import { cutLine, cutLines, type Line, line, paragraph, type Size, span } from '../kit/line.ts';
import { SMALLEST } from '../kit/smallest.ts';
import { cells, cut, cutStart, fit, wrapText } from '../kit/width.ts';
import { bodyOf } from '../kit/window.ts';
import type { Hint } from '../screens/binding.ts';
import type { WizardState } from '../state/state.ts';
import type { Block, View } from '../view/block.ts';
import { layOut, linesOf } from '../view/layout.ts';
import { screenHints } from './bindings.ts';
import { overlayOf } from './overlay.ts';
import { screenOf } from './screens.ts';

/** What stands at the foot of a key. */
type Keys = Pick<Hint, 'keys' | 'does'>;

/** A whole terminal in its parts, from above. */
export interface FrameParts {
  /** Title and rule. */
  readonly head: readonly Line[];
  readonly view: View;
  /** What the view may take; to its left a column stays free. */
  readonly body: Size;
  /** What is said, and the keys. */
  readonly foot: readonly Line[];
}

/** @returns what stands in a terminal; `undefined` in one that is too small for any of it */
export function framePartsOf(state: WizardState): FrameParts | undefined {
  const { columns } = state.size;
  if (isTooSmall(state.size)) return undefined;
  const body = bodyOf(state.size);
  const overlay = overlayOf(state, screenOf(state));
  const rule = line(` ${'─'.repeat(columns - 2)}`, 'dim');
  const hints = overlay === undefined ? footHints(state) : overlayHints(isLonger(overlay, body));
  return {
    head: [headLine(state, columns), rule].map((each) => cutLine(each, columns)),
    view: overlay === undefined ? screenOf(state).view(state) : { blocks: overlay, scroll: state.overlay },
    body,
    foot: [...noticeLines(state, columns, rule), hintLine(hints, columns)].map((each) =>
      cutLine(each, columns),
    ),
  };
}

/** @returns the whole terminal, line by line: never more lines than rows, none wider than the columns */
export function frameOf(state: WizardState): readonly Line[] {
  const parts = framePartsOf(state);
  if (parts === undefined) return tooSmallLines(state.size);
  const { head, view, body, foot } = parts;
  const shown = layOut(view, body).slice(0, body.rows);
  const padding = Array.from({ length: body.rows - shown.length }, (): Line => []);
  return [
    ...head,
    ...[...shown, ...padding].map((each): Line => [span(' '), ...cutLine(each, body.columns)]),
    ...foot,
  ];
}

function isTooSmall({ columns, rows }: Size): boolean {
  return columns < SMALLEST.columns || rows < SMALLEST.rows;
}

function isLonger(blocks: readonly Block[], { columns, rows }: Size): boolean {
  return linesOf({ blocks }, columns).length > rows;
}

function headLine(state: WizardState, columns: number): Line {
  const title = state.alert ? 'Error' : state.help ? 'Help' : screenOf(state).title(state);
  // Where it is matters less than what it is about.
  const room = columns - cells(title) - 4;
  const place = room < 12 ? '' : cut(state.place, room);
  return [span(' '), span(fit(title, columns - cells(place) - 3), 'strong'), span(' '), span(place, 'dim')];
}

/** Two rows: a rule and what is said below it; what is longer takes the rule's row too. */
function noticeLines(state: WizardState, columns: number, rule: Line): readonly Line[] {
  const { notice, search } = state;
  const words = search.typing ? '' : notice.replace(/\s+/g, ' ');
  if (cells(words) <= columns - 2) return [rule, noticeLine(state, columns)];
  const lines = paragraph(words, columns - 2, 'warn').map((each): Line => [span(' '), ...each]);
  return cutLines(lines, 2, columns - 1);
}

/** What is awaited, what was said last, or what is searched. */
function noticeLine(state: WizardState, columns: number): Line {
  const { search, busy, notice } = state;
  if (search.typing)
    return [span(' / ', 'accent'), span(cutStart(search.text, columns - 5)), span(' ', 'selected')];
  if (notice !== '') return [span(` ${notice.replace(/\s+/g, ' ')}`, 'warn')];
  if (busy !== '') return [span(` ${spinner(state.now)} ${busy} …`, 'accent')];
  const keys = 'n next  N previous  Esc clears';
  return search.text === ''
    ? []
    : [span(` / ${cut(search.text, columns - keys.length - 7)}   ${keys}`, 'dim')];
}

/** @returns what stands at the foot */
export function footHints(state: WizardState): readonly Hint[] {
  return screenHints(state).filter(({ rare }) => !rare);
}

/** Help, as it is written where letters are typed too, and quitting. */
const ALWAYS: ReadonlySet<string> = new Set(['?', 'F1', 'q']);

/** As many as fit, those for help and quitting always. */
function hintLine(hints: readonly Keys[], columns: number): Line {
  const width = ({ keys, does }: Keys) => cells(keys) + cells(does) + 3;
  const always = hints.filter(({ keys }) => ALWAYS.has(keys));
  let room = columns - 1 - always.reduce((sum, hint) => sum + width(hint), 0);
  const shown = hints.filter((hint) => {
    if (always.includes(hint)) return true;
    room -= width(hint);
    return room >= 0;
  });
  return [span(' '), ...shown.flatMap(({ keys, does }) => [span(keys, 'strong'), span(` ${does}  `)])];
}

function overlayHints(longer: boolean): readonly Keys[] {
  return longer
    ? [
        { keys: '↑ ↓', does: 'scroll' },
        { keys: 'any other key', does: 'back' },
      ]
    : [{ keys: 'any key', does: 'back' }];
}

/** @returns what is told where nothing else fits */
export function tooSmallLines({ columns, rows }: Size): readonly Line[] {
  const words = `This terminal is too small: ${columns} by ${rows}. Enlarge it to at least ${SMALLEST.columns} by ${SMALLEST.rows}. A run continues meanwhile.`;
  return wrapText(words, columns)
    .slice(0, rows)
    .map((text) => line(cut(text, columns)));
}
