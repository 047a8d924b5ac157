import { describe, expect, test } from 'vitest';
import { programVersion, wantedProgram } from '../../src/site/meilisearch.ts';
import { type Given, hostWith } from './meilisearch-host.ts';

const NAMED = '/usr/bin/meilisearch-0.26.1';
const PLAIN = '/usr/bin/meilisearch';
const SUM = 'a'.repeat(64);

const says =
  (stdout: string, code = 0): NonNullable<Given['programs']> =>
  ([, option]) =>
    option === '--version' ? { stdout, code } : { stdout: `${SUM}  ${PLAIN}\0`, code: 0 };
const silent = says('', 2);
const keyFile = { '/etc/blender-studio/meilisearch.env': 'MEILI_MASTER_KEY=not-a-real-key\n' };
const serves =
  (version: string): NonNullable<Given['answers']> =>
  (url) =>
    url.endsWith('/version') ? { status: 200, body: `{"pkgVersion": "${version}"}` } : undefined;

describe('the version of a program', () => {
  test.each<readonly [string, string, Given, string | undefined]>([
    ['by its own word, before 1.0', PLAIN, { programs: says('meilisearch-http 0.25.2\n') }, '0.25.2'],
    ['by its own word, since', PLAIN, { programs: says('meilisearch 1.50.0\n') }, '1.50.0'],
    ['by its own word, whatever its name', NAMED, { programs: says('meilisearch 1.14.0\n') }, '1.14.0'],
    ['not by the word of another program', PLAIN, { programs: says('nginx version 1.26.3\n') }, undefined],
    [
      'of 0.26, by what was installed',
      PLAIN,
      { programs: silent, hints: { 'meilisearch-installed': `0.26.0 ${SUM}` } },
      '0.26.0',
    ],
    [
      'of 0.26, not by what was installed and is another file now',
      PLAIN,
      { programs: silent, hints: { 'meilisearch-installed': `0.26.0 ${'b'.repeat(64)}` } },
      undefined,
    ],
    [
      'of 0.26, by the server',
      PLAIN,
      { programs: silent, files: keyFile, answers: serves('0.26.1') },
      '0.26.1',
    ],
    [
      'of 0.26, not by another server',
      PLAIN,
      { programs: silent, files: keyFile, answers: serves('1.50.0') },
      undefined,
    ],
    ['of 0.26, by its name', NAMED, { programs: silent }, '0.26.1'],
    ['not by a name that says another', '/usr/bin/meilisearch-0.30.5', { programs: silent }, undefined],
    ['of one that fails otherwise, not by its name', NAMED, { programs: says('', 1) }, undefined],
    ['of one that can not be started', NAMED, { programs: says('', 126) }, undefined],
  ])('%s', async (_, program, given, wanted) => {
    const host = hostWith({ ...given, files: { ...given.files, [program]: '' } });
    expect(await programVersion(host, program)).toBe(wanted);
  });

  test('of one that is not there', async () => {
    expect(await programVersion(hostWith({ programs: says('meilisearch 1.50.0') }), PLAIN)).toBeUndefined();
  });
});

test.each([
  ['/usr/bin/meilisearch-0.25.2', '0.25.2', '/usr/bin/meilisearch-0.25.2'],
  ['/usr/bin/meilisearch-0.25.2', '1.50.0', '/usr/bin/meilisearch-1.50.0'],
  ['/usr/bin/meilisearch', '1.50.0', '/usr/bin/meilisearch'],
])('where a unit starts %s, %s goes to %s', (path, version, wanted) => {
  expect(wantedProgram(`[Service]\nExecStart=${path} --env production\n`, version)).toBe(wanted);
});
