import { leavable } from '../answers/file.ts';
import type { Question } from '../answers/question.ts';
import { isSecret } from '../answers/values.ts';
import type { Section } from '../engine/section.ts';
import { sentence } from '../output/sentence.ts';

/** A JSON Schema, or a part of one. */
export type Schema = { readonly [keyword: string]: unknown };

/**
 * The answers file as JSON Schema (draft 2020-12), for editors and for whoever makes such files with a program. Nothing is
 * required: what the file leaves out, the host, the last run or a default may answer. Whether an answer is right (a domain that
 * points here, say) only a run can tell.
 */
export function answersSchema(sections: readonly Section[]): Schema {
  const questions = sections.flatMap((section) => section.questions);
  const folders = new Map<string, Question[]>();
  for (const question of questions) {
    const dot = question.id.indexOf('.');
    if (dot === -1) continue;
    const name = question.id.slice(0, dot);
    folders.set(name, [...(folders.get(name) ?? []), question]);
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Answers for studio-setup',
    description: '`database: { name: studio }` and `database.name: studio` are the same.',
    type: 'object',
    additionalProperties: false,
    properties: {
      ...Object.fromEntries(questions.map(({ id }) => [id, refer(id)])),
      ...Object.fromEntries([...folders].map(([name, below]) => [name, folder(name, below, questions)])),
    },
    // Placeholders of the site's settings file that no question is known for.
    patternProperties: {
      '^setting(\\.[A-Za-z_][\\w-]*)+$': {
        anyOf: [{ type: ['string', 'number'] }, reference('file', '^/'), reference('env'), ...SKIP],
      },
      '^setting$': { type: 'object' },
    },
    $defs: Object.fromEntries(questions.map((question) => [question.id, answer(question, questions)])),
  };
}

function refer(id: string): Schema {
  return { $ref: `#/$defs/${id}` };
}

function folder(name: string, below: readonly Question[], all: readonly Question[]): Schema {
  const map = {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(below.map(({ id }) => [id.slice(name.length + 1), refer(id)])),
  };
  return below.some((question) => leavable(question, all)) ? { anyOf: [map, ...SKIP] } : map;
}

const SKIP: readonly Schema[] = [{ const: 'skip' }, { type: 'null' }];

function answer(question: Question, all: readonly Question[]): Schema {
  const { label, help, skippable, choices } = question;
  const forms = [...formsOf(question), ...(leavable(question, all) ? SKIP : [])];
  const preset = typeof question.default === 'function' ? undefined : question.default;
  return {
    title: label,
    description: [
      `${sentence(label)} ${help}`,
      ...(choices ? [`One of: ${choices.map(({ value }) => value).join(', ')}.`] : []),
      ...(skippable === undefined ? [] : [`Without: ${skippable}`]),
    ].join('\n'),
    ...(forms.length === 1 ? forms[0] : { anyOf: forms }),
    ...(preset === undefined ? {} : { default: preset }),
  };
}

function formsOf(question: Question): readonly Schema[] {
  if (isSecret(question))
    return [reference('file', '^/'), reference('env'), ...(question.generate ? [{ const: 'generate' }] : [])];
  switch (question.kind) {
    case 'choice':
      return [{ enum: question.choices?.map(({ value }) => value) ?? [] }];
    case 'confirm':
      return [{ type: 'boolean' }, { enum: ['yes', 'no'] }];
    case 'list':
      return [{ type: 'array', items: { type: ['string', 'number'] } }, { type: 'string' }];
    default:
      return [{ type: ['string', 'number'], ...(question.default === undefined ? { minLength: 1 } : {}) }];
  }
}

/** A secret never stands in the file itself. */
function reference(by: 'file' | 'env', pattern = '.'): Schema {
  return {
    type: 'object',
    required: [by],
    additionalProperties: false,
    properties: { [by]: { type: 'string', pattern } },
  };
}
