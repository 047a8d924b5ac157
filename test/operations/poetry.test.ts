import { expect } from 'vitest';
import { command } from '../../src/operations/command.ts';
import { installDependencies, LIVE } from '../../src/operations/poetry.ts';
import { CHECKOUT } from '../../src/site/layout.ts';
import { type Call, when } from '../host/fake/programs.ts';
import { type Machine, table } from './table.ts';

/** Of poetry 1.1.6 (poetry/utils/exporter.py): a digest for each file, each on a line of its own; none for what git has. */
const EXPORTED = `asgiref==3.4.1; python_version >= "3.6" \\
    --hash=sha256:ffc1 \\
    --hash=sha256:4ef1
django-storages[google]==1.11.1; python_version >= "3.5" and (python_version >= "3.8") \\
    --hash=sha256:c823
local-package @ file:///var/www/blender-studio/packages/local
studio-private @ git+https://git.example.test/studio-private.git@e14e319
zope.interface==5.4.0 --hash=sha256:5f93
`;
const LOCKED = `asgiref==3.4.1; python_version >= "3.6"      --hash=sha256:ffc1      --hash=sha256:4ef1
django-storages[google]==1.11.1; python_version >= "3.5" and (python_version >= "3.8")      --hash=sha256:c823
zope.interface==5.4.0 --hash=sha256:5f93
`;

/** As poetry writes a source of pyproject.toml that is the default one. */
const INDEX = '--index-url https://packages.example.test/simple\n';

let installed: boolean;
let pip: Call | undefined;
const dependencies = command({
  id: 'virtualenv/dependencies',
  title: 'poetry install',
  missing: async () => (installed ? undefined : 'not installed yet'),
  shell: [],
  apply: (live) => installDependencies(live, LIVE),
});

const arrange =
  (exported: string | { code: number }, pipEnds: { code: number; stderr?: string } = { code: 0 }) =>
  ({ host }: Machine) => {
    installed = false;
    pip = undefined;
    host.programs.add(
      when(/^find \/var\/www\/venv\/ /, () => ''),
      when(/\/poetry --version$/, () => 'Poetry version 1.1.6\n'),
      when(/\/poetry export /, () => exported),
      when(/\/bin\/pip$/, (call) => {
        pip = call;
        return pipEnds;
      }),
      when(/\/poetry install --no-interaction$/, () => {
        installed = true;
        return '';
      }),
    );
  };
const WITH_PIP = `sudo -Hu www-data /bin/sh -c 'cat | exec "$1" install --no-input --no-deps --require-hashes --requirement /dev/stdin' sh /var/www/venv/bin/pip`;
const POETRY = 'sudo -Hu www-data /var/www/venv/bin/poetry install --no-interaction';
const lines = ({ host }: Machine) => host.ran.filter((line) => /\/bin\/(pip|poetry)\b/.test(line));

table('the packages of poetry.lock', [
  {
    title: 'one pip installs what has a digest, poetry the rest',
    operation: dependencies,
    arrange: arrange(EXPORTED),
    change: { kind: 'run' },
    check: (machine) => {
      expect(lines(machine)).toEqual([WITH_PIP, POETRY]);
      expect(pip?.options).toMatchObject({ as: 'www-data', yields: true });
      expect(pip?.options.input).toBe(LOCKED);
      expect(pip?.options.cwd).not.toBe(CHECKOUT);
    },
  },
  {
    title: 'with what root left in the cache of poetry by hand',
    operation: dependencies,
    before: {
      '/var/www/.cache/pypoetry': { folder: true },
      '/var/www/.cache/pypoetry/cache': { folder: true },
      '/var/www/.cache/pypoetry/artifacts': { folder: true },
      '/var/www/.cache/pypoetry/artifacts/six.whl': 'x',
    },
    arrange: arrange(EXPORTED),
    change: { kind: 'run' },
    after: {
      '/var/www/.cache/pypoetry/cache': { folder: true, owner: 'www-data', group: 'www-data' },
      '/var/www/.cache/pypoetry/artifacts': null,
    },
  },
  {
    title: 'what pip refuses, poetry installs',
    operation: dependencies,
    arrange: arrange(EXPORTED, { code: 1, stderr: 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES' }),
    change: { kind: 'run' },
    check: (machine) => {
      expect(lines(machine)).toEqual([WITH_PIP, POETRY]);
      expect(machine.host.said.join('\n')).toContain(
        'pip did not install them all at once: poetry installs them one by one.',
      );
    },
  },
  {
    title: 'an index of its own, which pip asks too',
    operation: dependencies,
    arrange: arrange(`${INDEX}\n${EXPORTED}`),
    change: { kind: 'run' },
    check: (machine) => {
      expect(lines(machine)).toEqual([WITH_PIP, POETRY]);
      expect(pip?.options.input).toBe(`${INDEX}${LOCKED}`);
    },
  },
  {
    title: 'an index that wants a login, which poetry has and pip has not',
    operation: dependencies,
    arrange: arrange(`${INDEX}\n${EXPORTED}`, {
      code: 1,
      stderr: 'ERROR: No matching distribution found for asgiref==3.4.1',
    }),
    change: { kind: 'run' },
    check: (machine) => expect(lines(machine)).toEqual([WITH_PIP, POETRY]),
  },
  {
    title: 'a second index, which pip would ask for every package',
    operation: dependencies,
    arrange: arrange(`${INDEX}--extra-index-url https://others.example.test/simple\n\n${EXPORTED}`),
    change: { kind: 'run' },
    check: (machine) => expect(lines(machine)).toEqual([POETRY]),
  },
  {
    title: 'a package with which poetry does not run: it comes back, and installs them itself',
    operation: dependencies,
    arrange: (machine) => {
      arrange(EXPORTED)(machine);
      let broken = true;
      machine.host.programs.add(
        when(/\/poetry --version$/, () => ({ code: broken ? 1 : 0 })),
        when(/\/pip install --no-input --no-compile poetry==/, () => {
          broken = false;
          return '';
        }),
        (call) =>
          broken && /\/poetry install /.test(call.argv.join(' ').concat(' '))
            ? { code: 1, stderr: "ImportError: cannot import name 'Version'" }
            : undefined,
      );
    },
    change: { kind: 'run' },
    check: (machine) =>
      expect(lines(machine)).toEqual([
        WITH_PIP,
        POETRY,
        'sudo -Hu www-data /var/www/venv/bin/pip install --no-input --no-compile poetry==1.1.6',
        POETRY,
      ]),
  },
  {
    title: 'a poetry without the command',
    operation: dependencies,
    arrange: arrange({ code: 1 }),
    change: { kind: 'run' },
    check: (machine) => expect(lines(machine)).toEqual([POETRY]),
  },
  {
    title: 'nothing with a digest',
    operation: dependencies,
    arrange: arrange('local-package @ file:///var/www/blender-studio/packages/local\n'),
    change: { kind: 'run' },
    check: (machine) => expect(lines(machine)).toEqual([POETRY]),
  },
]);
