import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { runAndDraw } from '../app/run-and-draw.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { isWhole } from '../app/transact.ts';
import { withLock } from '../app/with-lock.ts';
import { type Node, nodesOf } from '../engine/graph.ts';
import type { Operation } from '../engine/operation.ts';
import { plan } from '../engine/plan.ts';
import type { Section } from '../engine/section.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { showProblems } from '../output/show-problems.ts';
import { wrap } from '../output/wrap.ts';
import { planText } from '../reporters/plan-text.ts';
import { changesIn, conflictsOf, entriesOf, problemsOf } from '../reporters/plan-view.ts';
import { reportText } from '../reporters/report.ts';
import { finishOpen } from './procedure.ts';
import { agreed } from './reviewed.ts';

/** What is set up, or taken away again. */
export interface SetUp {
  /** As typed, without the product's name. */
  readonly command: string;
  readonly section: Section;
  readonly operations: readonly Operation[];
  /** What is begun once the lock is free again, as another start of the product takes it. */
  readonly afterwards?: readonly Operation[];
  /** Said at the end. */
  readonly done: string;
  /** Said where nothing is to be changed. */
  readonly nothing: string;
}

/** Plan, review, run. */
export async function setUp(session: Session, stop: Stop, wanted: SetUp): Promise<ExitCode> {
  const { command, section, operations, afterwards = [], done, nothing } = wanted;
  const nodes = nodesOf(section, operations);
  const carriedOut = async (part: readonly Node[], planned: ReadonlySet<string>, closing: string) => {
    const ran = await runAndDraw(session, part, stop, { command, planned });
    const { stopped, problems } = ran.report;
    const whole = !stopped && problems.size === 0;
    const log = `Log: ${ran.log}`;
    const lines = whole ? [...(closing === '' ? [] : wrap(styled('green', closing))), log] : [log];
    if (!session.options.json)
      print(...reportText({ ...ran, warnings: session.warnings, skipped: [], closing: lines }));
    if (stopped) return EXIT.interrupted;
    return whole ? EXIT.asWanted : EXIT.failed;
  };
  const first = await withLock(session, command, async () => {
    if (!isWhole(await finishOpen(session, stop))) return EXIT.failed;
    const changes = await agreedTo(
      session,
      nodesOf(section, [...operations, ...afterwards]),
      section,
      nothing,
    );
    if (!(changes instanceof Set)) return changes;
    const own = nodes.filter(({ operation }) => changes.has(operation.id)).length > 0;
    const code = own ? await carriedOut(nodes, changes, afterwards.length === 0 ? done : '') : EXIT.asWanted;
    return code === EXIT.asWanted && afterwards.length > 0 ? changes : code;
  });
  return first instanceof Set ? carriedOut(nodesOf(section, afterwards), first, done) : first;
}

/** Shows the plan. @returns ids of the changes that were agreed to; the exit code where it ends here */
async function agreedTo(
  session: Session,
  nodes: readonly Node[],
  section: Section,
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
  else
    print(...(entries.length === 0 ? wrap(nothing) : [...planText(entries, [section], { diff: true }), '']));
  if (entries.length === 0) return EXIT.asWanted;
  if (!(await agreed(session, 'Do it now?'))) return EXIT.interrupted;
  return new Set(changesIn(entries));
}
