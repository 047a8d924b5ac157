import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { nameOfService, provenRestart, restartNodes, servicesNamed } from '../app/restart.ts';
import { runAndDraw } from '../app/run-and-draw.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { isWhole } from '../app/transact.ts';
import { withLock } from '../app/with-lock.ts';
import { failures } from '../checks/examine.ts';
import { RESTARTS } from '../checks/fix-operations.ts';
import { plan } from '../engine/plan.ts';
import { writeRecord } from '../output/json.ts';
import { print } from '../output/print.ts';
import { wrap } from '../output/wrap.ts';
import { planText } from '../reporters/plan-text.ts';
import { entriesOf } from '../reporters/plan-view.ts';
import { reportText } from '../reporters/report.ts';
import { showScorecard } from './doctor.ts';
import { finishOpen } from './procedure.ts';
import { agreed } from './reviewed.ts';

/** Restarts services of the site, after a question, and proves that each works again: `active` is no proof. */
export async function restartCommand(
  session: Session,
  names: readonly string[],
  stop: Stop,
): Promise<ExitCode> {
  const services = await servicesNamed(session, names);
  const command = `restart ${services.map(nameOfService).join(' ')}`;
  return withLock(session, command, async () => {
    if (!isWhole(await finishOpen(session, stop))) return EXIT.failed;
    const { json } = session.options;
    const nodes = restartNodes(services);
    const entries = entriesOf(await plan(nodes, session.host));
    if (json) entries.forEach(writeRecord);
    else print(...planText(entries, [RESTARTS], { diff: false }), '');
    for (const { unit, means } of json ? [] : services)
      print(...wrap(`While ${unit} restarts: ${means}`, { first: '! ', rest: '  ' }));
    if (!(await agreed(session, 'Restart now?', 'Nothing was restarted.'))) return EXIT.interrupted;
    const done = await runAndDraw(session, nodes, stop, { command });
    const failed = done.report.stopped || done.report.problems.size > 0;
    const closing = failed ? {} : { closing: [`Log: ${done.log}`, ''] };
    if (!json) print(...reportText({ ...done, warnings: session.warnings, skipped: [], ...closing }));
    if (done.report.stopped) return EXIT.interrupted;
    // Also after a failure: what does not start again is named by its check, with what to do.
    const started = performance.now();
    const examined = await provenRestart(session, services);
    showScorecard(session, examined, { ms: performance.now() - started });
    return failed || failures(examined).length > 0 ? EXIT.failed : EXIT.asWanted;
  });
}
