import type { RunResult } from '../app/execute-run.ts';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { nameOf, openProcedures } from '../app/pending.ts';
import { writePending } from '../app/pending-record.ts';
import { runAndDraw } from '../app/run-and-draw.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import {
  type Attempt,
  buildProcedure,
  type End,
  finishAll,
  isWhole,
  type ProcedureView,
  procedureNodes,
  procedureSection,
  transact,
} from '../app/transact.ts';
import { withLock } from '../app/with-lock.ts';
import { plan } from '../engine/plan.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { ProblemError, StoppedError } from '../output/problem.ts';
import { showProblems } from '../output/show-problems.ts';
import { wrap } from '../output/wrap.ts';
import { isMove, refuseMoved } from '../procedures/move/state.ts';
import type { Consent, Procedure, ProcedureKind } from '../procedures/procedure.ts';
import { planText } from '../reporters/plan-text.ts';
import { changesIn, conflictsOf, entriesOf, problemsOf } from '../reporters/plan-view.ts';
import { reportText } from '../reporters/report.ts';
import { sayNotice } from './notice.ts';
import { agreed } from './reviewed.ts';
import { sayPending } from './show-pending.ts';

/** @param id as typed, without its arguments @returns the kind of procedure that is called so */
export async function kindOf(session: Session, id: string): Promise<ProcedureKind> {
  const kind = (await session.product.procedures?.())?.find((each) => each.id === id);
  if (kind === undefined) throw new TypeError(`no procedure is called ${id}`);
  return kind;
}

/**
 * Begins a procedure on a live site, or goes on with one that was killed: plan, review, run, proof; back to the old state
 * when anything fails.
 * @param given its arguments, as typed
 * @param also arguments that one of its kind which was killed gets as well
 */
export async function procedureCommand(
  session: Session,
  kind: ProcedureKind,
  given: Readonly<Record<string, string>>,
  stop: Stop,
  also: Readonly<Record<string, string>> = {},
): Promise<ExitCode> {
  return withLock(session, nameOf({ procedure: kind.id, arguments: given }), async () => {
    await addArguments(session, kind, also);
    const finished = await finishAll(session, stop, printed(session, stop));
    const ended = finished.get(kind.id) ?? [...finished.values()].find((end) => !isWhole(end));
    // The same command again goes on from where it was; it does not begin a second time.
    if (ended !== undefined) return exitOf(await orLastResort(session, kind, ended, stop));
    if (!isMove(kind)) await refuseMoved(session.host);
    const procedure = await consented(session, kind, given);
    if (procedure === undefined) return EXIT.interrupted;
    if (procedure.forward.length === 0) {
      sayDone(session, procedure);
      return EXIT.asWanted;
    }
    const planned = await agreedTo(session, procedure);
    if (planned === undefined) return EXIT.interrupted;
    const end = await transact(session, procedure, 'forward', stop, printed(session, stop, planned));
    return exitOf(await orLastResort(session, kind, end, stop));
  });
}

/** @returns the procedure, with what the operator agreed to where that was asked; `undefined` after a no */
async function consented(
  session: Session,
  kind: ProcedureKind,
  given: Readonly<Record<string, string>>,
): Promise<Procedure | undefined> {
  const procedure = await buildProcedure(session, kind, given);
  const { consent } = procedure;
  // Unattended, a requirement says what to type instead.
  if (consent === undefined || !session.interactive) return procedure;
  if (!(await agreedToLoss(session, consent, 'Nothing was changed.'))) return undefined;
  return buildProcedure(session, kind, { ...given, ...consent.given });
}

/** Where a procedure came to neither end, and somebody is there to ask for more. @returns how it ended then */
async function orLastResort(session: Session, kind: ProcedureKind, end: End, stop: Stop): Promise<End> {
  const [open] = end === 'neither' && session.interactive ? await openProcedures(session) : [];
  if (open?.kind.id !== kind.id) return end;
  const { lastResort } = await buildProcedure(session, kind, open.pending.arguments);
  const consent = await lastResort?.();
  if (consent === undefined || !(await agreedToLoss(session, consent, 'It stays as it is.'))) return end;
  await addArguments(session, kind, consent.given);
  return (await finishAll(session, stop, printed(session, stop))).get(kind.id) ?? end;
}

/** Enter alone is a no. @param no what is said after a no */
async function agreedToLoss(session: Session, { about, question }: Consent, no: string): Promise<boolean> {
  sayNotice(session, about);
  print('');
  const { confirmed } = await import('../prompts/prompts.ts');
  if (await confirmed(question, session.signal, false)) return true;
  print(no);
  return false;
}

/** What an operator says to a procedure that is under way, by starting it again. */
async function addArguments(
  session: Session,
  kind: ProcedureKind,
  also: Readonly<Record<string, string>>,
): Promise<void> {
  if (Object.keys(also).length === 0) return;
  for (const { kind: open, pending } of await openProcedures(session))
    if (open.id === kind.id)
      writePending(session.product.paths.state, {
        ...pending,
        arguments: { ...pending.arguments, ...also },
      });
}

/**
 * For commands that change the host: what was begun and killed is finished first. The caller holds the lock.
 * @returns how the last one ended, `undefined` when nothing was pending
 * @throws ProblemError on a server whose site was moved away
 */
export async function finishOpen(session: Session, stop: Stop): Promise<End | undefined> {
  const end = [...(await finishAll(session, stop, printed(session, stop))).values()].at(-1);
  if (isWhole(end)) await refuseMoved(session.host);
  return end;
}

/**
 * Shows what a procedure would do, and changes nothing.
 * @param given its arguments, as typed
 */
export async function reviewCommand(
  session: Session,
  kind: ProcedureKind,
  given: Readonly<Record<string, string>>,
): Promise<ExitCode> {
  if (await sayPending(session)) return EXIT.pending;
  const procedure = await buildProcedure(session, kind, given);
  if (procedure.forward.length === 0) {
    sayDone(session, procedure);
    return EXIT.asWanted;
  }
  await reviewed(session, procedure);
  return EXIT.pending;
}

/** That there is nothing to do, as all is as wanted. */
export function sayDone(session: Session, { done }: Pick<Procedure, 'done'>): void {
  if (session.options.json) writeRecord({ type: 'notice', ...{ message: done } });
  else print(styled('green', done));
}

/**
 * Shows the plan, and asks.
 * @returns ids of the changes that were agreed to; `undefined`: it is not to be carried out
 * @throws ProblemError when it can't be
 */
async function agreedTo(session: Session, procedure: Procedure): Promise<ReadonlySet<string> | undefined> {
  const changes = await reviewed(session, procedure);
  if (session.interactive) print('');
  return (await agreed(session, 'Do it now?')) ? changes : undefined;
}

/** @returns ids of its changes @throws ProblemError when it can't be carried out */
async function reviewed(session: Session, procedure: Procedure): Promise<ReadonlySet<string>> {
  const section = procedureSection(procedure);
  const planned = await plan(
    procedureNodes(procedure, [...procedure.requirements, ...procedure.forward]),
    session.host,
  );
  if (session.signal.aborted) throw new StoppedError('Stopped by the operator');
  const problems = [...problemsOf(planned), ...conflictsOf(planned)];
  if (problems.length > 0) {
    showProblems(problems.slice(1), session.options.json);
    const [{ problem } = { problem: { what: '', remedy: '' } }] = problems;
    const unchanged = 'Nothing was changed.';
    const what = `${problem.what} ${problem.remedy}`.includes(unchanged)
      ? problem.what
      : `${problem.what} ${unchanged}`;
    throw new ProblemError({ ...problem, what });
  }
  const entries = entriesOf(planned);
  if (session.options.json) entries.forEach(writeRecord);
  else print(...planText(entries, [section], { diff: false }), '');
  for (const notice of procedure.notices) sayNotice(session, notice);
  return changesIn(entries);
}

/**
 * Tree, lines or JSON, as the options say.
 * @param planned ids of the changes of the way forward, as they were shown
 */
function printed(session: Session, stop: Stop, planned: ReadonlySet<string> = new Set()): ProcedureView {
  const { json } = session.options;
  return {
    say: (message) => sayNotice(session, message),
    carry: (_, nodes, about, onEvent) => runAndDraw(session, nodes, stop, { ...about, planned }, onEvent),
    over(attempt, carried, arrived) {
      if (!json)
        print(...reportText({ ...carried, warnings: [], skipped: [], closing: closing(attempt, carried) }));
      else if (arrived) {
        const state = attempt.direction === 'forward' ? 'new' : 'old';
        writeRecord({ type: 'procedure-finished', ...{ procedure: attempt.procedure.id, state } });
      }
    },
    stuck: (problem) => showProblems([{ problem }], json),
  };
}

function closing({ procedure, direction }: Attempt, { report, log }: RunResult): readonly string[] {
  if (report.stopped) return ['Stopped.', `Log: ${log}`];
  if (report.problems.size > 0) return [styled('red', 'This did not succeed.'), `Log: ${log}`];
  const words = direction === 'forward' ? styled('green', procedure.done) : procedure.undone;
  return [...wrap(words), `Log: ${log}`];
}

function exitOf(end: End): ExitCode {
  if (end === 'stopped') return EXIT.interrupted;
  return end === 'new' ? EXIT.asWanted : EXIT.failed;
}
