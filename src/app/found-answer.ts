import type { AnswerSource, AnswerValue } from '../answers/answers.ts';
import type { Question } from '../answers/question.ts';
import type { Sources } from '../answers/sources.ts';
import { accept, acceptExisting, isSecret, textOf } from '../answers/values.ts';

/** What is known of an answer without asking. */
export type Found =
  | { kind: 'value'; value: AnswerValue; source: AnswerSource }
  | { kind: 'generate' }
  | { kind: 'skip' }
  /** The host has something that can't be taken. */
  | { kind: 'refused'; value: string; why: string };

/** @param reuse whether the answers of the last run are taken again @returns the strongest answer: file > host > saved */
export function known(question: Question, sources: Sources, reuse: boolean): Found | undefined {
  const file = sources.file.get(question.id);
  if (file?.kind === 'value') return { ...file, source: 'file' };
  if (file?.kind === 'skip') return file;
  const host = sources.host.get(question.id);
  if (host !== undefined) {
    const accepted = acceptExisting(question, host);
    return 'value' in accepted
      ? { kind: 'value', value: accepted.value, source: 'host' }
      : { kind: 'refused', value: textOf(host), why: accepted.refused };
  }
  if (file?.kind === 'generate') return file;
  const saved = reuse ? sources.saved.get(question.id) : undefined;
  if (saved?.kind === 'skip') return saved;
  if (saved?.kind !== 'value' || isSecret(question)) return undefined;
  const accepted = accept(question, textOf(saved.value));
  return 'value' in accepted ? { kind: 'value', value: accepted.value, source: 'saved' } : undefined;
}
