import type { Problem } from '../../output/problem.ts';
import { MOTION_KEYS } from '../kit/key.ts';
import { type Line, line, paragraph, span } from '../kit/line.ts';
import { cells, fit, wrapText } from '../kit/width.ts';
import type { Hint } from '../screens/binding.ts';
import type { Screen } from '../screens/screen.ts';
import type { WizardState } from '../state/state.ts';
import { linesOf } from '../view/layout.ts';
import { screenHints } from './bindings.ts';

/** Columns of the keys in the help. */
const KEYS = 24;

/** @returns what covers the screen until a key is pressed: what went wrong, or the help */
export function overlayOf(state: WizardState, screen: Screen, columns: number): readonly Line[] | undefined {
  if (state.alert) return alertLines(state.alert, columns);
  return state.help ? helpLines(state, screen, columns) : undefined;
}

function alertLines({ what, detail = [], remedy }: Problem, columns: number): readonly Line[] {
  return [
    ...paragraph(`✗ ${what}`, columns, 'bad', '  '),
    ...detail.flatMap((each) => paragraph(`  ${each}`, columns, 'dim', '    ')),
    [],
    ...paragraph(`What to do: ${remedy}`, columns),
  ];
}

const MARKS = [
  '✓ up to date',
  '○ to do',
  '● drifted or edited by hand',
  '✗ failed',
  '≠ other than the document says',
  '+ new',
  '~ changed',
  '▸ run',
] as const;

/** @returns the marks in as few rows as they fit in, none apart from its meaning */
function marksIn(columns: number): readonly Line[] {
  const rows: string[] = [];
  for (const mark of MARKS) {
    const last = rows.at(-1);
    if (last !== undefined && cells(last) + 3 + cells(mark) <= columns)
      rows[rows.length - 1] = `${last}   ${mark}`;
    else rows.push(mark);
  }
  return rows.map((row) => line(row, 'dim'));
}

/** On the screen of a run it is a key of its own. */
const INTERRUPT = { keys: 'Ctrl-C', help: 'during a run: once stops after this step, twice at once' };

function helpLines(state: WizardState, screen: Screen, columns: number): readonly Line[] {
  const about = linesOf({ blocks: screen.about?.(state) ?? [] }, columns);
  const own = screenHints(state);
  const hints: readonly Pick<Hint, 'keys' | 'help'>[] = [
    ...own.filter(({ keys }) => keys !== '?' && keys !== 'q'),
    { keys: MOTION_KEYS, help: 'move' },
    ...own.filter(({ keys }) => keys === 'q'),
    ...(own.some(({ keys }) => keys === 'Ctrl-C') ? [] : [INTERRUPT]),
  ];
  return [
    ...about,
    ...(about.length === 0 ? [] : [[]]),
    ...hints.flatMap(({ keys, help }) =>
      wrapText(help, columns - KEYS).map((text, index) => [
        span(fit(index === 0 ? keys : '', KEYS), 'strong'),
        span(text),
      ]),
    ),
    [],
    ...marksIn(columns),
  ];
}
