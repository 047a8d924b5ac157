import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineEvent } from '../../src/engine/events.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { Run } from './operator.ts';

/** A moment of the installation at which the product is killed. */
export interface Point {
  readonly operation: string;
  /** Of the operation's events: its first change when not given, else its first line of output that matches, or its end. */
  readonly output?: RegExp | 'end';
  /** Milliseconds after that event within which the kill comes, drawn again each time. */
  readonly within: number;
}

/** All over the installation, in its order; each leaves something half done behind it. */
export const points: readonly Point[] = [
  // apt: while it fetches, while dpkg unpacks, while it configures.
  { operation: 'requirements/tools', output: /Unpacking git/, within: 800 },
  { operation: 'working-directory/clone', within: 250 },
  { operation: 'settings/production', within: 150 },
  { operation: 'virtualenv/create', within: 1500 },
  { operation: 'requirements/build-tools', output: /Setting up/, within: 1000 },
  { operation: 'virtualenv/poetry', output: /Downloading|Installing collected/, within: 3000 },
  { operation: 'virtualenv/dependencies', output: /Installing/, within: 3000 },
  { operation: 'requirements/services', output: /Unpacking nginx/, within: 1500 },
  { operation: 'configuration-files/studio-stats.timer', within: 15 },
  { operation: 'database/packages', output: /Unpacking postgresql/, within: 2000 },
  { operation: 'database/role', within: 300 },
  { operation: 'database/database', within: 200 },
  { operation: 'meilisearch/program', within: 300 },
  { operation: 'meilisearch/service', within: 600 },
  { operation: 'meilisearch/keys', within: 100 },
  { operation: 'migrate/static', within: 1500 },
  { operation: 'migrate/tables', within: 2500 },
  { operation: 'certificate/issue', output: /dry run/i, within: 300 },
  { operation: 'certificate/issue', output: /Requesting a certificate/, within: 900 },
  { operation: 'certificate/https-site', within: 80 },
  { operation: 'start-nginx/https', within: 300 },
  { operation: 'meilisearch/indexes', within: 2000 },
  { operation: 'uwsgi/service', within: 1500 },
  { operation: 'background-tasks/service', within: 600 },
  { operation: 'periodic-tasks/studio-clock-tick.timer', within: 500 },
  { operation: 'periodic-tasks/studio-stats', within: 1200 },
];

/** How a run that was begun to be killed went. */
export interface Interrupted {
  /** The point that it was killed at; absent when it came to its end before any. */
  readonly point: Point | undefined;
  /** Operations that were at work when the kill came. */
  readonly atWork: readonly string[];
  /** Exit code; `null` after a kill. */
  readonly code: number | null;
  /** What it said of problems and on standard error. */
  readonly said: string;
}

/**
 * Begins a run, or another `command`, and kills the product itself, as `kill -9` does, at the first of `points` that it
 * comes by.
 * @param signal another than SIGKILL
 */
export async function killAt(
  host: Rehearsal,
  points: readonly Point[],
  command?: readonly string[],
  signal: NodeJS.Signals = 'SIGKILL',
): Promise<Interrupted> {
  const run = new Run(host, command);
  const event = await run.next((event) => points.some((point) => isAt(point, event)));
  const point = event && points.find((each) => isAt(each, event));
  if (point !== undefined) {
    await sleep(Math.random() * point.within);
    // At its last moments it may be quicker, and gone.
    await host.signal(run.child, signal).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ESRCH') throw error;
    });
  }
  const { code, said } = await run.ended;
  return { point, atWork: atWork(run), code, said };
}

function isAt({ operation, output }: Point, event: EngineEvent): boolean {
  if (!('operation' in event) || event.operation !== operation) return false;
  if (output === 'end') return event.type === 'operation-finished';
  return output === undefined ? event.type === 'change' : event.type === 'output' && output.test(event.line);
}

function atWork({ events }: Run): readonly string[] {
  const ids = (type: EngineEvent['type']) =>
    events.flatMap((event) => (event.type === type && 'operation' in event ? [event.operation] : []));
  const finished = new Set(ids('operation-finished'));
  return ids('change').filter((id) => !finished.has(id));
}
