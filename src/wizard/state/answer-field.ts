import type { Question } from '../../answers/question.ts';
import { isSecret, refusalWhileTyped } from '../../answers/values.ts';
import { clean } from '../../output/clean.ts';
import type { Key } from '../kit/key.ts';
import { characters } from '../kit/line.ts';

/** Characters that an answer may have: a PEM key has some 3,300. */
const LONGEST = 20_000;

/** A text that is being typed; the cursor stands between both parts. */
export interface Edit {
  readonly id: string;
  readonly before: string;
  readonly after: string;
  /** Why the last key or Enter was refused. */
  readonly refused?: string;
}

/** @returns the edit after a key; `undefined` when the key is none of an editor's */
export function typed(edit: Edit, key: Key, question: Question): Edit | undefined {
  const { id, before, after } = edit;
  const to = (left: string, right: string): Edit => ({ id, before: left, after: right });
  switch (key.name) {
    case 'char':
      return insert(edit, key.text, question);
    case 'paste':
      return insert(edit, key.text, question);
    case 'backspace':
      return to(withoutLast(before), after);
    case 'delete':
      // Most terminals send this code for the key above Enter, some for the one that deletes to the right.
      return after === '' ? to(withoutLast(before), after) : to(before, withoutFirst(after));
    case 'left':
      return to(withoutLast(before), before.slice(withoutLast(before).length) + after);
    case 'right':
      return to(before + after.slice(0, after.length - withoutFirst(after).length), withoutFirst(after));
    case 'home':
      return to('', before + after);
    case 'end':
      return to(before + after, '');
    case 'ctrl':
      switch (key.text) {
        case 'a':
          return to('', before + after);
        case 'e':
          return to(before + after, '');
        case 'u':
          return to('', after);
        case 'k':
          return to(before, '');
        case 'w':
          return to(before.replace(/\S*\s*$/, ''), after);
        case 'h':
          return to(withoutLast(before), after);
        default:
          return undefined;
      }
    default:
      return undefined;
  }
}

function insert(edit: Edit, raw: string, question: Question): Edit {
  const { id, before, after } = edit;
  const lines = question.kind === 'multiline-secret';
  // A newline at the end comes with what was copied; those inside are a mistake unless the answer has lines.
  const text = lines ? raw.replace(/\r\n?/g, '\n') : raw.replace(/[\r\n]+$/, '');
  const refuse = (refused: string): Edit => ({ id, before, after, refused });
  if (!lines && /[\r\n]/.test(text)) return refuse('What was pasted has several lines; this answer has one.');
  if (before.length + after.length + text.length > LONGEST)
    return refuse(`That is longer than ${LONGEST} characters.`);
  return { id, before: before + text, after };
}

/** @returns why the text would be refused, while it is typed; `undefined` for an empty one */
export function refusalOf(edit: Edit, question: Question): string | undefined {
  if (edit.refused !== undefined) return edit.refused;
  const text = edit.before + edit.after;
  if (text === '' || isPath(text, question)) return undefined;
  return refusalWhileTyped(question, text);
}

/** A key of several lines may be given by the path of its file. */
export function isPath(text: string, question: Question): boolean {
  return question.kind === 'multiline-secret' && /^\/[^\n]*$/.test(text);
}

/** @returns what may be shown of the text: dots for a secret */
export function shownText(edit: Edit, question: Question): { before: string; after: string } {
  if (!isSecret(question)) return { before: clean(edit.before), after: clean(edit.after) };
  const lines = `${edit.before}${edit.after}`.split('\n').length;
  if (lines > 1) return { before: `•••• (${lines} lines)`, after: '' };
  const dots = (text: string) => '•'.repeat(characters(text).length);
  return { before: dots(edit.before), after: dots(edit.after) };
}

function withoutLast(text: string): string {
  return characters(text).slice(0, -1).join('');
}

function withoutFirst(text: string): string {
  return characters(text).slice(1).join('');
}
