import type { Emit } from '../engine/events.ts';
import type { Node } from '../engine/graph.ts';
import { frontEnd } from '../reporters/choose.ts';
import { type About, type Carried, carryOut } from './execute-run.ts';
import type { Session } from './session.ts';
import { STOPPING, type Stop } from './signals.ts';

/**
 * Carries out a run and draws it as the options say: tree, lines or JSON. The caller holds the lock.
 * @param about what `undo` is told of it
 * @param heed hears each event before it is drawn
 */
export async function drawn(
  session: Session,
  nodes: readonly Node[],
  stop: Stop,
  about: About,
  heed: Emit = () => {},
): Promise<Carried> {
  const front = await frontEnd(session.options);
  if (front.note) stop.watch(() => stop.stopping() && front.note?.(STOPPING));
  const draw: Emit = (event) => {
    heed(event);
    front.emit(event);
  };
  return carryOut(session, nodes, stop, draw, about).finally(() => front.end());
}
