import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readAnswersFile } from '../../src/answers/file.ts';
import { exampleFile } from '../../src/document/answers-file.ts';
import { answersSchema } from '../../src/document/answers-schema.ts';
import { sections } from '../../steps/index.ts';

const questions = sections.flatMap((section) => section.questions);
const holds = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(answersSchema(sections));

function example(): string {
  // Every answer that is a comment there; the lines of explanation have no key of a question.
  const ids = new Set(questions.map(({ id }) => id));
  return exampleFile(sections)
    .split('\n')
    .map((line) => (ids.has(/^# ([\w.-]+): /.exec(line)?.[1] ?? '') ? line.slice(2) : line))
    .join('\n');
}

test('the example has every answer, and the schema takes it', () => {
  const file = parse(example()) as Record<string, unknown>;
  expect(Object.keys(file).sort()).toEqual(questions.map(({ id }) => id).sort());
  expect([holds(file), holds.errors]).toEqual([true, null]);
});

describe('what the reader takes, the schema takes', () => {
  test.each([
    ['nothing', '{}'],
    ['a map', 'database: { name: studio, port: 5432 }'],
    ['a dotted key', 'database.name: studio'],
    ['a number', 'database.port: 5432'],
    ['a list', 'extra-names: [www.example.org]'],
    ['words', 'extra-names: www.example.org films.example.org'],
    ['yes', 'configuration.templates: yes'],
    ['true', 'configuration.templates: true'],
    ['a secret that is made', 'secret-key: generate'],
    ['an integration that is skipped', 'braintree: skip'],
    ['one of its answers', 'braintree.merchant-id: skip'],
    ['nothing at all behind the key', 'braintree.merchant-id:'],
    ['a setting by its place', 'setting.BLENDER_ID.ACCESS: plain'],
    ['a setting that is skipped', 'setting.API_TOKEN: skip'],
  ])('%s', (_, source) => {
    expect(() => readAnswersFile(source, 'it', questions)).not.toThrow();
    expect([holds(parse(source)), holds.errors]).toEqual([true, null]);
  });

  test.each([
    ['a file', 'blender-id.secret: { file: /root/made-up }'],
    ['a variable', 'blender-id.secret: { env: MADE_UP }'],
    ['of a setting by its place', 'setting.API_TOKEN: { env: MADE_UP }'],
  ])('a secret by reference: %s', (_, source) => {
    expect([holds(parse(source)), holds.errors]).toEqual([true, null]);
  });
});

describe('what the reader refuses, the schema refuses', () => {
  test.each([
    ['a key that there is not', 'domian: studio.example.org'],
    ['one below a map', 'database: { nmae: studio }'],
    ['a secret in the file', 'secret-key: made-up-secret'],
    ['a secret that can not be made', 'blender-id.secret: generate'],
    ['a reference of another kind', 'secret-key: { vault: made-up }'],
    ['a choice that there is not', 'braintree.environment: Staging'],
    ['a list for one value', 'domain: [studio.example.org]'],
    ['an answer that can not be skipped', 'domain:'],
    ['a list as the whole file', '[domain]'],
  ])('%s', (_, source) => {
    expect(() => readAnswersFile(source, 'it', questions)).toThrow();
    expect(holds(parse(source))).toBe(false);
  });
});
