import type { Emit } from '../engine/events.ts';
import { type Node, nodesOf } from '../engine/graph.ts';
import type { Operation } from '../engine/operation.ts';
import type { Section } from '../engine/section.ts';
import { type Problem, ProblemError, StoppedError } from '../output/problem.ts';
import type { Procedure, ProcedureKind } from '../procedures/procedure.ts';
import { isSpread } from '../site/roles.ts';
import { failingChecks } from './examine-site.ts';
import type { About, RunResult } from './execute-run.ts';
import { forgetPending, nameOf, openProcedures } from './pending.ts';
import { type Pending, writePending } from './pending-record.ts';
import type { Session } from './session.ts';
import type { Stop } from './signals.ts';

/**
 * How a procedure ended: `neither` when the way back failed too; then it stays pending. `stopped`: by the operator, and the
 * old state was brought back.
 */
export type End = 'new' | 'old' | 'stopped' | 'neither';

/** One of the two ways that a procedure goes. */
export interface Attempt {
  readonly procedure: Procedure;
  readonly direction: Pending['direction'];
}

/** Where a procedure is shown: lines and JSON of a command, or the wizard's screens. It decides nothing. */
export interface ProcedureView {
  /** A sentence between two runs. */
  say(message: string): void;
  /** Carries a way out, as `executeRun` does, and draws it. @param onEvent hears each event before it is drawn */
  carry(attempt: Attempt, nodes: readonly Node[], about: About, onEvent: Emit): Promise<RunResult>;
  /** @param arrived whether the way came to its end, its proof among it */
  over(attempt: Attempt, carried: RunResult, arrived: boolean): void;
  /** Neither way succeeded, and it stays pending. */
  stuck(problem: Problem): void;
}

/**
 * @param asked ISO 8601: a plan that is made again, to be compared with an earlier one, is made as of then
 * @throws ProblemError when it can't be done on this server as it is
 */
export async function buildProcedure(
  session: Session,
  kind: ProcedureKind,
  given: Readonly<Record<string, string>>,
  asked?: string,
): Promise<Procedure> {
  const { answers } = await session.collect(await session.product.sections());
  // One that is under way is brought to its end all the same.
  const begins = (await session.host.status(kind.transactionRecord)) === undefined;
  if (begins && isSpread(answers) && !kind.onOneOfSeveral) throw wouldBreakOthers(kind.title(given));
  const built = await kind.build(
    {
      host: session.host,
      answers,
      failing: () => failingChecks(session, answers),
      ownTimers: async () => (await import('./last-backup.ts')).OWN_TIMERS,
      lastBackup: async () => (await import('./last-backup.ts')).lastBackup(session, asked),
    },
    given,
  );
  return { ...built, title: kind.title(built.arguments) };
}

function wouldBreakOthers(title: string): ProblemError {
  return new ProblemError({
    what: `"${title}" changes one server alone, and this site has several (answer roles): the others would not fit it any more. Nothing was changed.`,
    remedy:
      'Write the new value into the answers of each server. Then, on each: studio-setup run --answers FILE --overwrite ID, with the id of the answer.',
  });
}

/**
 * First of all that changes the host: procedures that were killed are brought to their end, one after the other, until one
 * comes to none; then what is left stays pending too. The caller holds the lock, and nothing of an earlier run is left at work.
 * @returns how each ended, by its id, in their order
 */
export async function finishAll(
  session: Session,
  stop: Stop,
  view: ProcedureView,
): Promise<ReadonlyMap<string, End>> {
  const open = await openProcedures(session);
  const ended = new Map<string, End>();
  if (open.length === 0) forgetPending(session);
  for (const { kind, pending } of open) {
    view.say(`"${nameOf(pending)}" was interrupted. It is finished first.`);
    const procedure = await buildProcedure(session, kind, pending.arguments);
    const end = await transact(session, procedure, pending.direction, stop, view);
    ended.set(kind.id, end);
    if (!isWhole(end)) break;
  }
  return ended;
}

/** Whether the site is in one whole state, the new or the old, so that something else may begin. */
export function isWhole(end: End | undefined): boolean {
  return end === undefined || end === 'new' || end === 'old';
}

/** One attempt, and when it fails the other. The caller holds the lock. */
export async function transact(
  session: Session,
  procedure: Procedure,
  direction: Pending['direction'],
  stop: Stop,
  view: ProcedureView,
): Promise<End> {
  const first = await runDirection(session, { procedure, direction }, stop, view);
  if (first === 'new' || first === 'old') return first;
  const other = direction === 'forward' ? 'backward' : 'forward';
  view.say(`${first === 'stopped' ? 'Stopped' : 'This did not succeed'}: ${DIRECTIONS[other]}.`);
  const second = await runDirection(session, { procedure, direction: other }, stop, view);
  if (second === 'old' && first === 'stopped') return 'stopped';
  if (second === 'new' || second === 'old') return second;
  const name = nameOf({ procedure: procedure.id, arguments: procedure.arguments });
  view.stuck({
    what: `"${name}" reached neither the new state nor the old one. Both are kept in a file that only root can read.`,
    remedy: `Fix what is named above, then: studio-setup ${name}. It resumes from here.`,
  });
  return 'neither';
}

/** What each way is about. */
export const DIRECTIONS = {
  forward: 'trying again to reach the new state',
  backward: 'restoring the old state',
} as const;

async function runDirection(
  session: Session,
  attempt: Attempt,
  stop: Stop,
  view: ProcedureView,
): Promise<'new' | 'old' | 'failed' | 'stopped'> {
  const { procedure, direction } = attempt;
  const { state } = session.product.paths;
  const carried = await view.carry(
    attempt,
    procedureNodes(procedure, procedure[direction]),
    { command: nameOf({ procedure: procedure.id, arguments: procedure.arguments }), procedure: true },
    (event) => {
      // Before the first change: a kill from now on is found by the next start.
      if (event.type === 'run-started')
        writePending(state, {
          procedure: procedure.id,
          arguments: procedure.arguments,
          direction,
          run: event.run,
        });
    },
  );
  const { report } = carried;
  const arrived = report.problems.size === 0 && !report.stopped;
  if (arrived) forgetPending(session);
  view.over(attempt, carried, arrived);
  if (session.signal.aborted) throw new StoppedError('Stopped by the operator');
  if (arrived) return direction === 'forward' ? 'new' : 'old';
  if (!report.stopped) return 'failed';
  // A gentle stop leaves no site in between: the caller goes back.
  stop.goOn();
  return 'stopped';
}

export function procedureNodes(procedure: Procedure, operations: readonly Operation[]): readonly Node[] {
  return nodesOf(procedureSection(procedure), operations);
}

/** The heading that a procedure's plan and run stand under. */
export function procedureSection({ id, title }: Procedure): Section {
  const summary = '';
  return { id, title, heading: title, summary, needs: [], questions: [], operations: () => [] };
}
