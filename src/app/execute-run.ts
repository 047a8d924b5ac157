import path from 'node:path';
import type { Emit, EngineEvent, SectionOutline } from '../engine/events.ts';
import type { Node } from '../engine/graph.ts';
import { outlineOf, type RunReport, run } from '../engine/run.ts';
import { dropOldCopies } from '../host/copies.ts';
import { Journal } from '../host/journal.ts';
import { LinuxLiveHost } from '../host/live-host.ts';
import { cleaned } from '../output/clean.ts';
import { lastLogged, RunLog } from '../reporters/run-log.ts';
import { rememberCompleted } from './completed-operations.ts';
import { rememberTimes } from './operation-times.ts';
import type { Session } from './session.ts';
import type { Stop } from './signals.ts';
import { startedBy } from './started-by.ts';

/** What a run is, for its journal. */
export interface About {
  /** As typed: `run settings`. */
  readonly command: string;
  /** Number of the run that it takes back, four digits. */
  readonly undoes?: string;
  /**
   * It keeps old and new itself until it is done, and is then done again with other values, not undone: the journal
   * keeps no copies, least of all of the secret that was just replaced.
   */
  readonly procedure?: boolean;
  /** Ids of operations that the plan has a change of: what is counted. No part of the journal. */
  readonly planned?: ReadonlySet<string>;
}

/** How a run ended, and where to read about it. */
export interface RunResult {
  readonly report: RunReport;
  readonly sections: readonly SectionOutline[];
  /** Units, in the order in which they were restarted or reloaded. */
  readonly restarts: readonly string[];
  /** Those among them that were reloaded only. */
  readonly reloads: readonly string[];
  readonly ms: number;
  /** The log's absolute path. */
  readonly log: string;
  /** The log's line at which each failed operation ended. */
  readonly logLines: ReadonlyMap<string, number>;
}

/** What became of units in one run, or in several. */
export type Serviced = Pick<RunResult, 'restarts' | 'reloads'>;

/** @returns the units of all, in their order; what one reloaded and another restarted was restarted */
export function servicedIn(runs: readonly Serviced[]): Serviced {
  const restarts = [...new Set(runs.flatMap((run) => run.restarts))];
  const isReload = (unit: string) =>
    runs.every((run) => !run.restarts.includes(unit) || run.reloads.includes(unit));
  return { restarts, reloads: restarts.filter(isReload) };
}

/**
 * Carries out a run with its number, journal and log. The caller holds the lock.
 * @param nodes what is brought about; a need that is not among them is taken for done
 * @param draw takes each event, cleaned
 * @param about what `undo` is told of it
 */
export async function executeRun(
  session: Session,
  nodes: readonly Node[],
  stop: Stop,
  draw: Emit,
  { planned, ...about }: About,
): Promise<RunResult> {
  const { paths } = session.product;
  const started = performance.now();
  const number = session.ledger.nextRun(lastLogged(paths.log));
  const name = String(number).padStart(4, '0');
  const log = new RunLog(paths.log, number);
  const sections = outlineOf(nodes, planned);
  const logLines = new Map<string, number>();
  const times = new Map<string, number>();
  const serviced = new Map<string, 'restarted' | 'reloaded'>();
  const emit: Emit = (raw: EngineEvent) => {
    const event = cleaned(raw);
    log.event(event);
    if (event.type === 'operation-finished') {
      if (event.problem) logLines.set(event.operation, log.lines);
      if (event.outcome === 'changed') times.set(event.operation, event.ms);
    }
    draw(event);
  };
  session.onWarning = (message) => emit({ type: 'warning', at: Date.now(), message });
  session.onQuery = (...query) => log.query(...query);
  stop.beginChanging();
  try {
    emit({ type: 'run-started', at: Date.now(), run: name, log: log.file, sections });
    const copies = about.procedure === true ? undefined : path.join(paths.copies, name);
    const journal = new Journal(path.join(paths.state, 'runs', name), copies);
    journal.note('', { kind: 'run', ...about, ...(await startedBy(session.host)) });
    const live = {
      ...session.hostOptions,
      journal,
      emit,
      signal: session.signal,
      run: path.join(paths.state, 'runs', name),
    };
    const report = await run(nodes, {
      host: session.host,
      live: (operation) => new LinuxLiveHost(live, operation, session.host, serviced),
      emit,
      signal: session.signal,
      stopping: stop.stopping,
      concurrency: session.options.jobs,
    });
    const ms = performance.now() - started;
    const restarts = [...serviced.keys()];
    const reloads = restarts.filter((unit) => serviced.get(unit) === 'reloaded');
    emit({ type: 'run-finished', at: Date.now(), ...countsOf(report), restarts, ms });
    if (log.unwritten !== undefined)
      session.host.warn(`${log.file} lacks a part: the disk did not take it (${log.unwritten}).`);
    journal.note('', { kind: 'end', ...countsOf(report) });
    dropOldCopies(paths.copies);
    rememberCompleted(session.ledger, report);
    rememberTimes(session.ledger, times);
    return { report, sections, restarts, reloads, ms, log: log.file, logLines };
  } finally {
    session.onWarning = () => {};
    session.onQuery = () => {};
    log.close();
  }
}

function countsOf({ outcomes }: RunReport) {
  const number = (wanted: string) => [...outcomes.values()].filter((outcome) => outcome === wanted).length;
  return {
    changed: number('changed'),
    unchanged: number('unchanged'),
    failed: number('failed'),
    skipped: number('skipped'),
  };
}
