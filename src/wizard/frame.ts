import type { Problem } from '../engine/problem.ts';
import { spinner } from './glyphs.ts';
import { cells, cut, cutLine, fit, type Line, line, paragraph, type Size, span, wrapText } from './line.ts';
import { screenOf } from './press.ts';
import type { Hint } from './screen.ts';
import { SMALLEST } from './smallest.ts';
import type { State } from './state.ts';

/** Rows around a screen: head, rule, notice, rule, foot. */
const AROUND = 5;

/** @returns the whole terminal, line by line: never more lines than rows, none wider than the columns */
export function frameOf(state: State): readonly Line[] {
  const { columns, rows } = state.size;
  if (columns < SMALLEST.columns || rows < SMALLEST.rows) return tooSmall(state.size);
  const size: Size = { columns: columns - 2, rows: rows - AROUND };
  const screen = screenOf(state);
  const body = overlayOf(state, size) ?? screen.lines(state, size);
  const shown = body.slice(0, size.rows);
  const rule = line(` ${'─'.repeat(columns - 2)}`, 'dim');
  const padding = Array.from({ length: size.rows - shown.length }, (): Line => []);
  return [
    headLine(state, columns),
    rule,
    ...[...shown, ...padding].map((each): Line => [span(' '), ...cutLine(each, size.columns)]),
    rule,
    noticeLine(state, columns),
    hintLine(state.help || state.alert ? [{ keys: 'any key', does: 'back' }] : hintsOf(state), columns),
  ].map((each) => cutLine(each, columns));
}

function headLine(state: State, columns: number): Line {
  const title = state.alert ? 'This did not work' : state.help ? 'Help' : screenOf(state).title(state);
  // Where it is matters less than what it is about.
  const place = cut(state.place, Math.max(12, columns - cells(title) - 4));
  return [span(' '), span(fit(title, columns - cells(place) - 3), 'strong'), span(' '), span(place, 'dim')];
}

/** What is awaited, what was said last, or what is searched. */
function noticeLine(state: State, columns: number): Line {
  const { search, busy, notice } = state;
  if (search.typing) return [span(' / ', 'accent'), span(search.text), span(' ', 'selected')];
  if (notice !== '') return [span(` ${cut(notice.replace(/\s+/g, ' '), columns - 2)}`, 'warn')];
  if (busy !== '') return [span(` ${spinner(state.now)} ${busy} …`, 'accent')];
  return search.text === '' ? [] : [span(` / ${search.text}   n next, N before`, 'dim')];
}

function hintsOf(state: State): readonly Hint[] {
  const typing = state.screen === 'questions' && state.form.edit !== undefined;
  const everywhere: readonly Hint[] = typing
    ? []
    : [
        { keys: '?', does: 'help' },
        ...(state.screen === 'run' ? [] : [{ keys: 'q', does: 'save and quit' }]),
      ];
  const own = screenOf(state)
    .hints(state)
    .filter(({ rare }) => rare !== true);
  return [...own.filter(({ keys }) => keys !== 'q'), ...everywhere];
}

/** As many as fit, those for help and quitting always. */
function hintLine(hints: readonly Hint[], columns: number): Line {
  const width = ({ keys, does }: Hint) => cells(keys) + cells(does) + 3;
  const always = hints.filter(({ keys }) => keys === '?' || keys === 'q');
  let room = columns - 1 - always.reduce((sum, hint) => sum + width(hint), 0);
  const shown = hints.filter((hint) => {
    if (always.includes(hint)) return true;
    room -= width(hint);
    return room >= 0;
  });
  return [span(' '), ...shown.flatMap(({ keys, does }) => [span(keys, 'strong'), span(` ${does}  `)])];
}

/** What covers the screen until a key is pressed. */
function overlayOf(state: State, size: Size): readonly Line[] | undefined {
  if (state.alert) return alertLines(state.alert, size.columns);
  return state.help ? helpLines(state, size) : undefined;
}

function alertLines({ what, detail = [], remedy }: Problem, columns: number): readonly Line[] {
  return [
    ...paragraph(`✗ ${what}`, columns, 'bad', '  '),
    ...detail.slice(0, 8).flatMap((each) => paragraph(`  ${each}`, columns, 'dim', '    ')),
    [],
    ...paragraph(`What to do: ${remedy}`, columns),
  ];
}

function helpLines(state: State, size: Size): readonly Line[] {
  const screen = screenOf(state);
  const hints: readonly Hint[] = [
    ...screen.hints(state),
    ...(screen.find ? [{ keys: '/  n  N', does: 'search, next, the one before' }] : []),
    { keys: '↑ ↓ j k PgUp PgDn g G', does: 'move' },
    { keys: 'q', does: 'save and quit; start again at any time, it goes on from there' },
    { keys: 'Ctrl-C', does: 'during a run: once stops after this step, twice at once' },
  ];
  const marks =
    '✓ as wanted   ○ to do   ● drifted or edited by hand   ✗ failed   ≠ other than the document says   + new   ~ changed   ▸ run';
  return [
    ...hints.map(({ keys, does }): Line => [span(fit(keys, 24), 'strong'), span(does)]),
    [],
    ...wrapText(marks, size.columns).map((text) => line(text, 'dim')),
  ];
}

function tooSmall({ columns, rows }: Size): readonly Line[] {
  const words = `This terminal is too small: ${columns} by ${rows}. Make it at least ${SMALLEST.columns} by ${SMALLEST.rows}. Nothing stops meanwhile.`;
  return wrapText(words, columns)
    .slice(0, rows)
    .map((text) => line(cut(text, columns)));
}
