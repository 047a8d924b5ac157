import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { runAndDraw } from '../app/run-and-draw.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import type { Node } from '../engine/graph.ts';
import { plan } from '../engine/plan.ts';
import type { Section } from '../engine/section.ts';
import { writeRecord } from '../output/json.ts';
import { print } from '../output/print.ts';
import { showProblems } from '../output/show-problems.ts';
import { planText } from '../reporters/plan-text.ts';
import { entriesOf, problemsOf } from '../reporters/plan-view.ts';
import { reportText } from '../reporters/report.ts';

/** Shows what would be changed, or what keeps it from being begun. @returns whether it can be begun */
export async function shown(
  { host, options: { json } }: Session,
  nodes: readonly Node[],
  section: Section,
): Promise<boolean> {
  const planned = await plan(nodes, host);
  const problems = problemsOf(planned);
  if (problems.length > 0) {
    showProblems(problems, json, 'Nothing was changed.');
    return false;
  }
  const entries = entriesOf(planned);
  if (json) entries.forEach(writeRecord);
  else print(...planText(entries, [section], { diff: false }), '');
  return true;
}

/**
 * Asks whoever is there; nobody to ask, or `--yes`, is a yes.
 * @param no what is said after a no
 * @returns whether it is to be done
 */
export async function agreed(
  session: Session,
  question: string,
  no = 'Nothing was changed.',
): Promise<boolean> {
  if (!session.interactive) return true;
  const { confirmed } = await import('../prompts/prompts.ts');
  if (await confirmed(question, session.signal)) return true;
  print(no);
  return false;
}

/** Carries out what was agreed to, and says what came of it. The caller holds the lock. */
export async function carriedOut(
  session: Session,
  nodes: readonly Node[],
  stop: Stop,
  command: string,
): Promise<ExitCode> {
  const done = await runAndDraw(session, nodes, stop, { command });
  const { stopped, problems } = done.report;
  const closing = stopped || problems.size > 0 ? {} : { closing: [`Log: ${done.log}`] };
  if (!session.options.json)
    print(...reportText({ ...done, warnings: session.warnings, skipped: [], ...closing }));
  if (stopped) return EXIT.interrupted;
  return problems.size > 0 ? EXIT.failed : EXIT.asWanted;
}
