import type { Answers } from '../answers/answers.ts';
import { AnswersRefused } from '../answers/refused.ts';
import type { Collected } from '../answers/sources.ts';
import type { Fix } from '../checks/check.ts';
import { type Examined, failures } from '../checks/examine.ts';
import { fixNodes, mustWait, RESTARTS } from '../checks/fix-operations.ts';
import { withExamples } from '../engine/example-answers.ts';
import { builtFrom, graphOf } from '../engine/graph.ts';
import { isLater } from '../engine/operation.ts';
import { type Planned, plan } from '../engine/plan.ts';
import { ProblemError } from '../output/problem.ts';
import { installedSettings } from '../site/installed-settings.ts';
import { SETTINGS } from '../site/layout.ts';
import { withoutUnreadable } from './known-answers.ts';
import type { Session } from './session.ts';

/** What lets the rest be read at all; it needs no answer but the site's names. */
const RIGHTS: readonly Fix[] = ['working-directory/www', 'ownership'];

/** What sets passwords and keys: only with those that settings.py tells. */
const OF_SECRETS = /^(database|meilisearch)(\/|$)/;

export interface FixPlan {
  readonly collected: Collected;
  /** All that the failures name. */
  readonly planned: readonly Planned[];
  /** What can be carried out: no conflict, no problem, nothing that needs one of those. */
  readonly possible: readonly Planned[];
}

/**
 * Observes what the failed checks name, and nothing else. Writes nothing.
 * @param mayAsk whether a terminal's prompts may ask for what the fixing needs to know
 * @throws AnswersMissing when nobody is there to be asked
 */
export async function fixPlan(
  session: Session,
  examined: readonly Examined[],
  mayAsk = true,
): Promise<FixPlan> {
  const sections = await session.product.sections();
  const all = failures(examined).flatMap(([, { fixes = [] }]) => fixes);
  const { collected, known, fixes } = await answersToFix(session, all, mayAsk);
  // Settings with a typing error tell no password, and so one was made up: it must never reach the database.
  const safe = (await settingsTellNothing(session)) ? fixes.filter((fix) => !OF_SECRETS.test(fix)) : fixes;
  const nodes = fixNodes(safe, sections, collected.answers);
  const planned = await plan(
    [
      ...builtFrom(
        nodes.filter(({ section }) => section !== RESTARTS),
        known,
      ),
      ...nodes.filter(({ section }) => section === RESTARTS),
    ],
    session.host,
  );
  const waits = mustWait(planned, graphOf(sections, collected.answers));
  const possible = planned.filter(
    ({ node, observation, problem }) =>
      problem === undefined &&
      !waits.has(node.operation.id) &&
      (observation === undefined || isLater(observation) || observation.conflict === undefined),
  );
  return { collected, planned, possible };
}

async function settingsTellNothing({ host }: Session): Promise<boolean> {
  if ((await host.status(SETTINGS)) === undefined) return false;
  return (await installedSettings(host).catch(() => undefined)) === undefined;
}

/** Nobody is asked while the host and the last run tell enough of the sections that are to fix something. */
async function answersToFix(
  session: Session,
  fixes: readonly Fix[],
  mayAsk: boolean,
): Promise<{ collected: Collected; known: Answers; fixes: readonly Fix[] }> {
  const sections = await session.product.sections();
  let known: Collected;
  try {
    known = await session.collectToApply(sections);
  } catch (error) {
    if (!(error instanceof ProblemError) || error instanceof AnswersRefused) throw error;
    // A secret that can't be read must not be made again: first it must become readable, then the rest can be told.
    known = await session.collect(withoutUnreadable(sections));
    const answers = withExamples(known.missing, known.answers);
    return {
      collected: { ...known, answers },
      known: known.answers,
      fixes: fixes.filter((fix) => RIGHTS.includes(fix)),
    };
  }
  const named = new Set(fixes.map((fix) => fix.split('/')[0]));
  const asked = sections.filter(({ id }) => named.has(id)).flatMap(({ questions }) => questions);
  if (known.missing.some((question) => asked.includes(question))) {
    const collected = await session.complete(sections, mayAsk);
    return { collected, known: collected.answers, fixes };
  }
  return {
    collected: { ...known, answers: withExamples(known.missing, known.answers) },
    known: known.answers,
    fixes,
  };
}
