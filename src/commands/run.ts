import type { Answers } from '../answers/answers.ts';
import { saveAnswers } from '../answers/saved.ts';
import type { Collected } from '../answers/sources.ts';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { runAndDraw } from '../app/run-and-draw.ts';
import { sectionsFor } from '../app/sections.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { type Survey, survey } from '../app/survey.ts';
import { isWhole } from '../app/transact.ts';
import { withLock } from '../app/with-lock.ts';
import type { RunReport } from '../engine/run.ts';
import { clean } from '../output/clean.ts';
import { duration } from '../output/duration.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { showProblems } from '../output/show-problems.ts';
import { wrap } from '../output/wrap.ts';
import { planClosing, planText } from '../reporters/plan-text.ts';
import { conflictsOf, entriesOf, problemsOf } from '../reporters/plan-view.ts';
import { reportText } from '../reporters/report.ts';
import { finishOpen } from './procedure.ts';

/** Brings the host to what the document wants: the named sections, or all. */
export async function runCommand(session: Session, names: readonly string[], stop: Stop): Promise<ExitCode> {
  const sections = sectionsFor(names, await session.product.sections());
  return withLock(session, `run ${names.join(' ')}`.trim(), async () => {
    if (!isWhole(await finishOpen(session, stop))) return EXIT.failed;
    session.rememberMine();
    const started = performance.now();
    const collected = await session.complete(sections);
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
      const code = await proof(session, names, collected.answers);
      if (!session.options.json) sayNothingToDo(session, code, performance.now() - started);
      return code;
    }
    if (session.options.json) entries.forEach(writeRecord);
    else if (session.interactive) {
      print(
        ...planText(entries, await session.product.sections(), { diff: false }),
        '',
        ...planClosing(entries),
      );
      const { confirmed } = await import('../prompts/prompts.ts');
      if (!(await confirmed('Apply them now?', session.signal))) {
        print('Nothing was changed. `studio-setup plan` shows the same again, with the differences.');
        return EXIT.interrupted;
      }
    } else print(...planClosing(entries));
    saveAnswers(session.ledger, collected);
    const code = await draw(session, names, found, stop, collected.skipped);
    return code === EXIT.asWanted ? await proof(session, names, collected.answers) : code;
  });
}

/** A whole run, and section `verify`, end with the scorecard: exit codes of programs prove nothing. */
async function proof(session: Session, names: readonly string[], answers: Answers): Promise<ExitCode> {
  if (names.length > 0 && !names.includes('verify')) return EXIT.asWanted;
  const { scorecard } = await import('./doctor.ts');
  return (await scorecard(session, answers)) === 0 ? EXIT.asWanted : EXIT.failed;
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
  { nodes }: Survey,
  stop: Stop,
  skipped: Collected['skipped'],
): Promise<ExitCode> {
  const carried = await runAndDraw(session, nodes, stop, { command: ['run', ...names].join(' ') });
  if (!session.options.json) {
    const { warnings } = session;
    print(...reportText({ ...carried, warnings, skipped }));
  }
  return exitOf(carried.report);
}

function exitOf(report: RunReport): ExitCode {
  if (report.stopped) return EXIT.interrupted;
  if (report.onlyConflicts) return EXIT.waiting;
  return report.problems.size > 0 ? EXIT.failed : EXIT.asWanted;
}
