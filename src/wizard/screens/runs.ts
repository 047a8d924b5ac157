import type { ListedRun } from '../../app/listed-runs.ts';
import { clean } from '../../output/clean.ts';
import { count } from '../../output/duration.ts';
import { localTime } from '../../output/local-time.ts';
import { isUndoable } from '../../undo/target.ts';
import { type Key, motionOf, moved } from '../kit/key.ts';
import type { Dispatch } from '../state/intent.ts';
import { goBack } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import { GAP, text } from '../view/block.ts';
import { asked } from './actions.ts';
import type { Screen } from './screen.ts';

declare module '../state/state.ts' {
  interface ScreenParts {
    runs: { readonly runs: { readonly rows: readonly ListedRun[]; readonly selected: number } };
  }
}

type Listed = WizardState['runs']['rows'][number];

const STATES: Readonly<Record<Listed['state'], string>> = {
  done: '',
  undone: ', undone',
  'cut off': ', not finished',
};

const SEVERAL =
  'An install that was interrupted is several runs. To undo all of it, undo the newest run first.';

/** The runs that changed something, newest first; one is chosen to be undone. */
export const runsScreen: Screen<'runs'> = {
  initial: () => ({ runs: { rows: [], selected: 0 } }),

  title: ({ runs: { rows } }) => `Undo a run: ${count(rows.length, 'run')} changed something`,

  view({ runs: { rows, selected } }) {
    if (rows.length === 0) return { blocks: [text('No run has changed anything on this server yet.')] };
    return {
      blocks: [
        text('Enter shows what undoing the run would restore.', { tone: 'dim' }),
        // Over two rows where it needs them: what a run is undone with, or that it can't be, stands at its end.
        { kind: 'list', items: rows.map((row) => ({ text: textOf(row), over: isOver(row) })), selected },
        ...(rows.some(({ state }) => state === 'cut off') ? [GAP, text(SEVERAL, { tone: 'dim' })] : []),
      ],
    };
  },

  bindings: [
    { on: ['enter'], does: 'show', press: showRun },
    {
      on: ['move'],
      does: 'move',
      press(state, key) {
        const { rows, selected } = state.runs;
        const motion = motionOf(key);
        if (motion === undefined || rows.length === 0) return state;
        return { ...state, runs: { rows, selected: moved(selected, motion, rows.length - 1, 8) } };
      },
    },
    { on: ['escape'], does: 'back', press: goBack },
  ],

  find: {
    texts: (state) => state.runs.rows.map(textOf),
    at: (state) => state.runs.selected,
    go: (state, index) => ({ ...state, runs: { ...state.runs, selected: index } }),
  },
};

/** @returns the list as it opens: on the first run that can be undone */
export function listedRuns(rows: readonly ListedRun[]): WizardState['runs'] {
  return {
    rows,
    selected: Math.max(
      0,
      rows.findIndex((row) => !isOver(row)),
    ),
  };
}

function showRun(state: WizardState, _: Key, dispatch: Dispatch): WizardState {
  const row = state.runs.rows[state.runs.selected];
  if (row === undefined) return state;
  return asked(state, dispatch, { type: 'task', request: { kind: 'undo', run: row.record.number } });
}

function textOf({ record, state, changes }: Listed): string {
  const { number, at, command } = record;
  const again = isUndoable(record) ? '' : ' (not undoable)';
  return clean(
    `${Number(number)}  ${localTime(at)}  ${command}, ${count(changes, 'change')}${STATES[state]}${again}`,
  );
}

/** Enter only tells why not. */
function isOver({ record, state }: Listed): boolean {
  return state === 'undone' || !isUndoable(record);
}
