import { type RunResult, servicedIn } from '../../../app/execute-run.ts';
import { nameOf } from '../../../app/pending.ts';
import type { Session } from '../../../app/session.ts';
import type { Stop } from '../../../app/signals.ts';
import {
  type Attempt,
  buildProcedure,
  DIRECTIONS,
  type End,
  finishAll,
  type ProcedureView,
  procedureNodes,
  procedureSection,
  transact,
} from '../../../app/transact.ts';
import { plan } from '../../../engine/plan.ts';
import type { Problem } from '../../../output/problem.ts';
import type { ProcedureKind } from '../../../procedures/procedure.ts';
import { changesIn, entriesOf, problemsOf } from '../../../reporters/plan-view.ts';
import type { TaskOutcome } from '../../state/task.ts';
import { failedSteps, outcomeOf, type Preview, type RunView } from '../preview.ts';

/** @param asked ISO 8601: when the review was asked for @throws ProblemError when it can't be done on this server as it is */
export async function previewProcedure(
  session: Session,
  kind: ProcedureKind,
  given: Readonly<Record<string, string>>,
  stop: Stop,
  asked: string,
): Promise<Preview> {
  const built = await buildProcedure(session, kind, given, asked);
  // What it would ask stands in the review, which asks whether to begin.
  const agreed = { ...given, ...built.consent?.given };
  const procedure = built.consent === undefined ? built : await buildProcedure(session, kind, agreed, asked);
  const nodes = procedureNodes(procedure, [...procedure.requirements, ...procedure.forward]);
  const planned = await plan(nodes, session.host);
  return {
    command: nameOf({ procedure: kind.id, arguments: agreed }),
    title: procedure.title,
    sections: [procedureSection(procedure)],
    planned,
    notices: procedure.notices,
    irreversible: [],
    problems: problemsOf(planned),
    // It ends in one whole state or the other: with a file of another make in between it would be neither.
    mayKeep: false,
    nothing: 'Already up to date.',
    async executeRun(view) {
      const runs = new ProcedureRuns(view, changesIn(entriesOf(planned)));
      return runs.outcome(await transact(session, procedure, 'forward', stop, runs));
    },
  };
}

/** Brings what was begun and cut off to its end. The caller holds the lock. @returns how the last one ended */
export async function finishBegun(
  session: Session,
  stop: Stop,
  view: RunView,
): Promise<TaskOutcome | undefined> {
  const runs = new ProcedureRuns(view);
  const end = [...(await finishAll(session, stop, runs)).values()].at(-1);
  return end === undefined ? undefined : runs.outcome(end);
}

/** the directions that were run, as far as their end has to tell of them. */
class ProcedureRuns implements ProcedureView {
  readonly #view: RunView;
  readonly #planned: ReadonlySet<string>;
  #done: { readonly attempt: Attempt; readonly result: RunResult }[] = [];
  #stuck: Problem | undefined;

  /** @param planned what the review had of the way forward */
  constructor(view: RunView, planned: ReadonlySet<string> = new Set()) {
    this.#view = view;
    this.#planned = planned;
  }

  /** What it would say stands in the heading of the run, and in the outcome. */
  say(): void {}

  carry(...[attempt, nodes, about, onEvent]: Parameters<ProcedureView['carry']>): Promise<RunResult> {
    const { procedure, direction } = attempt;
    const before = this.#done.at(-1)?.attempt.procedure;
    // Of another procedure that was finished before, nothing is told.
    if (before !== undefined && before !== procedure) this.#done = [];
    const first = this.#done.length === 0 && direction === 'forward';
    return this.#view.execute(
      first ? procedure.title : capital(DIRECTIONS[direction]),
      nodes,
      first ? { ...about, planned: this.#planned } : about,
      onEvent,
    );
  }

  over(attempt: Attempt, result: RunResult): void {
    this.#done.push({ attempt, result });
  }

  stuck(problem: Problem): void {
    this.#stuck = problem;
  }

  outcome(end: End): TaskOutcome {
    const last = this.#done.at(-1);
    if (last === undefined) throw new TypeError('a procedure ended without a run');
    const { attempt, result } = last;
    const { procedure } = attempt;
    const proofs = procedure[attempt.direction].filter(({ id }) => id.endsWith('/proof'));
    return outcomeOf(result, {
      end: end === 'new' ? 'well' : end === 'stopped' ? 'stopped' : 'failed',
      title: TITLES[end],
      said: saidOf(end, procedure, this.#stuck),
      proved: end === 'neither' ? [] : proofs.map(({ title }) => title),
      ...servicedIn(this.#done.map((run) => run.result)),
      failed: this.#done.flatMap((run) => failedSteps(run.result)),
    });
  }
}

const TITLES: Readonly<Record<End, string>> = {
  new: 'Done, and proved',
  old: 'Failed: the old state was restored',
  stopped: 'Stopped: the old state was restored',
  neither: 'Incomplete: neither the new nor the old state',
};

function saidOf(
  end: End,
  { done, undone }: Attempt['procedure'],
  stuck: Problem | undefined,
): readonly string[] {
  if (end === 'neither') return stuck === undefined ? [] : [stuck.what, `What to do: ${stuck.remedy}`];
  return [end === 'new' ? done : undone];
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
