import type { Answers } from '../answers/answers.ts';
import { applies } from '../answers/applies.ts';
import { leavable } from '../answers/file.ts';
import type { Question } from '../answers/question.ts';
import type { SecretReference, Sources } from '../answers/sources.ts';
import { isSecret } from '../answers/values.ts';
import type { Section } from '../engine/section.ts';
import { Secret } from '../output/secret.ts';
import { sentence } from '../output/sentence.ts';
import { isLocal } from '../site/database.ts';
import { SETTINGS } from '../site/layout.ts';
import { placeOfSecret } from '../site/secret-places.ts';
import { comment, schemaLines, written } from './answers-file.ts';

/** Where a recorded file looks for secrets: a file for each, of the answer's name. */
const FOLDER = '/root/secrets';

/**
 * The answers in force as an answers file that brings about the same on another host, asking nothing. Secrets stand in it by
 * reference: as the answers file in use refers to them; else made again where the product makes them, or in a file to be put there.
 * @param answers as a run would take them
 */
export function recordedFile(sections: readonly Section[], answers: Answers, sources: Sources): string {
  const questions = sections.flatMap((section) => section.questions);
  const entries = sections.map((section) => ({
    section,
    lines: section.questions.flatMap((question) => recorded(question, questions, answers, sources)),
  }));
  const toBring = entries
    .flatMap(({ lines }) => lines)
    .flatMap((line) => /^[\w.-]+: \{ file: (.+) \}$/.exec(line)?.[1] ?? []);
  return `${[
    ...schemaLines(),
    `# The answers of ${answers.optionalText('domain') ?? 'this server'}. On a fresh host: studio-setup run --answers FILE --yes`,
    ...(toBring.length === 0
      ? []
      : [
          '# Secrets are not in here. Put these files there first, for root only (mode 0600):',
          ...toBring.map((file) => `#   ${file}`),
        ]),
    ...entries.flatMap(({ section, lines }) =>
      lines.length === 0 ? [] : ['', `# === ${section.title} ===`, ...lines],
    ),
  ].join('\n')}\n`;
}

function recorded(
  question: Question,
  all: readonly Question[],
  answers: Answers,
  sources: Sources,
): readonly string[] {
  const { id } = question;
  if (isSecret(question)) return secretLines(question, all, answers, sources);
  const value = question.ofThisHost ? elsewhere(question, answers, sources) : answers.get(id);
  if (value !== undefined) return [`${id}: ${written(question, value)}`];
  return unanswered(question, all, answers);
}

function unanswered(question: Question, all: readonly Question[], answers: Answers): readonly string[] {
  if (!applies(question, answers)) return [];
  if (leavable(question, all)) return [`${question.id}: skip`];
  // What follows from another answer need not stand there.
  return question.default === undefined
    ? [
        ...comment(`Not known on this server. ${sentence(question.label)} ${question.help}`),
        `# ${question.id}:`,
      ]
    : [];
}

/** What was answered, not what this server made of it. */
function elsewhere({ id }: Question, answers: Answers, { file, saved }: Sources) {
  for (const given of [file.get(id), saved.get(id)]) if (given?.kind === 'value') return given.value;
  return answers.sourceOf(id) === 'host' ? undefined : answers.get(id);
}

function secretLines(
  question: Question,
  all: readonly Question[],
  answers: Answers,
  sources: Sources,
): readonly string[] {
  const { id, group } = question;
  const given = sources.file.get(id);
  if (given?.kind === 'value' && given.reference !== undefined) return [`${id}: ${inYaml(given.reference)}`];
  // A password that only the database has is an answer all the same: its account was asked for.
  const wanted =
    answers.get(id) instanceof Secret ||
    (group !== undefined && all.some((each) => each.group === group && answers.has(each.id)));
  if (!wanted) return unanswered(question, all, answers);
  const reference = `${id}: { file: ${FOLDER}/${id} }`;
  const here = standsHere(id);
  const madeAnew = question.generate !== undefined && !isRemotePassword(question, answers);
  return madeAnew
    ? [
        ...comment(`Made again there. ${here} To take it along, put it into a file there, and write:`),
        `#   ${reference}`,
        `${id}: generate`,
      ]
    : [...comment(`${sentence(question.label)} ${here}`.trim()), reference];
}

function inYaml(reference: SecretReference): string {
  const [by, name] = 'env' in reference ? ['env', reference.env] : ['file', reference.file];
  return `{ ${by}: ${/^[\w./-]+$/.test(name) ? name : JSON.stringify(name)} }`;
}

/** The role of another server keeps its password. */
function isRemotePassword({ id }: Question, answers: Answers): boolean {
  return id === 'database.password' && !isLocal(answers);
}

function standsHere(id: string): string {
  const place = placeOfSecret(id);
  if (place === undefined) return '';
  if ('file' in place) return `Here it stands in ${place.file}.`;
  return `Here it stands in ${SETTINGS}: ${place.setting.join(' › ')}.`;
}
