import type { Host } from '../host/host.ts';
import { problemOf } from '../output/problem.ts';
import type { Answers } from './answers.ts';
import type { Question, Trial } from './question.ts';

/**
 * Tries an answer for real. A trial that breaks off failed: it is no reason to end what the operator is at.
 * @param answers with the one that is tried
 * @returns nothing for what can't be tried
 */
export async function tryAnswer(
  { trial }: Question,
  answers: Answers,
  host: Host,
): Promise<Trial | undefined> {
  try {
    return await trial?.(answers, host);
  } catch (error) {
    return { ok: false, message: problemOf(error).what };
  }
}
