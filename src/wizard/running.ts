import { saveAnswers } from '../answers/saved.ts';
import { type Carried, carryOut } from '../commands/carry-out.ts';
import { EXIT, type ExitCode } from '../commands/exit-code.ts';
import type { Stop } from '../commands/signals.ts';
import type { Node } from '../engine/graph.ts';
import { waitForLeftovers } from '../engine/leftovers.ts';
import { takeLock } from '../engine/lock.ts';
import { clean, cleaned } from '../front/clean.ts';
import type { Session } from '../session.ts';
import type { Answering } from './answering.ts';
import { without } from './estimate.ts';
import { RunModel } from './run-model.ts';
import type { FailureState } from './state.ts';
import type { Store } from './store.ts';

/** The runs of one start of the wizard: the first, its retries, what was skipped. */
export class Running {
  readonly #session: Session;
  readonly #store: Store;
  readonly #stop: Stop;
  readonly #answering: Answering;
  readonly #skipped = new Map<string, string>();
  readonly #restarts = new Set<string>();
  #nodes: readonly Node[] = [];
  #estimate: number | undefined;
  #changed = 0;
  #last: Carried | undefined;
  busy = false;
  /** Settles when the run that goes on now, or went on last, is over and the lock is free. */
  ended: Promise<unknown> = Promise.resolve();
  names: readonly string[] = [];
  failed: ReadonlySet<string> = new Set();
  exitCode: ExitCode = EXIT.interrupted;

  constructor(session: Session, store: Store, stop: Stop, answering: Answering) {
    this.#session = session;
    this.#store = store;
    this.#stop = stop;
    this.#answering = answering;
  }

  get log(): string | undefined {
    return this.#last?.log;
  }

  get summary() {
    return { changed: this.#changed, restarts: [...this.#restarts], notDone: [...this.#skipped.values()] };
  }

  checked(well: boolean): void {
    this.exitCode = well && this.#skipped.size === 0 ? EXIT.asWanted : EXIT.failed;
  }

  /** @returns whether all of it was brought about */
  start(nodes: readonly Node[], names: readonly string[], estimate: number | undefined): Promise<boolean> {
    this.#nodes = nodes;
    this.names = names;
    this.#estimate = estimate;
    this.#skipped.clear();
    return this.#begin();
  }

  /** Goes on where the last run ended. @param left operations that are left out, with all that needs them */
  again(left: ReadonlySet<string>): Promise<boolean> {
    const kept = without(this.#nodes, left);
    for (const { operation, section } of this.#nodes) {
      if (!kept.some((node) => node.operation === operation))
        this.#skipped.set(operation.id, `${section.title} › ${operation.title}`);
    }
    this.#nodes = kept;
    this.#estimate = undefined;
    return this.#begin();
  }

  #begin(): Promise<boolean> {
    const run = this.#carryOut();
    this.ended = run.catch(() => {});
    return run;
  }

  async #carryOut(): Promise<boolean> {
    const { paths } = this.#session.product;
    const lock = await takeLock(paths.lock, 'studio-setup (the wizard)');
    this.busy = true;
    let carried: Carried;
    try {
      await waitForLeftovers(
        paths.state,
        (line) => this.#store.set({ busy: clean(line) }),
        this.#session.signal,
      );
      saveAnswers(this.#session.ledger, this.#answering.collected);
      this.#stop.goOn();
      this.#store.update((state) => ({
        ...state,
        screen: 'run',
        busy: '',
        failure: undefined,
        run: {
          model: new RunModel(),
          selected: undefined,
          follow: true,
          unfolded: new Set(),
          estimate: this.#estimate,
          stopping: false,
        },
      }));
      carried = await carryOut(this.#session, this.#nodes, this.#stop, (event) => this.#store.feed(event), {
        command: 'wizard',
      });
    } finally {
      await lock.release();
      this.busy = false;
    }
    this.#last = carried;
    this.#changed += carried.report.changes.length;
    for (const unit of carried.restarts) this.#restarts.add(unit);
    this.failed = new Set(carried.report.problems.keys());
    // Shown only now: a key that a screen offers must find the lock free, or it would do nothing.
    return this.#judge(carried);
  }

  #judge({ report, log, logLines }: Carried): boolean {
    const { problems, outcomes, stopped } = report;
    if (problems.size === 0 && !stopped) {
      this.exitCode = this.#skipped.size === 0 ? EXIT.asWanted : EXIT.failed;
      return true;
    }
    this.exitCode = stopped ? EXIT.interrupted : report.conflict ? EXIT.waiting : EXIT.failed;
    const failure: FailureState = {
      failed: this.#nodes.flatMap(({ operation, section }) => {
        const problem = problems.get(operation.id);
        if (problem === undefined) return [];
        const at = `${section.title} › ${operation.title}`;
        return [
          { operation: operation.id, at, problem: cleaned(problem), logLine: logLines.get(operation.id) },
        ];
      }),
      selected: 0,
      scroll: 0,
      conflict: report.conflict,
      notDone: [...outcomes.values()].filter((outcome) => outcome === 'failed' || outcome === 'skipped')
        .length,
      log,
    };
    this.#store.set({ screen: 'failure', failure });
    return false;
  }
}
