import type { Answers } from '../answers/answers.ts';
import { saveAnswers } from '../answers/saved.ts';
import type { Collected } from '../answers/sources.ts';
import { changeFacts } from '../app/change-facts.ts';
import { downloadsOf } from '../app/downloads.ts';
import { estimateOf } from '../app/estimate.ts';
import { checkResults } from '../app/examine-site.ts';
import type { RunResult } from '../app/execute-run.ts';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { finishFacts, nextStepsOn } from '../app/next-steps.ts';
import { offerNodes } from '../app/offer.ts';
import { operationTimes } from '../app/operation-times.ts';
import { runAndDraw } from '../app/run-and-draw.ts';
import { sectionsFor } from '../app/sections.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { siteFacts } from '../app/site-facts.ts';
import { beginDjango, type Survey, survey } from '../app/survey.ts';
import { isWhole } from '../app/transact.ts';
import { welcome } from '../app/welcome.ts';
import { withLock } from '../app/with-lock.ts';
import { failures } from '../checks/examine.ts';
import type { Handover, Offer } from '../engine/offer.ts';
import type { RunReport } from '../engine/run.ts';
import { clean, cleaned } from '../output/clean.ts';
import { duration } from '../output/duration.ts';
import { factLines } from '../output/fact.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { showProblems } from '../output/show-problems.ts';
import { wrap } from '../output/wrap.ts';
import { planSummary, planText } from '../reporters/plan-text.ts';
import { changesIn, conflictsOf, entriesOf, problemsOf } from '../reporters/plan-view.ts';
import { reportText } from '../reporters/report.ts';
import { nextStepsText } from './next-steps.ts';
import { finishOpen } from './procedure.ts';
import { sayMaintenance } from './show-pending.ts';

/** Brings the host to what the document wants: the named sections, or all. */
export async function runCommand(session: Session, names: readonly string[], stop: Stop): Promise<ExitCode> {
  const sections = sectionsFor(names, await session.product.sections());
  if (session.interactive && session.ledger.isNew && names.length === 0)
    print(...welcomeLines(sections.length));
  return withLock(session, `run ${names.join(' ')}`.trim(), async () => {
    if (!isWhole(await finishOpen(session, stop))) return EXIT.failed;
    return runSections(session, names, stop, session.interactive);
  });
}

/**
 * The same for whoever holds the lock.
 * @param ask whether the changes are agreed to first
 * @param awaited ids of checks that may fail still
 */
export async function runSections(
  session: Session,
  names: readonly string[],
  stop: Stop,
  ask: boolean,
  awaited: readonly string[] = [],
): Promise<ExitCode> {
  const started = performance.now();
  if (!session.interactive) await beginDjango(session, names);
  const sections = sectionsFor(names, await session.product.sections());
  session.rememberMine();
  const collected = await session.complete(sections, true, (offer) => make(session, offer, stop));
  const found = await survey(session, sections, names, collected.answers);

  const problems = [
    ...(found.unmet ? [{ at: undefined, problem: found.unmet }] : []),
    ...problemsOf(found.planned),
  ];
  if (problems.length > 0) {
    showProblems(problems, session.options.json, 'Nothing was changed.');
    return EXIT.failed;
  }
  const conflicts = conflictsOf(found.planned);
  if (conflicts.length > 0) {
    showProblems(conflicts, session.options.json, 'Nothing was changed.');
    return EXIT.waiting;
  }
  const entries = entriesOf(found.planned);
  if (entries.length === 0) {
    const ms = performance.now() - started;
    if (session.options.json) writeRecord({ type: 'run-finished', ...nothingDone(found, ms) });
    const code = await proof(session, names, collected, { awaited, facts: found.facts });
    if (!session.options.json) sayNothingToDo(session, code, performance.now() - started);
    return code;
  }
  if (session.options.json) entries.forEach(writeRecord);
  else print(...(await expectations(session, names, found, collected)));
  if (ask && !session.options.json) {
    print(
      ...planText(entries, await session.product.sections(), { diff: false }),
      '',
      `${planSummary(entries)}.`,
    );
    const { confirmed } = await import('../prompts/prompts.ts');
    if (!(await confirmed('Apply them now?', session.signal))) {
      print('Nothing was changed. To see the changes again, with their differences: studio-setup plan');
      return EXIT.interrupted;
    }
  } else if (!session.options.json) print('', `${planSummary(entries)}.`);
  saveAnswers(session.ledger, collected);
  const done = await draw(session, names, found, stop, collected.skipped);
  const code = exitOf(done.report);
  return code === EXIT.asWanted ? await proof(session, names, collected, { awaited, done }) : code;
}

/** @returns lines: what the server will be, and what the run means for it */
async function expectations(
  { host, ledger, product }: Session,
  names: readonly string[],
  { nodes, planned }: Survey,
  { answers, skipped }: Collected,
): Promise<readonly string[]> {
  const entries = entriesOf(planned);
  const measured = names.length === 0 ? product.measured : undefined;
  const ids = new Set(entries.map(({ operation }) => operation));
  const estimate = estimateOf(nodes, ids, operationTimes(ledger), measured);
  const changes = changeFacts(entries, estimate, await downloadsOf(host, planned));
  return factLines(cleaned([...siteFacts(answers, skipped), ...changes]));
}

/** A whole run, and section `verify`, end with the scorecard: exit codes of programs prove nothing. */
function isProved(names: readonly string[]): boolean {
  return names.length === 0 || names.includes('verify');
}

/** @param after checks that may fail still, and what was done, or, where there was nothing to do, what the plan asked */
async function proof(
  session: Session,
  names: readonly string[],
  { answers, skipped }: Collected,
  {
    awaited,
    done,
    facts,
  }: {
    readonly awaited: readonly string[];
    readonly done?: RunResult;
    readonly facts?: Survey['facts'];
  },
): Promise<ExitCode> {
  if (!isProved(names)) return EXIT.asWanted;
  const { showScorecard } = await import('./doctor.ts');
  const started = performance.now();
  const examined = await checkResults(session, answers, facts);
  if (done && !session.options.json) print(...(await finishText(session, answers, skipped, done)), '');
  showScorecard(session, examined, { ms: performance.now() - started, folded: true });
  await sayMaintenance(session);
  return failures(examined).every(([{ id }]) => awaited.includes(id)) ? EXIT.asWanted : EXIT.failed;
}

/** @returns lines: what the site is now, and what is left to do elsewhere */
async function finishText(
  { host, product }: Session,
  answers: Answers,
  skipped: Collected['skipped'],
  { log, ms }: RunResult,
): Promise<readonly string[]> {
  const took = [
    { label: 'Took', value: duration(ms) },
    { label: 'Log', value: log },
  ];
  return [
    ...factLines(cleaned([...finishFacts(answers, skipped), ...took])),
    ...nextStepsText(await nextStepsOn(host, await product.sections(), answers)),
  ];
}

function nothingDone({ planned }: Survey, ms: number) {
  const unchanged = planned.length;
  return { at: Date.now(), changed: 0, unchanged, failed: 0, skipped: 0, restarts: [], ms };
}

function sayNothingToDo(session: Session, code: ExitCode, ms: number): void {
  for (const warning of session.warnings) print(...wrap(clean(warning), { first: '! ', rest: '  ' }));
  const done = `0 changes, 0 restarts, ${duration(ms)}.`;
  print(
    code === EXIT.asWanted
      ? styled('green', `Everything is up to date: ${done}`)
      : styled('red', `Every step is up to date (${done.slice(0, -1)}), but some checks failed: see above.`),
  );
}

async function draw(
  session: Session,
  names: readonly string[],
  found: Survey,
  stop: Stop,
  skipped: Collected['skipped'],
): Promise<RunResult> {
  const planned = changesIn(entriesOf(found.planned));
  const command = ['run', ...names].join(' ');
  const carried = await runAndDraw(session, found.nodes, stop, { command, planned });
  if (!session.options.json) {
    const { warnings } = session;
    print(...reportText({ ...carried, warnings, skipped, proved: isProved(names) }));
  }
  return carried;
}

function exitOf(report: RunReport): ExitCode {
  if (report.stopped) return EXIT.interrupted;
  if (report.onlyConflicts) return EXIT.waiting;
  return report.problems.size > 0 ? EXIT.failed : EXIT.asWanted;
}

/** Makes what the failed trial of an answer offers. The caller holds the lock. @returns nothing when that failed, which is shown */
async function make(session: Session, offer: Offer, stop: Stop): Promise<Handover | undefined> {
  const done = await runAndDraw(session, offerNodes(offer), stop, { command: 'run' });
  if (done.report.stopped || done.report.problems.size > 0) {
    print(...reportText({ ...done, warnings: session.warnings, skipped: [], proved: false }));
    return undefined;
  }
  return offer.handover(session.hostNow());
}

/** @returns what the wizard's start page says, line by line */
function welcomeLines(sections: number): readonly string[] {
  const { what, time, needs } = welcome(sections);
  const items = needs.flatMap((each) => wrap(each, { first: '  - ', rest: '    ' }));
  return ['', ...what.flatMap((each) => wrap(each)), '', ...wrap(`Time: ${time}.`), 'Have ready:', ...items];
}
