import path from 'node:path';
import { checkResults } from '../../app/examine-site.ts';
import type { ExitCode } from '../../app/exit-code.ts';
import { finishFacts, nextStepsOn } from '../../app/next-steps.ts';
import type { Session } from '../../app/session.ts';
import type { Stop } from '../../app/signals.ts';
import type { Handover } from '../../engine/offer.ts';
import type { Section } from '../../engine/section.ts';
import { cleaned } from '../../output/clean.ts';
import { problemOf, StoppedError } from '../../output/problem.ts';
import { openForm } from '../screens/questions/moves.ts';
import { askingSections, formOf, membersOf } from '../screens/questions/rows.ts';
import type { Store } from '../shell/store.ts';
import type { Intent } from '../state/intent.ts';
import { goHome, goTo, startAt } from '../state/navigation.ts';
import type { TaskRequest } from '../state/task.ts';
import { Answering } from './answering.ts';
import { busy } from './busy.ts';
import { DayTwo } from './day-two.ts';
import { Overview } from './overview.ts';
import { Reviewing } from './reviewing.ts';
import { Running } from './running.ts';
import { needsRecipient } from './tasks/backup.ts';
import { Tasks } from './tasks.ts';

const ONE_AT_A_TIME: ReadonlySet<Intent['type']> = new Set([
  'continue',
  'offer',
  'review',
  'apply',
  'retry',
  'skip',
  'keep-for-good',
  'replace',
  'edit-file',
  'open-file',
  'shell',
  'check',
  'script',
  'task',
  'finish',
  'ask-domain',
  'list-runs',
  'list-services',
  'service-logs',
  'ask',
  'send-email',
  'show-address',
  'show-watch',
  'support-bundle',
]);

/** What the wizard needs of the terminal: to give it away, and to end. */
export interface Terminal {
  /** Gives the terminal to an editor or a shell, and takes it back. */
  lend(argv: readonly string[], account?: string): Promise<void>;
  /** Shows a text whole, as plain lines that can be copied, until Enter; and gives it to the clipboard where that is possible. */
  show(text: Handover): Promise<void>;
  close(): void;
}

/**
 * Does what keys ask for, with the code of the commands. It adds no behaviour of its own: an answer is collected, a
 * plan surveyed, a run carried out, a site checked as by them.
 */
export class Wizard {
  readonly #session: Session;
  readonly #store: Store;
  readonly #sections: readonly Section[];
  readonly #stop: Stop;
  readonly #terminal: Terminal;
  readonly #answering: Answering;
  readonly #running: Running;
  readonly #tasks: Tasks;
  readonly #dayTwo: DayTwo;
  readonly #overview: Overview;
  readonly #reviewing: Reviewing;
  #begun = false;
  #working = false;
  /** Resolves once it is known what the host answers, or that it can't be asked. */
  readonly #looked = Promise.withResolvers<void>();

  constructor(session: Session, store: Store, sections: readonly Section[], stop: Stop, terminal: Terminal) {
    this.#session = session;
    this.#store = store;
    this.#sections = sections;
    this.#stop = stop;
    this.#terminal = terminal;
    this.#answering = new Answering(session, store, sections);
    this.#running = new Running(session, store, stop, this.#answering);
    this.#tasks = new Tasks(session, store, stop, this.#running, this.#answering);
    this.#dayTwo = new DayTwo(session, store);
    this.#overview = new Overview(session, store, sections, this.#answering, this.#running);
    this.#reviewing = new Reviewing(session, store, sections, this.#answering);
    store.dispatch = (intent) => void this.#perform(intent);
    store.subscribe(() => {
      if (this.#overview.takeStale()) this.#observe();
    });
  }

  /** What the process ends with. */
  get exitCode(): ExitCode {
    return this.#running.exitCode;
  }

  /** Whether the last thing done was a check of the site that passed. */
  get proved(): boolean {
    return this.#running.proved;
  }

  /** Whether something is being changed now. */
  get busy(): boolean {
    return this.#running.busy;
  }

  /** Resolves when nothing is being changed any more. */
  idle(): Promise<unknown> {
    return this.#running.ended;
  }

  /** The log of the last run. */
  get log(): string | undefined {
    return this.#running.log;
  }

  /** Looks at the host in the background. */
  async begin(): Promise<void> {
    await this.#guard(async () => {
      // What was cut off comes first on the screen, too.
      await this.#tasks.look();
      if (this.#store.get().pending.length > 0) this.#store.update(goHome);
      await this.#answering.look();
      this.#looked.resolve();
      await this.#overview.observe();
    });
    this.#looked.resolve();
    this.#store.set({ observing: false });
  }

  /** One survey, run or check at a time: a second Enter while the first is at work means nothing. */
  async #perform(intent: Intent): Promise<void> {
    if (!ONE_AT_A_TIME.has(intent.type)) return this.#guard(() => this.#do(intent));
    if (this.#working) return;
    this.#working = true;
    try {
      await this.#guard(() => this.#do(intent));
    } finally {
      this.#working = false;
    }
  }

  async #do(intent: Intent): Promise<void> {
    switch (intent.type) {
      case 'quit':
        this.#terminal.close();
        return;
      case 'interrupt':
        this.#interrupt();
        return;
      case 'continue':
        return this.#continue();
      case 'give':
        return this.#answered([intent.id], () => this.#answering.give(intent.id, intent.given, intent.made));
      case 'give-file':
        return this.#answered([intent.id], () => this.#answering.giveFile(intent.id, intent.path));
      case 'set-up':
        return this.#answered(membersOf(this.#sections, intent.group), () =>
          this.#answering.setUp(intent.group, intent.wanted),
        );
      case 'try':
        return this.#answering.try(intent.id);
      case 'offer':
        return this.#offer(intent.id);
      case 'review':
        return this.#reviewing.review(intent.names);
      case 'apply':
        return this.#apply();
      case 'retry':
        return this.#ended(await busy(this.#store, 'Starting', () => this.#running.again(new Set())));
      case 'skip': {
        const failed = this.#store.get().failure?.failed.map(({ operation }) => operation) ?? [];
        return this.#ended(await busy(this.#store, 'Starting', () => this.#running.again(new Set(failed))));
      }
      case 'script':
        return this.#reviewing.script(intent.names);
      case 'task':
        return this.#task(intent.request);
      case 'finish':
        await busy(this.#store, 'Starting', () => this.#tasks.finish());
        return this.#changedElsewhere();
      case 'ask-domain':
        return this.#tasks.askDomain();
      case 'list-runs':
        return this.#tasks.listRuns();
      case 'list-services':
        return this.#dayTwo.listServices(intent.purpose);
      case 'service-logs':
        return this.#dayTwo.showLogs(intent.services);
      case 'ask':
        if (intent.form === 'backup' && !(await needsRecipient(this.#session)))
          return this.#task({ kind: 'backup', recipients: [] });
        return this.#dayTwo.ask(intent.form);
      case 'send-email':
        return this.#dayTwo.sendEmail(intent.address);
      case 'show-address':
        return this.#dayTwo.showAddress();
      case 'show-watch':
        return this.#dayTwo.showWatch();
      case 'support-bundle':
        return this.#dayTwo.writeSupportBundle();
      case 'keep':
        this.#reviewing.keep(intent.operation);
        return;
      case 'keep-for-good':
        return this.#keepForGood(intent.path);
      case 'replace':
        this.#session.allowOverwrite(intent.path);
        return this.#reviewAgain();
      case 'edit-file':
        await this.#edit(intent.path);
        return this.#reviewAgain();
      case 'open-file':
        return this.#edit(intent.path);
      case 'shell':
        return this.#terminal.lend([process.env.SHELL ?? '/bin/sh']);
      case 'check':
        return this.#check();
    }
  }

  /** Before, so that nothing that holds no longer is shown; and after, as the overview may have looked with the old answers. */
  async #answered(ids: readonly string[], take: () => Promise<void>): Promise<void> {
    this.#overview.answersChanged(ids);
    await take();
    this.#overview.answersChanged(ids);
  }

  #interrupt(): void {
    if (!this.#running.busy) {
      this.#terminal.close();
      return;
    }
    this.#stop.interrupt();
    const { run } = this.#store.get();
    this.#store.set({ run: { ...run, stopping: true } });
  }

  /** On a host where something is answered already: to the review; on the first start: through the questions. */
  async #continue(): Promise<void> {
    const { screen, answered } = this.#store.get();
    // Pressed at once, Enter waits for what is being read: nobody has to press it twice.
    if (!answered.ready)
      await busy(this.#store, 'Reading which answers this server already has', () => this.#looked.promise);
    const state = this.#store.get();
    if (!state.answered.ready || state.screen !== screen) return;
    const asking = askingSections(state);
    const open = asking.find((index) => {
      const { rows } = formOf({ ...state, form: { ...state.form, section: index } });
      return rows.some((row) => row.kind === 'question' && row.missing);
    });
    const first = this.#begun || this.#session.ledger.hint('operations-done') ? open : (asking[0] ?? open);
    this.#begun = true;
    this.#answering.tryTaken();
    if (first === undefined) return this.#reviewing.review([]);
    this.#store.update((before) => openForm(before, first, []));
  }

  async #offer(id: string): Promise<void> {
    const offer = this.#answering.offerOf(id);
    if (offer === undefined) return;
    if (!(await busy(this.#store, 'Starting', () => this.#running.make(offer)))) return;
    await this.#terminal.show(await offer.handover(this.#session.hostNow()));
    await this.#answering.try(id);
  }

  /** In the background: what goes wrong stands on the screen. */
  #observe(): void {
    void this.#guard(() => this.#overview.observe());
  }

  /** What can't go on beside something that was cut off says so, and where to finish it. */
  async #task(request: TaskRequest): Promise<void> {
    if (this.#store.get().pending.length > 0) {
      this.#store.update((state) => ({
        ...goHome(state),
        notice: 'Press Enter to finish the interrupted task first.',
      }));
      return;
    }
    await busy(this.#store, 'Checking what would change', () => this.#tasks.review(request));
  }

  #reviewAgain(): Promise<void> {
    const shown = this.#store.get().review;
    return shown?.task ? this.#task(shown.task.request) : this.#reviewing.review(shown?.names ?? []);
  }

  /** The file is the operator's from here on: it is no change any more. */
  async #keepForGood(file: string): Promise<void> {
    await this.#running.hold('(the wizard)', async () => this.#session.declareMine(file));
    await this.#reviewAgain();
    const notice = `Kept for good: later runs do not touch your file, unless you pass --overwrite ${file}`;
    this.#store.set({ notice });
  }

  /** Something else than a run of the sections changed the host. */
  #changedElsewhere(): void {
    this.#reviewing.forget();
    if (this.#session.signal.aborted || this.#stop.lost()) this.#terminal.close();
    else this.#observe();
  }

  async #apply(): Promise<void> {
    const shown = this.#store.get().review;
    if (shown?.task) {
      const { request } = shown.task;
      const done = await busy(this.#store, 'Starting', () => this.#tasks.executeRun(shown, request));
      // The finish page would go on to show a password that is replaced now.
      if (
        done &&
        request.kind === 'admin' &&
        request.username === this.#answering.inForce.optionalText('admin.username') &&
        this.#store.get().outcome?.outcome.end === 'well'
      )
        await this.#answering.give('admin.password', undefined);
      return done ? this.#changedElsewhere() : undefined;
    }
    const nodes = this.#reviewing.nodes();
    if (nodes === undefined || shown === undefined) return;
    return this.#ended(await busy(this.#store, 'Starting', () => this.#running.start(nodes, shown)));
  }

  #ended(well: boolean): void | Promise<void> {
    if (this.#session.signal.aborted || this.#stop.lost()) return this.#terminal.close();
    const { names } = this.#running;
    this.#answering.rememberAdministrator();
    void this.#guard(async () => {
      // What was made is on the host now. What can't be read there stops the next review, which says so.
      await this.#answering.look().catch(() => {});
      // The first run made a site of it: then there is a menu for it.
      await this.#tasks.look();
      await this.#overview.observe();
    });
    if (!well) return;
    // As after `run`: a whole run, and section verify, end with the scorecard.
    if (names.length === 0 || names.includes('verify')) return this.#check(true);
    this.#store.update((state) => ({ ...goHome(state), notice: 'Done: everything is up to date.' }));
  }

  /** @param ended whether it ends a run: then it leads to the overview alone, and says what the site is now */
  async #check(ended = false): Promise<void> {
    const { answers, missing, skipped } = this.#answering.collected;
    const { made } = this.#store.get().answered;
    if (missing.length > 0) {
      this.#store.set({
        notice: "The site can't be checked yet: answers are missing. Press Enter to give them.",
      });
      return;
    }
    const found = await busy(this.#store, 'Checking the site', () => checkResults(this.#session, answers));
    this.#running.checked(found.every(([, { ok }]) => ok));
    const results = found.map(([{ title, group }, result]) => ({ title, group, result }));
    const { inForce } = this.#answering;
    const site = {
      facts: cleaned(finishFacts(inForce, skipped)),
      next: await nextStepsOn(this.#session.host, this.#sections, inForce, made),
      revealed: false,
    };
    if (!ended) {
      this.#store.update((state) => {
        // What the run of this start did, and left to do, stays on the page: a password that was generated stands nowhere else.
        const before = state.finish?.run;
        const run = before && { ...before, ...site };
        return goTo({ ...state, finish: { results, scroll: 0, ...(run && { run }) } }, 'finish');
      });
      return;
    }
    const run = { ...this.#running.summary, warnings: cleaned(this.#session.warnings), ...site };
    this.#store.update((state) => startAt({ ...state, finish: { results, run, scroll: 0 } }, 'finish'));
  }

  /**
   * As the file's owner, and below /var/www always as the site's account: root must not follow a link that it could have
   * planted, of which status() tells the owner only.
   */
  async #edit(file: string): Promise<void> {
    const owner = path.normalize(file).startsWith('/var/www/')
      ? 'www-data'
      : (await this.#session.host.status(file))?.owner;
    const editor = (process.env.VISUAL ?? process.env.EDITOR ?? 'editor').split(' ');
    await this.#terminal.lend([...editor, file], owner === 'root' ? undefined : owner);
  }

  /** Whatever goes wrong stands on the screen; only an end that was asked for ends the wizard. */
  async #guard(work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof StoppedError || this.#session.signal.aborted) return this.#terminal.close();
      this.#store.set({ alert: cleaned(problemOf(error)) });
    }
  }
}
