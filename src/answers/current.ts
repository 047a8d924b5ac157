import type { Host } from '../host/host.ts';
import { Secret } from '../output/secret.ts';
import type { AnswerValue } from './answers.ts';
import type { Question } from './question.ts';
import { isSecret } from './values.ts';

/**
 * Reads all answers that the host itself already gives. An error is not taken for "no answer": a secret that
 * can't be read must not be made again.
 * @throws ProblemError when what should give an answer can't be read
 */
export async function currentAnswers(
  questions: readonly Question[],
  host: Host,
): Promise<ReadonlyMap<string, AnswerValue>> {
  const found = await Promise.all(
    questions.map(async (question) => [question, await question.current?.(host)] as const),
  );
  const answers = new Map<string, AnswerValue>();
  for (const [question, value] of found) {
    if (value === undefined || value === '') continue;
    answers.set(question.id, isSecret(question) && typeof value === 'string' ? new Secret(value) : value);
  }
  return answers;
}
