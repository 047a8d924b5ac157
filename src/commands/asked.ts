import { Answers } from '../answers/answers.ts';
import type { Question } from '../answers/question.ts';
import type { Session } from '../app/session.ts';
import { UsageError } from '../app/usage.ts';
import { Secret } from '../output/secret.ts';

/** @throws UsageError when nobody is there to ask */
export async function asked(
  session: Session,
  question: Question,
  unattended: { readonly what: string; readonly remedy: string },
): Promise<string> {
  const asker = await session.asker();
  if (asker === undefined) throw new UsageError(unattended);
  const given = await asker.ask(question, new Answers(), undefined);
  if (given.kind !== 'value') return '';
  return given.value instanceof Secret ? given.value.reveal() : String(given.value);
}
