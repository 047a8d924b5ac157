import { setTimeout as sleep } from 'node:timers/promises';
import type { Answers } from '../answers/answers.ts';
import { type Examined, examine, failures } from '../checks/examine.ts';
import type { Facts } from '../host/linux-host.ts';
import { knownAnswers } from './known-answers.ts';
import type { Session } from './session.ts';

/** What was just started may need a moment until all is well: a queue is worked off, a search index filled. */
const SETTLES_MS = 15_000;

/**
 * @param facts what is being asked elsewhere of this server, where nothing changes it meanwhile
 * @throws AnswersMissing when neither the host nor the answers file tell the site's name: there is no site to look at
 */
export async function examineSite(
  session: Session,
  renewal = false,
  facts: Facts = new Map(),
): Promise<readonly Examined[]> {
  const checks = [
    ...(await session.product.checks()),
    ...(renewal ? (await import('../checks/index.ts')).renewalChecks : []),
  ];
  return examine(checks, { ...session.hostOptions, facts }, () => knownAnswers(session, checks));
}

/**
 * @param facts what this server was asked a moment ago, when nothing was changed since
 * @returns each check with what it found, cleaned, in the scorecard's order; all are made side by side
 */
export async function checkResults(
  session: Session,
  answers: Answers,
  facts: Facts = new Map(),
): Promise<readonly Examined[]> {
  return examine(await session.product.checks(), { ...session.hostOptions, facts }, async () => answers);
}

/** @returns by its id what each check says that fails now */
export async function failingChecks(
  session: Session,
  answers: Answers,
): Promise<ReadonlyMap<string, string>> {
  return new Map(
    failures(await checkResults(session, answers)).map(([{ id }, { said }]) => [id, said] as const),
  );
}

/** @returns what the checks find once all is well that could be fixed, or when that takes too long */
export async function examineSettled(
  session: Session,
  answers: Answers,
  before: readonly Examined[],
): Promise<readonly Examined[]> {
  const checks = before.map(([check]) => check);
  const byHand = failures(before).filter(([, { fixes = [] }]) => fixes.length === 0).length;
  const until = performance.now() + SETTLES_MS;
  for (;;) {
    const examined = await examine(checks, session.hostOptions, async () => answers);
    if (failures(examined).length <= byHand || performance.now() > until || session.signal.aborted)
      return examined;
    await sleep(500);
  }
}
