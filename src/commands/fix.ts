import { examineSettled, examineSite } from '../app/examine-site.ts';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { fixPlan } from '../app/fix-plan.ts';
import { runAndDraw } from '../app/run-and-draw.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { isWhole } from '../app/transact.ts';
import { withLock } from '../app/with-lock.ts';
import { type Examined, failures, fixedBetween } from '../checks/examine.ts';
import { RESTARTS } from '../checks/fix-operations.ts';
import type { Planned } from '../engine/plan.ts';
import type { RunReport } from '../engine/run.ts';
import { count, duration } from '../output/duration.ts';
import { writeRecord } from '../output/json.ts';
import { print } from '../output/print.ts';
import { showProblems } from '../output/show-problems.ts';
import { wrap } from '../output/wrap.ts';
import { planSummary, planText } from '../reporters/plan-text.ts';
import { changesIn, conflictsOf, entriesOf, problemsOf } from '../reporters/plan-view.ts';
import { reportText } from '../reporters/report.ts';
import { showScorecard } from './doctor.ts';
import { finishOpen } from './procedure.ts';
import { agreed } from './reviewed.ts';

/**
 * Fixes what the checks found: just the operations that each failure names, shown and asked for first.
 * What a person has to do is said with what to do; files that were edited by hand are not overwritten.
 */
export async function fixCommand(session: Session, renewal: boolean, stop: Stop): Promise<ExitCode> {
  const { json } = session.options;
  return withLock(session, 'doctor --fix', async () => {
    if (!isWhole(await finishOpen(session, stop))) return EXIT.failed;
    const before = await timed(session, () => examineSite(session, renewal));
    if (failures(before).length === 0) return EXIT.asWanted;

    const sections = await session.product.sections();
    const { collected, planned, possible } = await fixPlan(session, before);
    const blocked = [...problemsOf(planned), ...conflictsOf(planned)];
    showProblems(blocked, json);
    sayByHand(session, before);
    const conflict = conflictsOf(planned).length > 0;
    const entries = entriesOf(possible);
    if (entries.length === 0) {
      if (!json) print('', 'doctor --fix can fix none of this. Nothing was changed.');
      return conflict ? EXIT.waiting : EXIT.pending;
    }
    if (json) entries.forEach(writeRecord);
    else
      print(...planText(entries, [...sections, RESTARTS], { diff: false }), '', `${planSummary(entries)}.`);
    if (!(await agreed(session, 'Fix it now?'))) return EXIT.interrupted;
    const { stopped, problems } = await carried(session, possible, stop);
    if (stopped) return EXIT.interrupted;
    const after = await timed(session, () => examineSettled(session, collected.answers, before));
    const fixed = fixedBetween(before, after);
    if (fixed.length > 0 && !json) print(...wrap(`Fixed: ${fixed.join(', ')}.`, { first: '', rest: '  ' }));
    if (failures(after).length === 0) return EXIT.asWanted;
    return problems.size > 0 ? EXIT.failed : conflict ? EXIT.waiting : EXIT.pending;
  });
}

async function timed(
  session: Session,
  look: () => Promise<readonly Examined[]>,
): Promise<readonly Examined[]> {
  const started = performance.now();
  const examined = await look();
  showScorecard(session, examined, { ms: performance.now() - started, hint: false });
  return examined;
}

function sayByHand(session: Session, examined: readonly Examined[]): void {
  if (session.options.json) return;
  const titles = failures(examined).flatMap(([{ title }, { fixes = [] }]) =>
    fixes.length > 0 ? [] : [title],
  );
  if (titles.length > 0)
    print(
      '',
      ...wrap(`Only a person can fix: ${titles.join(', ')}. See above for what to do.`, {
        first: '! ',
        rest: '  ',
      }),
    );
}

/** @returns how it ended; the run's report says which operation failed */
async function carried(session: Session, possible: readonly Planned[], stop: Stop): Promise<RunReport> {
  const nodes = possible.map(({ node }) => node);
  const planned = changesIn(entriesOf(possible));
  const done = await runAndDraw(session, nodes, stop, { command: 'doctor --fix', planned });
  const { report, restarts, log, ms } = done;
  const { warnings } = session;
  const all = !report.stopped && report.problems.size === 0;
  const said = `${count(report.changes.length, 'change')}, ${count(restarts.length, 'restart')}, ${duration(ms)}.`;
  const closing = all ? { closing: [said, `Log: ${log}`, '', 'All checks again:'] } : {};
  if (!session.options.json) print(...reportText({ ...done, warnings, skipped: [], ...closing }));
  return report;
}
