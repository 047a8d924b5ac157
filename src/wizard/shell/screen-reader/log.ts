import { log } from '../../screens/log.ts';
import type { State } from '../../state/state.ts';
import { bodyOf } from '../../kit/window.ts';
import { EVERYTHING, type Said, saidLines } from './item.ts';

/** Lines that are said of an output that goes on. */
const LAST = 8;

/** The last lines, and each that comes; after an arrow the page that the operator went to. */
export function logSaid(state: State): readonly Said[] {
  const follows = state.log.from === undefined;
  // One row is the head, which counts lines: it would be said with each.
  const rows = follows ? LAST + 1 : bodyOf(state.size).rows;
  const [, ...lines] = log.lines(state, { columns: EVERYTHING.columns, rows });
  if (lines.length === 0) return [{ text: 'It said nothing yet.' }];
  return saidLines(lines);
}
