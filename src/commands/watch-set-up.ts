import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { runAndDraw } from '../app/run-and-draw.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { isWhole } from '../app/transact.ts';
import { unwatchNodes, WATCH, wantedChannels, watchNodes } from '../app/watch/set-up.ts';
import { withLock } from '../app/with-lock.ts';
import type { Node } from '../engine/graph.ts';
import { plan } from '../engine/plan.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { showProblems } from '../output/show-problems.ts';
import { wrap } from '../output/wrap.ts';
import { planText } from '../reporters/plan-text.ts';
import { changesIn, conflictsOf, entriesOf, problemsOf } from '../reporters/plan-view.ts';
import { reportText } from '../reporters/report.ts';
import { finishOpen } from './procedure.ts';
import { agreed } from './reviewed.ts';

/** Sets the watch up: asks for the ways of telling, shows what changes, makes it, and proves it by a first round. */
export async function watchEnableCommand(session: Session, stop: Stop): Promise<ExitCode> {
  const channels = await wantedChannels(session);
  return changed(session, stop, 'watch enable', watchNodes(session, channels), {
    done: 'The watch is set up, and a first round was made. To try the ways of telling: studio-setup watch test',
    nothing: 'The watch is set up already; nothing was changed.',
  });
}

/** Takes it away again, its ways of telling among it; its history stays. */
export async function watchDisableCommand(session: Session, stop: Stop): Promise<ExitCode> {
  return changed(session, stop, 'watch disable', unwatchNodes(), {
    done: 'Nothing is checked by itself any more.',
    nothing: 'The watch is not set up; nothing was changed.',
  });
}

/** Plan, review, run. */
async function changed(
  session: Session,
  stop: Stop,
  command: string,
  nodes: readonly Node[],
  words: { readonly done: string; readonly nothing: string },
): Promise<ExitCode> {
  return withLock(session, command, async () => {
    if (!isWhole(await finishOpen(session, stop))) return EXIT.failed;
    const changes = await agreedTo(session, nodes, words.nothing);
    if (!(changes instanceof Set)) return changes;
    const done = await runAndDraw(session, nodes, stop, { command, planned: changes });
    const { stopped, problems } = done.report;
    const whole = !stopped && problems.size === 0;
    const closing = whole ? [...wrap(styled('green', words.done)), `Log: ${done.log}`] : [`Log: ${done.log}`];
    if (!session.options.json)
      print(...reportText({ ...done, warnings: session.warnings, skipped: [], closing }));
    if (stopped) return EXIT.interrupted;
    return whole ? EXIT.asWanted : EXIT.failed;
  });
}

/** Shows the plan. @returns ids of the changes that were agreed to; the exit code where it ends here */
async function agreedTo(
  session: Session,
  nodes: readonly Node[],
  nothing: string,
): Promise<Set<string> | ExitCode> {
  const { json } = session.options;
  const planned = await plan(nodes, session.host);
  const entries = entriesOf(planned);
  const [problems, conflicts] = [problemsOf(planned), conflictsOf(planned)];
  if (problems.length + conflicts.length > 0) {
    showProblems([...problems, ...conflicts], json, 'Nothing was changed.');
    return problems.length > 0 ? EXIT.failed : EXIT.waiting;
  }
  if (json) entries.forEach(writeRecord);
  else print(...(entries.length === 0 ? wrap(nothing) : [...planText(entries, [WATCH], { diff: true }), '']));
  if (entries.length === 0) return EXIT.asWanted;
  if (!(await agreed(session, 'Do it now?'))) return EXIT.interrupted;
  return new Set(changesIn(entries));
}
