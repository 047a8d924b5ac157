import { Secret } from '../output/secret.ts';
import type { AnswerValue } from './answers.ts';
import type { Question } from './question.ts';

export type Accepted = { readonly value: AnswerValue } | { readonly refused: string };

/** Characters; a PEM key has some 3,300. */
const LONGEST = 2000;
const LONGEST_LINES = 20_000;

/** Control characters other than the end of a line, and the marks that turn the reading direction round. */
const INVISIBLE =
  /[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/;

const YES = /^(yes|y|true|on)$/i;
const NO = /^(no|n|false|off)$/i;

/**
 * The one gate for answers, whether typed, from a file or saved.
 * @param text as given; a list's words are separated by spaces or commas
 * @returns the value as it is kept, or why it is refused in plain words (which never repeat a secret)
 */
export function accept(question: Question, text: string): Accepted {
  switch (question.kind) {
    case 'confirm':
      if (YES.test(text.trim())) return { value: true };
      return NO.test(text.trim()) ? { value: false } : { refused: 'Answer yes or no.' };
    case 'choice': {
      const choices = question.choices ?? [];
      const chosen = choices.find(({ value }) => value === text.trim());
      if (chosen) return { value: chosen.value };
      return { refused: `Choose one of: ${choices.map(({ value }) => value).join(', ')}.` };
    }
    case 'list': {
      const kept: string[] = [];
      for (const word of text.split(/[\s,]+/).filter((each) => each !== '')) {
        const refused = unfitOf(question, word) ?? question.validate?.(word);
        if (refused !== undefined) return { refused: `${word}: ${refused}` };
        kept.push(question.normalise?.(word) ?? word);
      }
      return kept.length === 0 && question.skippable === undefined && question.default === undefined
        ? { refused: 'Enter at least one.' }
        : { value: kept };
    }
    case 'secret':
    case 'multiline-secret': {
      const kept = secretText(question, text);
      return 'refused' in kept ? kept : { value: new Secret(kept.value) };
    }
    case 'text':
      return accepted(question, text.trim());
  }
}

/**
 * The gate for what a host has already. A secret is taken as it is: refusing the one in use would have it made again.
 * @returns the value, or why it can't be taken: then it is asked about, and nothing else takes its place
 */
export function acceptExisting(question: Question, value: AnswerValue): Accepted {
  if (isSecret(question)) return { value };
  const { existing, normalise, ...others } = question;
  const asItIs = existing === undefined ? question : { ...others, validate: existing };
  return accept(asItIs, textOf(value));
}

/**
 * The same judgement while it is still typed. Makes no {@link Secret}: all output would be masked for each beginning of
 * a password, `studio` among them, for as long as this process lasts.
 * @returns why the text is refused, else `undefined`
 */
export function refusalWhileTyped(question: Question, text: string): string | undefined {
  const judged = isSecret(question) ? secretText(question, text) : accept(question, text);
  return 'refused' in judged ? judged.refused : undefined;
}

/** A newline at the end comes from the file or the clipboard; a PEM key keeps the ones inside. */
function secretText(question: Question, text: string) {
  return accepted(question, text.replace(/[\r\n]+$/, ''));
}

function accepted(question: Question, text: string): { value: string } | { refused: string } {
  if (text === '') return { refused: 'An answer is required.' };
  const unfit = unfitOf(question, text);
  if (unfit !== undefined) return { refused: unfit };
  const refused = question.validate?.(text);
  if (refused !== undefined) return { refused };
  return { value: question.normalise?.(text) ?? text };
}

/** What no answer may hold: it would break a configuration file, or show another text than the one that is kept. */
function unfitOf({ kind }: Question, text: string): string | undefined {
  const lines = kind === 'multiline-secret';
  const longest = lines ? LONGEST_LINES : LONGEST;
  if (text.length > longest) return `${text.length} characters; at most ${longest} are allowed.`;
  if (!lines && /[\r\n]/.test(text))
    return `${text.trim().split(/\r\n?|\n/).length} lines; this answer has one line.`;
  return INVISIBLE.test(text) || !text.isWellFormed()
    ? 'The text contains invisible characters. Type it instead of pasting it.'
    : undefined;
}

export function isSecret(question: Question): boolean {
  return question.kind === 'secret' || question.kind === 'multiline-secret';
}

/** @returns an answer as text that {@link accept} takes again. Not for secrets. */
export function textOf(value: AnswerValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value instanceof Secret ? value.toString() : value.join(' ');
}

/** Whether a value can be generated for a person who answers. */
export function isGenerated({ generate, generateOnRequest }: Question): boolean {
  return (generate ?? generateOnRequest) !== undefined;
}

/** @returns a new value of a question that can be generated. @throws {TypeError} for another one */
export function generated(question: Question): AnswerValue {
  const make = question.generate ?? question.generateOnRequest;
  if (make === undefined) throw new TypeError(`${question.id} can't be generated`);
  return isSecret(question) ? new Secret(make()) : make();
}
