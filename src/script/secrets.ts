import type { Answers } from '../answers/answers.ts';
import type { Question } from '../answers/question.ts';
import type { Section } from '../engine/section.ts';
import { placeOfSecret } from '../site/secret-places.ts';
import { word } from './words.ts';

/** @returns the word of shell by which an exported script uses a secret: it never stands in it */
export function ofSecret(id: string): string {
  return `"\${secret[${id}]}"`;
}

/** @returns the ids of the secrets that these lines use, each once */
export function secretsIn(lines: readonly string[]): readonly string[] {
  return [
    ...new Set(
      lines.flatMap((line) => [...line.matchAll(/\$\{secret\[([\w.-]+)\]\}/g)].map(([, id]) => id ?? '')),
    ),
  ];
}

/** @returns the line that gets a secret: given, as the host has it, made, or asked for */
export function needLine(section: Section, question: Question, answers: Answers): string {
  const { id, label } = question;
  const name = `${question.group ?? section.title}: ${label}`;
  const made = answers.sourceOf(id) === 'generated' ? madeLike(question) : '';
  return ['need', id, word(name), `'${made}'`, ...kept(id)].join(' ');
}

/** What a generated secret begins with, and how many letters and digits follow. */
function madeLike({ generate }: Question): string {
  const [, before = '', letters = ''] = /^(.*?)([A-Za-z0-9]*)$/.exec(generate?.() ?? '') ?? [];
  return `${before} ${letters.length}`;
}

/** The command that prints what the host has already: making such a secret again would break a site that works. */
function kept(id: string): readonly string[] {
  const place = placeOfSecret(id);
  if (place === undefined) return [];
  return 'file' in place ? ['from_key_file'] : ['from_settings', word(place.setting.join(' '))];
}
