import { Answers } from '../answers/answers.ts';
import { graphOf, type Node } from '../engine/graph.ts';
import type { Operation } from '../engine/operation.ts';
import { type Pending, writePending } from '../engine/pending.ts';
import { plan } from '../engine/plan.ts';
import { ProblemError, StoppedError } from '../engine/problem.ts';
import type { Section } from '../engine/section.ts';
import { clean } from '../front/clean.ts';
import { writeRecord } from '../front/json.ts';
import { planText } from '../front/plan-text.ts';
import { conflictsOf, entriesOf, problemsOf } from '../front/plan-view.ts';
import { print, styled } from '../front/print.ts';
import { reportText } from '../front/report.ts';
import { wrap } from '../front/wrap.ts';
import type { Procedure, ProcedureKind } from '../procedures/procedure.ts';
import type { Session } from '../session.ts';
import type { Carried } from './carry-out.ts';
import { drawn } from './drawn.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { locked } from './locked.ts';
import { forgetPending, nameOf, openProcedures } from './pending.ts';
import { showProblems } from './show-problems.ts';
import type { Stop } from './signals.ts';

/**
 * How a procedure ended: `neither` when the way back failed too; then it stays pending. `stopped`: by the operator, and the
 * old state was brought back.
 */
export type End = 'new' | 'old' | 'stopped' | 'neither';

/**
 * Begins a procedure on a live site, or goes on with one that was killed: plan, review, run, proof; back to the old state
 * when anything fails.
 * @param given its arguments, as typed
 */
export async function procedureCommand(
  session: Session,
  kind: ProcedureKind,
  given: Readonly<Record<string, string>>,
  stop: Stop,
): Promise<ExitCode> {
  return locked(session, nameOf({ procedure: kind.id, arguments: given }), async () => {
    const finished = await finishAll(session, stop);
    const ended = finished.get(kind.id) ?? [...finished.values()].find((end) => !isWhole(end));
    // The same command again goes on from where it was; it does not begin a second time.
    if (ended !== undefined) return exitOf(ended);
    const procedure = await build(session, kind, given);
    if (!(await agreed(session, procedure))) return EXIT.interrupted;
    return exitOf(await perform(session, procedure, 'forward', stop));
  });
}

/**
 * First of all that changes the host: procedures that were killed are brought to their end.
 * The caller holds the lock, and nothing of an earlier run is left at work.
 * @returns how the last one ended, `undefined` when nothing was pending
 */
export async function finishOpen(session: Session, stop: Stop): Promise<End | undefined> {
  return [...(await finishAll(session, stop)).values()].at(-1);
}

/** One after the other, until one comes to no end: then what is left stays pending too. @returns by id, in their order */
async function finishAll(session: Session, stop: Stop): Promise<ReadonlyMap<string, End>> {
  const open = await openProcedures(session);
  const ended = new Map<string, End>();
  if (open.length === 0) forgetPending(session);
  for (const { kind, pending } of open) {
    say(session, `"${nameOf(pending)}" was begun and did not come to its end. It is finished first.`);
    const procedure = await build(session, kind, pending.arguments);
    const end = await perform(session, procedure, pending.direction, stop);
    ended.set(kind.id, end);
    if (!isWhole(end)) break;
  }
  return ended;
}

/** The same for a screen that is not drawn yet, with a lock of its own. */
export async function finishBefore(session: Session, stop: Stop): Promise<End | undefined> {
  if ((await openProcedures(session)).length === 0) return undefined;
  return locked(session, '(finishing what was begun)', () => finishOpen(session, stop));
}

/** Whether the site is in one whole state, the new or the old, so that something else may begin. */
export function isWhole(end: End | undefined): boolean {
  return end === undefined || end === 'new' || end === 'old';
}

async function build(session: Session, kind: ProcedureKind, given: Readonly<Record<string, string>>) {
  const { answers } = await session.collect(await session.product.sections());
  return kind.build({ host: session.host, answers }, given);
}

/** Shows the plan. @returns whether it is to be carried out. @throws ProblemError when it can't be */
async function agreed(session: Session, procedure: Procedure): Promise<boolean> {
  const section = sectionOf(procedure);
  const planned = await plan(
    nodesOf(procedure, [...procedure.requirements, ...procedure.forward]),
    session.host,
  );
  if (session.signal.aborted) throw new StoppedError('Stopped by the operator');
  const problems = [...problemsOf(planned), ...conflictsOf(planned)];
  if (problems.length > 0) {
    showProblems(problems.slice(1), session.options.json);
    const [{ problem } = { problem: { what: '', remedy: '' } }] = problems;
    throw new ProblemError({ ...problem, what: `${problem.what} Nothing was changed.` });
  }
  const entries = entriesOf(planned);
  if (session.options.json) entries.forEach(writeRecord);
  else print(...planText(entries, [section], { diff: false }), '');
  for (const notice of procedure.notices) say(session, notice);
  if (!session.interactive) return true;
  print('');
  const { confirmed } = await import('../answers/prompts.ts');
  if (await confirmed('Do it now?', session.signal)) return true;
  print('Nothing was changed.');
  return false;
}

/** One way, and when it fails the other. */
async function perform(
  session: Session,
  procedure: Procedure,
  direction: Pending['direction'],
  stop: Stop,
): Promise<End> {
  const first = await go(session, procedure, direction, stop);
  if (first === 'new' || first === 'old') return first;
  const other = direction === 'forward' ? 'backward' : 'forward';
  say(session, `${first === 'stopped' ? 'Stopped' : 'It did not succeed'}: ${WAYS[other]}.`);
  const second = await go(session, procedure, other, stop);
  if (second === 'old' && first === 'stopped') return 'stopped';
  if (second === 'new' || second === 'old') return second;
  const name = nameOf({ procedure: procedure.id, arguments: procedure.arguments });
  const problem = {
    what: `"${name}" came neither to the new state nor back to the old one. Both are kept, in root's own file.`,
    remedy: `Mend what is named above, then: studio-setup ${name}. It goes on from here.`,
  };
  showProblems([{ problem }], session.options.json);
  return 'neither';
}

const WAYS = { forward: 'once more forward, to the new state', backward: 'the old state is brought back' };

async function go(
  session: Session,
  procedure: Procedure,
  direction: Pending['direction'],
  stop: Stop,
): Promise<'new' | 'old' | 'failed' | 'stopped'> {
  const { state } = session.product.paths;
  const carried = await drawn(
    session,
    nodesOf(procedure, procedure[direction]),
    stop,
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
  const end = direction === 'forward' ? 'new' : 'old';
  const ended = report.problems.size === 0 && !report.stopped;
  if (ended) forgetPending(session);
  if (session.options.json) {
    if (ended) writeRecord({ type: 'procedure-finished', ...{ procedure: procedure.id, state: end } });
  } else
    print(
      ...reportText({
        ...carried,
        warnings: [],
        skipped: [],
        closing: closing(procedure, direction, carried),
      }),
    );
  if (session.signal.aborted) throw new StoppedError('Stopped by the operator');
  if (ended) return end;
  if (!report.stopped) return 'failed';
  // A gentle stop leaves no site in between: the caller goes back.
  stop.goOn();
  return 'stopped';
}

function closing(
  procedure: Procedure,
  direction: Pending['direction'],
  { report, log }: Carried,
): readonly string[] {
  if (report.stopped) return ['Stopped.', `Log: ${log}`];
  if (report.problems.size > 0) return [styled('red', 'This way did not succeed.'), `Log: ${log}`];
  const words = direction === 'forward' ? styled('green', procedure.done) : procedure.undone;
  return [...wrap(words), `Log: ${log}`];
}

function exitOf(end: End): ExitCode {
  if (end === 'stopped') return EXIT.interrupted;
  return end === 'new' ? EXIT.asWanted : EXIT.failed;
}

function say(session: Session, message: string): void {
  if (session.options.json) writeRecord({ type: 'notice', ...{ message: clean(message) } });
  else print(...wrap(clean(message), { first: `${styled('yellow', '!')} `, rest: '  ' }));
}

function nodesOf(procedure: Procedure, operations: readonly Operation[]): readonly Node[] {
  return graphOf([{ ...sectionOf(procedure), operations: () => operations }], new Answers());
}

function sectionOf({ id, title }: Procedure): Section {
  const summary = '';
  return { id, title, heading: title, summary, needs: [], questions: [], operations: () => [] };
}
