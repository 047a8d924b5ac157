import { type Key, motionOf, moved } from '../kit/key.ts';
import { cutLines, type Line, line, paragraph, type Size } from '../kit/line.ts';
import { cut } from '../kit/width.ts';
import { bodyOf } from '../kit/window.ts';
import { goBack } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import type { Screen } from './screen.ts';

/** What one step said, as it grows; the whole run stands in the log file. */
export const logScreen: Screen = {
  title: (state) => `Log of ${state.run.model.steps.get(state.log.operation)?.title ?? state.log.operation}`,

  lines(state, size) {
    const ring = ringOf(state);
    const page = pageOf(size);
    if (ring.length === 0) return [line('It said nothing.', 'dim')];
    const last = lastFrom(state, size);
    const from = Math.min(state.log.from ?? last, last);
    const shown = ring.slice(from, from + page).map((each) => textLines(each, size));
    let rows = 0;
    const whole = shown.filter((each) => {
      rows += each.length;
      return rows <= page;
    }).length;
    const to = from + Math.max(1, whole);
    const where = `Lines ${ring.dropped + from + 1} to ${ring.dropped + to} of ${ring.dropped + ring.length}${state.log.from === undefined ? ', as they come' : ''}. All: ${state.run.model.log}`;
    return [line(cut(where, size.columns), 'dim'), ...shown.flat().slice(0, page)];
  },

  bindings: [
    { on: ['escape'], does: 'back', press: goBack },
    {
      on: ['G', 'end'],
      does: 'the end, as it grows',
      press: (state) => ({ ...state, log: { ...state.log, from: undefined } }),
    },
    { on: ['move'], does: 'scroll', hint: 'never', press: scrolled },
  ],

  find: {
    texts: (state) => ringOf(state).slice(0, ringOf(state).length),
    at: (state) => state.log.from ?? ringOf(state).length,
    go: (state, index) => ({ ...state, log: { ...state.log, from: index } }),
    hinted: true,
  },
};

function scrolled(state: WizardState, key: Key): WizardState {
  const motion = motionOf(key);
  if (motion === undefined) return state;
  const size = bodyOf(state.size);
  const last = lastFrom(state, size);
  const to = moved(state.log.from ?? last, motion, last, pageOf(size) - 1);
  return { ...state, log: { ...state.log, from: to >= last && motion !== 'up' ? undefined : to } };
}

const NOTHING = { length: 0, dropped: 0, slice: (): readonly string[] => [] };

function ringOf(state: WizardState) {
  return state.run.model.steps.get(state.log.operation)?.log ?? NOTHING;
}

function pageOf({ rows }: Size): number {
  return Math.max(1, rows - 1);
}

/** @returns the first line of the last page: as many from the end as fit with all their rows */
function lastFrom(state: WizardState, size: Size): number {
  const ring = ringOf(state);
  const page = pageOf(size);
  const tail = ring.slice(Math.max(0, ring.length - page), ring.length);
  let rows = 0;
  const fitting = tail.toReversed().findIndex((each) => {
    rows += textLines(each, size).length;
    return rows > page;
  });
  return ring.length - Math.max(1, fitting < 0 ? tail.length : fitting);
}

/** In full, but for a line that is taller than the whole page: that one is read in the log file. */
function textLines(text: string, size: Size): readonly Line[] {
  const lines = paragraph(text, size.columns, text.startsWith('$ ') ? 'strong' : 'plain');
  return cutLines(lines, pageOf(size), size.columns);
}
