import { type Key, motionOf, moved } from '../kit/key.ts';
import { bodyOf } from '../kit/window.ts';
import { goBack } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import { lastFrom, logPage } from '../view/log-lines.ts';
import { asked } from './actions.ts';
import type { Screen } from './screen.ts';

interface JournalState {
  /** Whose log; none: all. */
  readonly services: readonly string[];
  readonly lines: readonly string[];
  /** First line shown; `undefined`: the end. */
  readonly from: number | undefined;
}

declare module '../state/state.ts' {
  interface ScreenParts {
    journal: { readonly journal: JournalState };
  }
}

/** What services of the site log, from the end backwards; secrets are masked. */
export const journalScreen: Screen<'journal'> = {
  initial: () => ({ journal: { services: [], lines: [], from: undefined } }),

  title: ({ journal: { services } }) => `Log of ${services.join(', ') || 'all services'}`,

  view: ({ journal }) => ({
    blocks: [
      {
        kind: 'log',
        output: outputOf(journal),
        from: journal.from ?? journal.lines.length,
        file: ['studio-setup logs', ...journal.services].join(' '),
      },
    ],
  }),

  bindings: [
    {
      on: ['r'],
      does: 'reload',
      press: (state, _, dispatch) =>
        asked(state, dispatch, { type: 'service-logs', services: state.journal.services }),
    },
    { on: ['escape'], does: 'back', press: goBack },
    {
      on: ['G', 'end'],
      does: 'go to the end',
      press: (state) => ({ ...state, journal: { ...state.journal, from: undefined } }),
    },
    { on: ['move'], does: 'scroll', hint: 'never', press: scrolled },
  ],

  find: {
    texts: ({ journal }) => journal.lines,
    at: ({ journal }) => journal.from ?? journal.lines.length,
    go: (state, index) => ({ ...state, journal: { ...state.journal, from: index } }),
    hinted: true,
  },
};

function scrolled(state: WizardState, key: Key): WizardState {
  const motion = motionOf(key);
  if (motion === undefined) return state;
  const size = bodyOf(state.size);
  const last = Math.max(0, lastFrom(outputOf(state.journal), size));
  const to = moved(state.journal.from ?? last, motion, last, logPage(size) - 1);
  return { ...state, journal: { ...state.journal, from: to >= last && motion !== 'up' ? undefined : to } };
}

function outputOf({ lines }: JournalState) {
  return { length: lines.length, dropped: 0, slice: (from: number, to: number) => lines.slice(from, to) };
}
