import type { Emit } from '../engine/events.ts';
import type { Node } from '../engine/graph.ts';
import { reporterFor } from '../reporters/choose.ts';
import { type About, executeRun, type RunResult } from './execute-run.ts';
import type { Session } from './session.ts';
import { STOPPING, type Stop } from './signals.ts';

/**
 * Carries out a run and draws it as the options say: tree, lines or JSON. The caller holds the lock.
 * @param about what `undo` is told of it
 * @param onEvent hears each event before it is drawn
 */
export async function runAndDraw(
  session: Session,
  nodes: readonly Node[],
  stop: Stop,
  about: About,
  onEvent: Emit = () => {},
): Promise<RunResult> {
  const front = await reporterFor(session.options);
  if (front.note) stop.watch(() => stop.stopping() && front.note?.(STOPPING));
  const draw: Emit = (event) => {
    onEvent(event);
    front.emit(event);
  };
  return executeRun(session, nodes, stop, draw, about).finally(() => front.end());
}
