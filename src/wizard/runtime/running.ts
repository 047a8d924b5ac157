import { saveAnswers } from '../../answers/saved.ts';
import type { Collected } from '../../answers/sources.ts';
import { type About, executeRun, type RunResult, type Serviced, servicedIn } from '../../app/execute-run.ts';
import { EXIT, type ExitCode } from '../../app/exit-code.ts';
import { offerNodes } from '../../app/offer.ts';
import { nameOf, openProcedures } from '../../app/pending.ts';
import type { Session } from '../../app/session.ts';
import type { Stop } from '../../app/signals.ts';
import { notSetUp } from '../../app/site-facts.ts';
import { withLock } from '../../app/with-lock.ts';
import type { Emit } from '../../engine/events.ts';
import type { Node } from '../../engine/graph.ts';
import type { Offer } from '../../engine/offer.ts';
import { cleaned } from '../../output/clean.ts';
import { ProblemError } from '../../output/problem.ts';
import { refuseMoved } from '../../procedures/move/state.ts';
import { changesIn } from '../../reporters/plan-view.ts';
import type { FailureState } from '../screens/failure.ts';
import { applied, type ReviewState } from '../screens/review/state.ts';
import type { Store } from '../shell/store.ts';
import { startAt } from '../state/navigation.ts';
import { RunModel } from '../state/run-model.ts';
import type { Answering } from './answering.ts';
import { failedSteps } from './preview.ts';
import { withoutOperations } from './without-operations.ts';

/** The runs of one start of the wizard: the first, its retries, what was skipped. */
export class Running {
  readonly #session: Session;
  readonly #store: Store;
  readonly #stop: Stop;
  readonly #answering: Answering;
  readonly #skipped = new Map<string, string>();
  #serviced: Serviced = { restarts: [], reloads: [] };
  #notAnswered: Collected['skipped'] = [];
  #nodes: readonly Node[] = [];
  #estimate: number | undefined;
  #downloads = false;
  #planned: ReadonlySet<string> = new Set();
  #changed = 0;
  #proved = false;
  #ms = 0;
  #last: RunResult | undefined;
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

  /** Whether the last thing done was a check of the site that passed. */
  get proved(): boolean {
    return this.#proved;
  }

  get summary() {
    return {
      changed: this.#changed,
      ...this.#serviced,
      notDone: [...this.#skipped.values()],
      skipped: notSetUp(this.#notAnswered),
      ms: this.#ms,
      log: this.#last?.log ?? '',
    };
  }

  checked(well: boolean): void {
    this.#proved = well;
    this.exitCode = well && this.#skipped.size === 0 ? EXIT.asWanted : EXIT.failed;
  }

  /** @param review what was agreed to @returns whether all of it was brought about */
  start(nodes: readonly Node[], review: ReviewState): Promise<boolean> {
    this.#nodes = nodes;
    this.names = review.names;
    this.#estimate = review.estimate?.ms;
    this.#downloads = review.downloads !== undefined;
    this.#planned = changesIn(applied(review));
    this.#skipped.clear();
    this.#notAnswered = this.#answering.collected.skipped;
    return this.#executeRun();
  }

  /** Goes on where the last run ended. @param left operations that are skipped, with all that needs them */
  again(left: ReadonlySet<string>): Promise<boolean> {
    const rest = withoutOperations(this.#nodes, left);
    for (const { operation, section } of this.#nodes) {
      if (!rest.some((node) => node.operation === operation))
        this.#skipped.set(operation.id, `${section.title} › ${operation.title}`);
    }
    this.#nodes = rest;
    this.#estimate = undefined;
    const done = this.#last?.report.outcomes;
    this.#planned = new Set([...this.#planned].filter((id) => done?.get(id) !== 'changed' && !left.has(id)));
    return this.#executeRun();
  }

  /**
   * Does what changes the host, one thing at a time; the lock is free when it is over.
   * @param command as typed, shown to whoever is refused meanwhile
   */
  hold<Result>(command: string, work: () => Promise<Result>): Promise<Result> {
    const held = withLock(
      this.#session,
      command,
      async () => {
        this.busy = true;
        this.#stop.goOn();
        try {
          return await work();
        } finally {
          this.busy = false;
        }
      },
      (line) => this.#store.set({ busy: line }),
    );
    this.ended = held.catch(() => {});
    return held;
  }

  /**
   * Has something made beside the sections, in a run of its own; the screen is as before when it is done.
   * @returns whether it is there; else the failure stands on the screen
   */
  async make(offer: Offer): Promise<boolean> {
    const { screen, stack } = this.#store.get();
    const nodes = offerNodes(offer);
    const result = await this.hold('(the wizard)', () =>
      this.draw({ heading: offer.label }, nodes, { command: 'wizard' }),
    );
    const made = result.report.problems.size === 0 && !result.report.stopped;
    this.#nodes = nodes;
    if (!made) return this.#judge(result);
    this.#store.set({ screen, stack });
    return true;
  }

  /** Carries out a run on the run screen. The caller holds the lock. @param heading what it is about */
  async draw(
    run: {
      readonly heading: string;
      readonly estimate?: number | undefined;
      /** Whether it downloads what the estimate has no time for. */
      readonly downloads?: boolean;
    },
    nodes: readonly Node[],
    about: About,
    onEvent: Emit = () => {},
  ): Promise<RunResult> {
    const shown = {
      model: new RunModel(),
      heading: run.heading,
      selected: undefined,
      follow: true,
      unfolded: new Set<string>(),
      estimate: run.estimate,
      downloads: run.downloads ?? false,
      stopping: false,
    };
    this.#store.update((state) => startAt({ ...state, busy: '', failure: undefined, run: shown }, 'run'));
    const draw: Emit = (event) => {
      onEvent(event);
      this.#store.feed(event);
    };
    this.#proved = false;
    this.#last = await executeRun(this.#session, nodes, this.#stop, draw, about);
    return this.#last;
  }

  async #executeRun(): Promise<boolean> {
    const result = await this.hold('(the wizard)', async () => {
      await this.#nothingBegun();
      await refuseMoved(this.#session.host);
      this.#session.rememberMine();
      saveAnswers(this.#session.ledger, this.#answering.collected);
      const run = { heading: 'Running', estimate: this.#estimate, downloads: this.#downloads };
      return this.draw(run, this.#nodes, { command: 'wizard', planned: this.#planned });
    });
    this.#changed += result.report.changes.length;
    this.#ms += result.ms;
    this.#serviced = servicedIn([this.#serviced, result]);
    this.failed = new Set(result.report.problems.keys());
    // Shown only now: a key that a screen offers must find the lock free, or it would do nothing.
    return this.#judge(result);
  }

  /** Another start may have begun something, and been killed, since this one preview. */
  async #nothingBegun(): Promise<void> {
    const [open] = await openProcedures(this.#session);
    if (open === undefined) return;
    throw new ProblemError({
      what: `"${nameOf(open.pending)}" was interrupted. Nothing else was changed.`,
      remedy: 'Finish it first: press Enter on the overview.',
    });
  }

  #judge(result: RunResult): boolean {
    const { report, log } = result;
    const { problems, outcomes, stopped } = report;
    if (problems.size === 0 && !stopped) {
      this.exitCode = this.#skipped.size === 0 ? EXIT.asWanted : EXIT.failed;
      return true;
    }
    this.exitCode = stopped ? EXIT.interrupted : report.conflict ? EXIT.waiting : EXIT.failed;
    const failure: FailureState = {
      failed: cleaned(failedSteps(result)),
      selected: 0,
      scroll: 0,
      conflict: report.conflict,
      notDone: [...outcomes.values()].filter((outcome) => outcome === 'failed' || outcome === 'skipped')
        .length,
      log,
    };
    this.#store.update((state) => startAt({ ...state, failure }, 'failure'));
    return false;
  }
}
