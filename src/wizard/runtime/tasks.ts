import { EXIT } from '../../app/exit-code.ts';
import { runsOf } from '../../app/listed-runs.ts';
import { nameOf, openProcedures } from '../../app/pending.ts';
import type { Session } from '../../app/session.ts';
import type { Stop } from '../../app/signals.ts';
import { cleaned } from '../../output/clean.ts';
import { ProblemError } from '../../output/problem.ts';
import { isMove, refuseMoved } from '../../procedures/move/state.ts';
import { entriesOf } from '../../reporters/plan-view.ts';
import { namesOnHost } from '../../site/vhost.ts';
import { askedDomain } from '../screens/domain.ts';
import type { OutcomeState } from '../screens/outcome.ts';
import type { ReviewState } from '../screens/review/state.ts';
import { listedRuns } from '../screens/runs.ts';
import type { Store } from '../shell/store.ts';
import { goTo, startAt } from '../state/navigation.ts';
import type { TaskOutcome, TaskRequest } from '../state/task.ts';
import type { Answering } from './answering.ts';
import { conflictsAt, departuresAt } from './plan-for-review.ts';
import type { Preview, RunView } from './preview.ts';
import type { Running } from './running.ts';
import { previewAdministrator } from './tasks/administrator.ts';
import { previewBackup } from './tasks/backup.ts';
import { previewFixes } from './tasks/fix.ts';
import { finishBegun, previewProcedure } from './tasks/procedure.ts';
import { previewRestart } from './tasks/restart.ts';
import { previewUndoing } from './tasks/undo.ts';
import { previewWatch } from './tasks/watch.ts';

/**
 * What is done for a site that stands: a secret made again, another domain, a run undone, what failed fixed. Each is
 * reviewed, carried out and shown as a run is, with the code of its command.
 */
export class Tasks {
  /** When the review was asked for that stands on the screen, ISO 8601: what it names by the time is named so again when it is applied. */
  #asked = '';
  readonly #session: Session;
  readonly #store: Store;
  readonly #stop: Stop;
  readonly #running: Running;
  readonly #answering: Answering;

  constructor(session: Session, store: Store, stop: Stop, running: Running, answering: Answering) {
    this.#session = session;
    this.#store = store;
    this.#stop = stop;
    this.#running = running;
    this.#answering = answering;
  }

  /** Sees what is pending, and whether there is a site. */
  async look(): Promise<void> {
    const open = await openProcedures(this.#session);
    const pending = cleaned(open.map((each) => nameOf(each.pending)));
    const known = this.#session.ledger.hint('operations-done') !== undefined;
    // One that can't be read is one that stands, too.
    const names = namesOnHost(this.#session.host).then(
      (found) => found !== undefined,
      () => true,
    );
    const site = known || (await names);
    this.#store.set({ pending, site });
  }

  /** Makes the review. @throws ProblemError when it can't be done on this server as it is */
  async review(request: TaskRequest): Promise<void> {
    this.#asked = new Date().toISOString();
    this.#show(request, await this.#preview(request));
  }

  /** Does what the review shows. @returns whether the host may be another now */
  async executeRun(shown: ReviewState, request: TaskRequest): Promise<boolean> {
    const preview = await this.#preview(request);
    // Between the review and its yes anything may have happened to the host: nobody agreed to that.
    if (signatureOf(preview) !== signatureOf(shown) || preview.problems.length > 0) {
      this.#show(request, preview);
      this.#store.set({
        notice: 'This server changed since the review: review the changes again. Nothing was applied.',
      });
      return false;
    }
    const outcome = await this.#running.hold(`${preview.command} (the wizard)`, async () => {
      const [open] = await openProcedures(this.#session);
      if (open !== undefined) throw pendingFirst(nameOf(open.pending));
      return preview.executeRun(this.#view, shown.excluded);
    });
    await this.#ended(outcome, request);
    return true;
  }

  /** Goes on with what was begun and cut off. */
  async finish(): Promise<void> {
    const outcome = await this.#running.hold('(finishing an interrupted task, in the wizard)', () =>
      finishBegun(this.#session, this.#stop, this.#view),
    );
    if (outcome) await this.#ended(outcome, 'finish');
    else await this.look();
  }

  async askDomain(): Promise<void> {
    const now = (await namesOnHost(this.#session.host))?.domain;
    if (now === undefined)
      throw new ProblemError({
        what: 'This server has no site whose domain could be changed.',
        remedy: 'Set up the site first: press Enter on the overview.',
      });
    this.#store.update((state) => goTo({ ...state, domain: askedDomain(now) }, 'domain'));
  }

  listRuns(): void {
    const runs = listedRuns(runsOf(this.#session));
    this.#store.update((state) => goTo({ ...state, runs }, 'runs'));
  }

  get #view(): RunView {
    return {
      execute: (heading, nodes, about, onEvent) => this.#running.draw({ heading }, nodes, about, onEvent),
      waits: (what) => this.#store.set({ busy: what }),
    };
  }

  async #preview(request: TaskRequest): Promise<Preview> {
    if (request.kind !== 'procedure' || !isMove(request)) await refuseMoved(this.#session.host);
    switch (request.kind) {
      case 'procedure': {
        const kinds = (await this.#session.product.procedures?.()) ?? [];
        const kind = kinds.find(({ id }) => id === request.id);
        if (kind === undefined) throw new TypeError(`no procedure is called ${request.id}`);
        return previewProcedure(this.#session, kind, request.given, this.#stop, this.#asked);
      }
      case 'undo':
        return previewUndoing(this.#session, request.run);
      case 'fix':
        return previewFixes(this.#session);
      case 'backup':
        return previewBackup(this.#session, request.recipients, this.#asked);
      case 'watch':
        return previewWatch(this.#session, request.answers);
      case 'restart':
        return previewRestart(this.#session, request.services);
      case 'admin':
        return previewAdministrator(this.#session, request);
    }
  }

  #show(request: TaskRequest, preview: Preview): void {
    const { title, sections, notices, irreversible, mayKeep, nothing } = cleaned({
      ...preview,
      sections: preview.sections.map(({ id, title }) => ({ id, title })),
      planned: [],
      problems: [],
      executeRun: undefined,
    });
    const entries = entriesOf(preview.planned);
    const before = this.#store.get().review;
    const review: ReviewState = {
      names: [],
      entries,
      departures: departuresAt(preview.planned),
      problems: cleaned(preview.problems),
      conflicts: conflictsAt(preview.planned),
      // What was decided on one file holds while the next one is decided on.
      excluded: before?.task?.request === request ? before.excluded : new Set(),
      estimate: undefined,
      site: [],
      downloads: undefined,
      folded: new Set(),
      opened: new Set(),
      selected: 0,
      task: {
        request,
        title,
        sections,
        notices,
        irreversible,
        mayKeep,
        nothing,
        mayDoNothing: request.kind === 'undo' && entries.length === 0,
      },
    };
    this.#store.update((state) => goTo({ ...state, review }, 'review'));
  }

  async #ended(outcome: TaskOutcome, again: OutcomeState['again']): Promise<void> {
    this.#running.exitCode = { well: EXIT.asWanted, stopped: EXIT.interrupted, failed: EXIT.failed }[
      outcome.end
    ];
    await this.look();
    const pending = this.#store.get().pending.length > 0;
    this.#store.set({ busy: 'Checking this server again' });
    try {
      // Before a key can go on: with the answers of before, the next run would bring the old state back.
      await this.#answering.lookAgain();
    } finally {
      const { shownOnce, ...rest } = outcome;
      const shown = {
        // Past the funnel: it would mask what is shown on purpose.
        outcome: { ...cleaned(rest), ...(shownOnce === undefined ? {} : { shownOnce }) },
        again: pending ? ('finish' as const) : again,
        scroll: 0,
      };
      this.#store.update((state) => startAt({ ...state, review: undefined, outcome: shown }, 'outcome'));
    }
  }
}

function pendingFirst(name: string): ProblemError {
  return new ProblemError({
    what: `"${name}" was interrupted. Nothing else was changed.`,
    remedy: 'Finish it first: press Enter on the overview.',
  });
}

/** What an operator agrees to: the changes, one by one. */
function signatureOf(shown: Preview | ReviewState): string {
  const entries = 'planned' in shown ? entriesOf(shown.planned) : shown.entries;
  return entries.map(({ operation, kind, summary }) => `${operation} ${kind} ${summary}`).join('\n');
}
