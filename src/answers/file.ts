import { readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import * as z from 'zod/mini';
import { decoded } from '../host/text.ts';
import type { AnswerValue } from './answers.ts';
import { didYouMean } from './nearest.ts';
import type { Question } from './question.ts';
import { AnswersRefused } from './refused.ts';
import { settingPath, settingQuestion } from './setting-question.ts';
import type { AnswerInput } from './sources.ts';
import { accept, isSecret } from './values.ts';

const Reference = z.union([z.strictObject({ env: z.string() }), z.strictObject({ file: z.string() })]);
const Plain = z.union([z.string(), z.number(), z.boolean()]);
const Words = z.array(z.union([z.string(), z.number()]));

const HOW =
  'Write `generate`, or { env: NAME } for an environment variable, or { file: PATH } for a file: a secret in an answers file ends up in backups and in version control.';

/**
 * Reads an answers file: nested maps (`database: {name: studio}`) and dotted keys (`database.name: studio`) are the same.
 * @param source its YAML
 * @param name as the operator knows it, for messages
 * @throws AnswersRefused listing everything that is wrong with it
 */
export function readAnswersFile(
  source: string,
  name: string,
  questions: readonly Question[],
): ReadonlyMap<string, AnswerInput> {
  const entries = flatten(parse(source, name, questions), questions);
  const byId = new Map(questions.map((question) => [question.id, question]));
  const given = new Map<string, AnswerInput>();
  const wrong: string[] = [];
  for (const [key, value] of entries) {
    const path = settingPath(key);
    const question = byId.get(key) ?? (path && settingQuestion(path));
    if (question) {
      try {
        given.set(key, givenBy(question, value, questions));
      } catch (error) {
        if (!(error instanceof TypeError)) throw error;
        wrong.push(`${key}: ${error.message}`);
      }
      continue;
    }
    const below = questions.filter(({ id }) => id.startsWith(`${key}.`));
    const left = below.filter((each) => leavable(each, questions));
    if (left.length > 0 && isSkip(value)) {
      for (const each of left) given.set(each.id, { kind: 'skip' });
      continue;
    }
    if (below.length > 0 && isSkip(value)) {
      wrong.push(`${key}: can't be skipped.`);
      continue;
    }
    wrong.push(`${key}: no such answer.${didYouMean(key, [...byId.keys()])}`);
  }
  if (wrong.length === 0) return given;
  throw new AnswersRefused({
    what: `${name}: ${wrong.length === 1 ? 'one entry is' : `${wrong.length} entries are`} refused. Nothing was changed.`,
    detail: wrong,
    remedy: 'Fix these, then run again. `studio-setup answers --example` prints all keys with their meaning.',
  });
}

function givenBy(question: Question, value: unknown, questions: readonly Question[]): AnswerInput {
  if (isSkip(value) && (value === null || leavable(question, questions))) {
    if (leavable(question, questions)) return { kind: 'skip' };
    throw new TypeError(`can't be skipped. ${question.help}`);
  }
  if (value === 'generate' && question.generate !== undefined) return { kind: 'generate' };
  if (isSecret(question)) {
    if (value === 'generate') throw new TypeError(`can't be generated. ${question.help}`);
    const reference = Reference.safeParse(value);
    if (!reference.success) throw new TypeError(`a secret must not be written in the file itself. ${HOW}`);
    return { ...taken(question, textBehind(reference.data)), reference: reference.data };
  }
  const plain = Plain.safeParse(value);
  if (plain.success) return taken(question, String(plain.data));
  const words = Words.safeParse(value);
  if (words.success && question.kind === 'list') return taken(question, words.data.join(' '));
  throw new TypeError(
    question.kind === 'list' ? 'must be a list of words.' : 'must be a single value, not a list or a map.',
  );
}

function taken(question: Question, text: string): { kind: 'value'; value: AnswerValue } {
  const accepted = accept(question, text);
  if ('refused' in accepted) throw new TypeError(accepted.refused);
  return { kind: 'value', value: accepted.value };
}

function textBehind(reference: z.infer<typeof Reference>): string {
  if ('env' in reference) {
    const value = process.env[reference.env];
    if (value === undefined || value === '') {
      throw new TypeError(
        `the environment variable ${reference.env} is not set (sudo drops it: use sudo -E).`,
      );
    }
    return value;
  }
  let bytes: Buffer;
  try {
    bytes = readFileSync(reference.file);
  } catch (error) {
    throw new TypeError(`${reference.file} can't be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  const result = decoded(bytes);
  if ('text' in result) return result.text;
  throw new TypeError(`${reference.file} is not UTF-8 (line ${result.line}): ${result.encoding}.`);
}

function isSkip(value: unknown): boolean {
  return value === null || value === 'skip';
}

/** @returns whether the answer may be `skip` */
export function leavable(question: Question, questions: readonly Question[]): boolean {
  if (question.skippable !== undefined) return true;
  return (
    question.group !== undefined &&
    questions.some(({ group, skippable }) => group === question.group && skippable !== undefined)
  );
}

function parse(source: string, name: string, questions: readonly Question[]): unknown {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false });
  const [error] = document.errors;
  if (error === undefined) {
    const value: unknown = document.toJS();
    if (value === null || value === undefined || (typeof value === 'object' && !Array.isArray(value)))
      return value;
    throw new AnswersRefused({
      what: `${name} is not a map of answers. Nothing was changed.`,
      remedy: 'Write one `key: value` per line; `studio-setup answers --example` prints a template.',
    });
  }
  const { line, col } = lines.linePos(error.pos[0]);
  throw new AnswersRefused({
    what: `${name}, line ${line}, column ${col}: ${error.message}`,
    detail: excerpt(source, line, col, questions),
    remedy: 'Fix the YAML there, then run again. Nothing was changed.',
  });
}

/** Secrets don't stand in the file by design; one that was put there all the same is not shown again here. */
function excerpt(source: string, line: number, column: number, questions: readonly Question[]): string[] {
  const secrets = new Set(questions.filter(isSecret).map(({ id }) => id.split('.').at(-1)));
  const all = source.split('\n');
  const shown: string[] = [];
  for (let at = Math.max(1, line - 1); at <= line; at += 1) {
    const text = all[at - 1] ?? '';
    const key = /^\s*["']?([\w.-]+)["']?\s*:/.exec(text)?.[1]?.split('.').at(-1);
    shown.push(
      `${String(at).padStart(4)} | ${secrets.has(key) ? `${text.slice(0, text.indexOf(':') + 1)} …` : text}`,
    );
  }
  return [...shown, `     | ${' '.repeat(Math.max(0, column - 1))}^`];
}

/** The settings that an answers file may name are not all known. */
function isReferenceTo(id: string, value: unknown): boolean {
  return settingPath(id) !== undefined && Reference.safeParse(value).success;
}

/** @returns the entries with dotted keys; maps below a question's own key are its value (`{ env: NAME }`). */
function flatten(value: unknown, questions: readonly Question[], prefix = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]): [string, unknown][] => {
    const id = prefix === '' ? key : `${prefix}.${key}`;
    const isQuestion = questions.some((question) => question.id === id) || isReferenceTo(id, inner);
    if (isQuestion || typeof inner !== 'object' || inner === null || Array.isArray(inner))
      return [[id, inner]];
    return flatten(inner, questions, id);
  });
}
