import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { sectionsFor } from '../app/sections.ts';
import type { Session } from '../app/session.ts';
import { beginDjango, survey } from '../app/survey.ts';
import { clean } from '../output/clean.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { showProblems } from '../output/show-problems.ts';
import { wrap } from '../output/wrap.ts';
import { planClosing, planText } from '../reporters/plan-text.ts';
import { conflictsOf, entriesOf, problemsOf } from '../reporters/plan-view.ts';
import { sayPending } from './show-pending.ts';

/**
 * Shows what a run would change, and writes nothing on the host. It asks nothing: its output is read by programs and pagers, too.
 * @param diff with the differences of texts
 */
export async function planCommand(
  session: Session,
  names: readonly string[],
  diff: boolean,
): Promise<ExitCode> {
  await beginDjango(session, names);
  const sections = sectionsFor(names, await session.product.sections());
  const open = await sayPending(session);
  const { answers, skipped } = await session.complete(sections, false);
  const { planned, unmet } = await survey(session, sections, names, answers);
  const entries = entriesOf(planned);
  const problems = [...(unmet ? [{ problem: unmet }] : []), ...problemsOf(planned)];
  const conflicts = conflictsOf(planned);
  const { json } = session.options;

  if (json) entries.forEach(writeRecord);
  else print(...planText(entries, await session.product.sections(), { diff }));
  showProblems([...problems, ...conflicts], json);
  if (json) {
    const { length: later } = entries.filter(({ kind }) => kind === 'later');
    writeRecord({
      type: 'plan-finished',
      ...{ changes: entries.length - later, later, problems: problems.length, conflicts: conflicts.length },
    });
  } else {
    for (const each of skipped)
      print(...wrap(`Not set up: ${each.what}. ${each.consequence}`, { first: '○ ', rest: '  ' }));
    for (const warning of session.warnings) print(...wrap(clean(warning), { first: '! ', rest: '  ' }));
    print(
      '',
      ...(entries.length === 0 && problems.length === 0
        ? [styled('green', 'Everything is up to date: a run would change nothing.')]
        : [...planClosing(entries), 'Nothing was changed; `studio-setup run` makes these changes.']),
    );
  }
  if (problems.length > 0) return EXIT.failed;
  if (conflicts.length > 0) return EXIT.waiting;
  return entries.length > 0 || open ? EXIT.pending : EXIT.asWanted;
}
