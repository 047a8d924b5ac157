import type { AnswerSource, AnswerValue } from '../answers/answers.ts';
import type { Question } from '../answers/question.ts';
import type { Sources } from '../answers/sources.ts';
import { accept, isSecret, textOf } from '../answers/values.ts';

/** What is known of an answer without asking. */
export type Found =
  | { kind: 'value'; value: AnswerValue; source: AnswerSource }
  | { kind: 'generate' }
  | { kind: 'skip' };

/** @param reuse whether the answers of the last run are taken again @returns the strongest answer: file > host > saved */
export function known(question: Question, sources: Sources, reuse: boolean): Found | undefined {
  const file = sources.file.get(question.id);
  if (file?.kind === 'value') return { ...file, source: 'file' };
  if (file?.kind === 'skip') return file;
  const host = hostValue(question, sources);
  if (host !== undefined) return { kind: 'value', value: host, source: 'host' };
  if (file?.kind === 'generate') return file;
  const saved = reuse ? sources.saved.get(question.id) : undefined;
  if (saved?.kind === 'skip') return saved;
  if (saved?.kind !== 'value' || isSecret(question)) return undefined;
  const accepted = accept(question, textOf(saved.value));
  return 'value' in accepted ? { kind: 'value', value: accepted.value, source: 'saved' } : undefined;
}

/** A secret is taken as it is: refusing the one in use would have it made anew. What is no secret must still be valid. */
function hostValue(question: Question, sources: Sources): AnswerValue | undefined {
  const value = sources.host.get(question.id);
  if (value === undefined || isSecret(question)) return value;
  const accepted = accept(question, textOf(value));
  return 'value' in accepted ? accepted.value : undefined;
}
