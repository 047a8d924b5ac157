import type { Collected } from '../answers/collect.ts';
import { withExamples } from '../answers/example.ts';
import type { Mend } from '../checks/check.ts';
import { type Examined, failures } from '../checks/examine.ts';
import { mendingNodes, mustWait } from '../checks/mending.ts';
import { graphOf } from '../engine/graph.ts';
import { isLater } from '../engine/operation.ts';
import { type Planned, plan } from '../engine/plan.ts';
import { ProblemError } from '../engine/problem.ts';
import type { Session } from '../session.ts';
import { withoutUnreadable } from './known-answers.ts';

/** What lets the rest be read at all; it needs no answer but the site's names. */
const RIGHTS: readonly Mend[] = ['working-directory/www', 'ownership'];

export interface MendPlan {
  readonly collected: Collected;
  /** All that the failures name. */
  readonly planned: readonly Planned[];
  /** What can be carried out: no conflict, no problem, nothing that needs one of those. */
  readonly possible: readonly Planned[];
}

/**
 * Observes what the failed checks name, and nothing else. Writes nothing.
 * @throws AnswersMissing when nobody is there to be asked for what the mending needs to know
 */
export async function mendPlan(session: Session, examined: readonly Examined[]): Promise<MendPlan> {
  const sections = await session.product.sections();
  const all = failures(examined).flatMap(([, { mends = [] }]) => mends);
  const { collected, mends } = await answersToMend(session, all);
  const planned = await plan(mendingNodes(mends, sections, collected.answers), session.host);
  const waits = mustWait(planned, graphOf(sections, collected.answers));
  const possible = planned.filter(
    ({ node, observation, problem }) =>
      problem === undefined &&
      !waits.has(node.operation.id) &&
      (observation === undefined || isLater(observation) || observation.conflict === undefined),
  );
  return { collected, planned, possible };
}

/** Nobody is asked while the host and the last run tell enough of the sections that are to mend something. */
async function answersToMend(
  session: Session,
  mends: readonly Mend[],
): Promise<{ collected: Collected; mends: readonly Mend[] }> {
  const sections = await session.product.sections();
  let known: Collected;
  try {
    known = await session.collect(sections);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    // A secret that can't be read must not be made anew: first it must become readable, then the rest can be told.
    known = await session.collect(withoutUnreadable(sections));
    const answers = withExamples(known.missing, known.answers);
    return { collected: { ...known, answers }, mends: mends.filter((mend) => RIGHTS.includes(mend)) };
  }
  const named = new Set(mends.map((mend) => mend.split('/')[0]));
  const asked = sections.filter(({ id }) => named.has(id)).flatMap(({ questions }) => questions);
  if (known.missing.some((question) => asked.includes(question)))
    return { collected: await session.complete(sections), mends };
  return { collected: { ...known, answers: withExamples(known.missing, known.answers) }, mends };
}
