import { motionOf, moved } from '../key.ts';
import { cut, type Line, line, type Size } from '../line.ts';
import type { Screen } from '../screen.ts';
import type { State } from '../state.ts';

/** What one task said, as it grows; the whole run stands in the log file. */
export const log: Screen = {
  title: (state) => `Log of ${state.run.model.tasks.get(state.log.operation)?.title ?? state.log.operation}`,

  lines(state, size) {
    const ring = ringOf(state);
    const page = pageOf(size);
    const from = state.log.from ?? Math.max(0, ring.length - page);
    const where =
      ring.length === 0
        ? 'It said nothing.'
        : `Lines ${ring.dropped + from + 1} to ${ring.dropped + Math.min(ring.length, from + page)} of ${ring.dropped + ring.length}${state.log.from === undefined ? ', as they come' : ''}. All: ${state.run.model.log}`;
    return [
      line(cut(where, size.columns), 'dim'),
      ...ring.slice(from, from + page).map((each) => textLine(each, size)),
    ];
  },

  hints: () => [
    { keys: 'Esc', does: 'back' },
    { keys: '/', does: 'search' },
    { keys: 'n N', does: 'next, last before' },
    { keys: 'G', does: 'the end, as it grows' },
  ],

  press(state, key) {
    if (key.name === 'escape') return { ...state, screen: state.log.back };
    const motion = motionOf(key);
    if (motion === undefined) return state;
    const page = pageOf({ columns: state.size.columns, rows: state.size.rows - 5 });
    const last = Math.max(0, ringOf(state).length - page);
    const to = moved(state.log.from ?? last, motion, last, page);
    return { ...state, log: { ...state.log, from: to >= last && motion !== 'up' ? undefined : to } };
  },

  find: {
    texts: (state) => ringOf(state).slice(0, ringOf(state).length),
    at: (state) => state.log.from ?? ringOf(state).length,
    go: (state, index) => ({ ...state, log: { ...state.log, from: index } }),
  },
};

const NOTHING = { length: 0, dropped: 0, slice: (): readonly string[] => [] };

function ringOf(state: State) {
  return state.run.model.tasks.get(state.log.operation)?.log ?? NOTHING;
}

function pageOf({ rows }: Size): number {
  return Math.max(1, rows - 1);
}

function textLine(text: string, { columns }: Size): Line {
  return line(cut(text, columns), text.startsWith('$ ') ? 'strong' : 'plain');
}
