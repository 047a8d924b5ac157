import { expect, test } from 'vitest';
import { replaceable } from '../../src/app/releases/executable.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { absent, type Program, when } from '../host/fake/programs.ts';

const EXECUTABLE = '/usr/local/sbin/studio-setup';

/** dpkg-query(1) for a file of no package, on Debian 12: code 1, and these words. */
const ofNoPackage = when(/^dpkg-query --search /, ({ argv }) => ({
  code: 1,
  stderr: `dpkg-query: no path found matching pattern ${argv.at(-1)}\n`,
}));

function host(...programs: readonly Program[]): FakeHost {
  const made = new FakeHost();
  made.arrange({ '/usr/local/sbin': { folder: true }, [EXECUTABLE]: { text: '', mode: 0o755 } });
  made.programs.add(
    ofNoPackage,
    when(/^xz --version$/, () => 'xz (XZ Utils) 5.4.1\n'),
  );
  made.programs.add(...programs);
  return made;
}

test('an executable of no package, in folders of root, can replace itself', async () => {
  expect(await replaceable(host(), EXECUTABLE)).toBe(EXECUTABLE);
});

test('signs that dpkg-query takes for a pattern are none in a path', async () => {
  const asked: string[] = [];
  const made = host(
    when(/^dpkg-query/, ({ argv }) => {
      asked.push(argv.at(-1) ?? '');
      return { code: 0, stdout: 'studio-setup: /opt/a*[b]?\n' };
    }),
  );
  await expect(replaceable(made, '/opt/a*[b]?')).rejects.toThrow('belongs to the package studio-setup');
  expect(asked).toEqual([String.raw`/opt/a\*\[b]\?`]);
});

test.each<readonly [string, Program, string]>([
  ['xz is missing', absent('xz'), 'xz is not on this server, and a release is packed by it.'],
  [
    'dpkg can not be asked',
    when(/^dpkg-query/, () => ({ code: 2, stderr: 'dpkg-query: error: parsing file\n' })),
    `dpkg could not say whether a package owns ${EXECUTABLE}.`,
  ],
  ['dpkg is not there', absent('dpkg-query'), `dpkg could not say whether a package owns ${EXECUTABLE}.`],
])('not where %s', async (_, program, words) => {
  await expect(replaceable(host(program), EXECUTABLE)).rejects.toThrow(words);
});
