import type { Question } from '../../answers/question.ts';
import { isSecret, refusalWhileTyped } from '../../answers/values.ts';
import { clean } from '../../output/clean.ts';
import type { Key } from '../kit/key.ts';
import { type TextField, typeInto } from '../kit/text-field.ts';
import { characters } from '../kit/width.ts';

/** @returns the answer as it is typed after a key; `undefined` when the key is none of an editor's */
export function typed(field: TextField, key: Key, { kind }: Question): TextField | undefined {
  return typeInto(field, key, kind === 'multiline-secret');
}

/** @returns why the text would be refused, while it is typed; `undefined` for an empty one */
export function answerRefusal(field: TextField, question: Question): string | undefined {
  if (field.refused !== undefined) return field.refused;
  const text = field.before + field.after;
  if (text === '' || isFilePath(text, question)) return undefined;
  return refusalWhileTyped(question, text);
}

/** A key of several lines may be given by the path of its file. */
export function isFilePath(text: string, question: Question): boolean {
  return question.kind === 'multiline-secret' && /^\/[^\n]*$/.test(text);
}

/** @param revealed whether its owner wants to see a secret @returns what may be shown of the text: dots for a secret */
export function shownText(
  field: TextField,
  question: Question,
  revealed = false,
): { before: string; after: string } {
  if (!isSecret(question) || revealed) return { before: clean(field.before), after: clean(field.after) };
  const lines = `${field.before}${field.after}`.split('\n').length;
  if (lines > 1) return { before: `•••• (${lines} lines)`, after: '' };
  const dots = (text: string) => '•'.repeat(characters(text).length);
  return { before: dots(field.before), after: dots(field.after) };
}
