import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { sectionsFor } from '../app/sections.ts';
import type { Session } from '../app/session.ts';
import { survey } from '../app/survey.ts';
import { showProblems } from '../output/show-problems.ts';
import { conflictsOf, problemsOf } from '../reporters/plan-view.ts';
import { scriptOf } from '../script/script.ts';

/** Prints what a run would do as the shell that a person would type. Changes nothing. */
export async function scriptCommand(session: Session, names: readonly string[]): Promise<ExitCode> {
  const sections = sectionsFor(names, await session.product.sections());
  const { answers } = await session.complete(sections, false);
  const found = await survey(session, sections, names, answers);
  const { planned, unmet } = found;
  const problems = [...(unmet ? [{ problem: unmet }] : []), ...problemsOf(planned)];
  const conflicts = conflictsOf(planned);
  process.stdout.write(scriptOf(found, sections, answers));
  showProblems([...problems, ...conflicts], session.options.json);
  if (problems.length > 0) return EXIT.failed;
  return conflicts.length > 0 ? EXIT.waiting : EXIT.asWanted;
}
