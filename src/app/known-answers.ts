import type { Answers } from '../answers/answers.ts';
import type { Question } from '../answers/question.ts';
import { AnswersMissing } from '../answers/refused.ts';
import type { Check } from '../checks/check.ts';
import type { Section } from '../engine/section.ts';
import type { Host } from '../host/host.ts';
import type { Session } from './session.ts';

/**
 * What a host with a fault does not tell any more (a SECRET_KEY of CHANGE_ME, settings that can't be read) must not keep
 * the fault from being named. Only what the checks use is looked for: all else would take as long as the checks.
 * @throws AnswersMissing when neither the host nor the answers file tell the site's name: there is no site to look at
 */
export async function knownAnswers(session: Session, checks: readonly Check[]): Promise<Answers> {
  const used = new Set(checks.flatMap((check) => check.answers ?? []));
  const sections = (await session.product.sections()).map((section, index) => ({
    ...section,
    questions: section.questions.filter(({ id }) => index === 0 || used.has(id)),
  }));
  const { answers, missing } = await session.collect(withoutUnreadable(sections));
  const first = sections[0]?.questions[0];
  if (first === undefined || !missing.some(({ id }) => id === first.id)) return answers;
  throw new AnswersMissing({
    what: `The site's name could not be found on this server: ${first.label} is unknown. Nothing was changed.`,
    remedy: 'Set the site up first: studio-setup. Or give its answers: studio-setup doctor --answers FILE',
  });
}

/**
 * @returns the sections with questions for which an error is no answer; only for what writes none of the answers. What can't
 *   be looked at counts as there: its answer is left out, and nothing is made for it.
 */
export function withoutUnreadable(sections: readonly Section[]): readonly Section[] {
  return sections.map((section) => ({ ...section, questions: section.questions.map(readable) }));
}

function readable(question: Question): Question {
  const { current, alreadyOnHost } = question;
  return {
    ...question,
    ...(current ? { current: (host: Host) => current(host).catch(() => undefined) } : {}),
    ...(alreadyOnHost ? { alreadyOnHost: (host: Host) => alreadyOnHost(host).catch(() => true) } : {}),
  };
}
