import { NoAnswer } from '../output/problem.ts';
import type { Answers } from './answers.ts';
import type { Question } from './question.ts';

/** @returns whether the question is asked under these answers; not while what it hangs on is not answered itself */
export function applies(question: Question, answers: Answers): boolean {
  if (question.with !== undefined && !answers.has(question.with)) return false;
  try {
    return question.when?.(answers) ?? true;
  } catch (error) {
    if (error instanceof NoAnswer) return false;
    throw error;
  }
}
