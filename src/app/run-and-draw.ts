import type { Emit } from '../engine/events.ts';
import type { Node } from '../engine/graph.ts';
import { printError } from '../output/print.ts';
import { reporterFor } from '../reporters/choose.ts';
import { type About, executeRun, type RunResult } from './execute-run.ts';
import type { Session } from './session.ts';
import { AGAIN, type Stop, stoppingWords } from './signals.ts';

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
  const titles = new Map(nodes.map(({ operation }) => [operation.id, operation.title]));
  const running = new Set<string>();
  stop.watch(() => {
    if (!stop.stopping()) return;
    const words = `${stoppingWords([...running].flatMap((id) => titles.get(id) ?? []))}. ${AGAIN}`;
    if (front.note) front.note(words);
    else printError('', words);
  });
  const draw: Emit = (event) => {
    if (event.type === 'operation-started') running.add(event.operation);
    if (event.type === 'operation-finished') running.delete(event.operation);
    onEvent(event);
    front.emit(event);
  };
  return executeRun(session, nodes, stop, draw, about).finally(() => front.end());
}
