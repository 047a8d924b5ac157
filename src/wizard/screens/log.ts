import { type Key, motionOf, moved } from '../kit/key.ts';
import { bodyOf } from '../kit/window.ts';
import { goBack } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import { lastFrom, logPage } from '../view/log-lines.ts';
import type { Screen } from './screen.ts';

interface LogState {
  /** Of a step or a section. */
  readonly id: string;
  /** First line shown; `undefined`: the end, as it grows. */
  readonly from: number | undefined;
}

declare module '../state/state.ts' {
  interface ScreenParts {
    log: { readonly log: LogState };
  }
}

/** What one step said, or all steps of a section, as it grows; the whole run stands in the log file. */
export const logScreen: Screen<'log'> = {
  initial: () => ({ log: { id: '', from: undefined } }),

  title: ({ run: { model }, log: { id } }) => {
    const section = model.sections.find((each) => each.id === id);
    return `Log of ${model.steps.get(id)?.title ?? section?.title ?? id}`;
  },

  view: (state) => ({
    blocks: [{ kind: 'log', output: outputOf(state), from: state.log.from, file: state.run.model.log }],
  }),

  bindings: [
    { on: ['escape'], does: 'back', press: goBack },
    {
      on: ['G', 'end'],
      does: 'follow the end',
      press: (state) => ({ ...state, log: { ...state.log, from: undefined } }),
    },
    { on: ['move'], does: 'scroll', hint: 'never', press: scrolled },
  ],

  find: {
    texts: (state) => outputOf(state).slice(0, outputOf(state).length),
    at: (state) => state.log.from ?? outputOf(state).length,
    go: (state, index) => ({ ...state, log: { ...state.log, from: index } }),
    hinted: true,
  },
};

function scrolled(state: WizardState, key: Key): WizardState {
  const motion = motionOf(key);
  if (motion === undefined) return state;
  const size = bodyOf(state.size);
  const last = lastFrom(outputOf(state), size);
  const to = moved(state.log.from ?? last, motion, last, logPage(size) - 1);
  return { ...state, log: { ...state.log, from: to >= last && motion !== 'up' ? undefined : to } };
}

const NOTHING = { length: 0, dropped: 0, slice: (): readonly string[] => [] };

function outputOf(state: WizardState) {
  return state.run.model.logOf(state.log.id) ?? NOTHING;
}
