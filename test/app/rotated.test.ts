import { describe, expect, it } from 'vitest';
import type { AnswerValue } from '../../src/answers/answers.ts';
import { AnswersRefused } from '../../src/answers/refused.ts';
import type { AnswerInput } from '../../src/answers/sources.ts';
import { refuseReplacedSecrets } from '../../src/app/rotated.ts';
import { Secret } from '../../src/output/secret.ts';
import { procedures } from '../../src/procedures/index.ts';
import { sections } from '../../steps/index.ts';

const questions = sections.flatMap((section) => section.questions);
const old: AnswerInput = { kind: 'value', value: new Secret('value-before-rotation') };
const own = new Secret('value-in-force-now');

function judged(
  file: readonly [string, AnswerInput][],
  host: readonly [string, AnswerValue][],
  overwrite: readonly string[] = [],
): string {
  try {
    refuseReplacedSecrets(questions, { file: new Map(file), host: new Map(host) }, new Set(overwrite));
    return 'taken';
  } catch (error) {
    if (!(error instanceof AnswersRefused)) throw error;
    return [error.message, error.problem.remedy, ...(error.problem.detail ?? [])].join('\n');
  }
}

describe.each(['secret-key', 'database.password', 'meilisearch.master-key'])('%s', (id) => {
  it('of an answers file from before a rotation is refused, by its name, with what to do', () => {
    const said = judged([[id, old]], [[id, own]]);
    expect(said).toContain(`another ${id} than this server has in force`);
    expect(said).toContain(`--overwrite ${id}`);
    expect(said).toMatch(/studio-setup rotate \S+ --answers FILE/);
    expect(said).not.toContain('value-before-rotation');
    expect(said).not.toContain('value-in-force-now');
  });

  it.each<[string, readonly [string, AnswerInput][], readonly [string, AnswerValue][], readonly string[]]>([
    ['on a host that has none yet', [[id, old]], [], []],
    ['that the host has', [[id, { kind: 'value', value: own }]], [[id, own]], []],
    ['left to be generated', [[id, { kind: 'generate' }]], [[id, own]], []],
    ['that the file does not name', [], [[id, own]], []],
    ['forced by its name', [[id, old]], [[id, own]], ['/etc/nginx/nginx.conf', id]],
  ])('%s is taken', (_case, file, host, overwrite) => {
    expect(judged(file, host, overwrite)).toBe('taken');
  });

  it('forced by another name is refused', () => {
    expect(judged([[id, old]], [[id, own]], ['blender-id.secret'])).not.toBe('taken');
  });
});

it("a secret that others give out, such as an integration's, follows the answers file", () => {
  expect(judged([['braintree.private-key', old]], [['braintree.private-key', own]])).toBe('taken');
});

it('every kind of rotation has its question', () => {
  const commands = questions.flatMap(({ rotatedBy }) => rotatedBy ?? []);
  const rotations = procedures.map(({ id }) => id).filter((id) => id.startsWith('rotate '));
  expect(commands.toSorted()).toEqual(rotations.toSorted());
});
