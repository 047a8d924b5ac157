import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ControlNode, controlNode } from '../rehearsal/ansible.ts';
import { run } from '../rehearsal/process.ts';

// What Ansible's own tools say of the collection. With hosts: ansible.test.ts.

const NAME = 'blender_studio.studio_setup';
const MODULES = ['site', 'site_info', 'site_update'];

let folder: string;
/** A copy, at the place below `ansible_collections` where these tools look for it. */
let collection: string;
let control: ControlNode;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'collection-'));
  control = await controlNode(folder, console.log);
  collection = path.join(folder, 'ansible_collections', ...NAME.split('.'));
  await mkdir(path.dirname(collection), { recursive: true });
  await cp(path.join(import.meta.dirname, '../../ansible'), collection, { recursive: true });
  // ansible-test would download this from a server of its own to put pip into its virtualenvs: Debian's Python has it, too.
  const bootstrap = path.join(folder, '.ansible/test/cache/get_pip_24_2.py');
  await mkdir(path.dirname(bootstrap), { recursive: true });
  await writeFile(bootstrap, 'import ensurepip\n\nensurepip.bootstrap()\n');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function tool(...argv: readonly string[]): Promise<{ code: number; said: string }> {
  const env = { ...control.env, ANSIBLE_COLLECTIONS_PATH: folder };
  const { code, stdout, stderr } = await run(argv, { cwd: collection, env });
  return { code, said: stdout + stderr };
}

/** Changes a file of the copy for as long as `work` takes. */
async function withMistake(
  file: string,
  right: string,
  wrong: string,
  work: () => Promise<void>,
): Promise<void> {
  const copy = path.join(collection, file);
  const text = await readFile(copy, 'utf8');
  expect(text).toContain(right);
  await writeFile(copy, text.replace(right, wrong));
  try {
    await work();
  } finally {
    await writeFile(copy, text);
  }
}

const lint = () => tool('ansible-lint', '--offline', '--profile', 'production', '--strict');
const sanity = (...options: readonly string[]) =>
  tool('ansible-test', 'sanity', '--local', '--python', '3.11', '--color', 'no', ...options);

describe('ansible-lint', () => {
  test('finds nothing, by the rules of its profile production', async () => {
    const { code, said } = await lint();
    expect(code, said).toBe(0);
    expect(said).toContain("Profile 'production' was required, and it passed.");
  });

  test('finds a planted mistake', async () => {
    await withMistake('playbooks/update.yml', 'ansible.builtin.include_role', 'include_role', async () => {
      expect((await lint()).said).toContain('fqcn[action-core]');
    });
  });
});

describe('ansible-test', () => {
  test('passes all its sanity tests', async () => {
    const { code, said } = await sanity();
    expect(code, said.slice(-4000)).toBe(0);
    for (const name of ['validate-modules', 'import', 'compile', 'pylint', 'pep8', 'ansible-doc'])
      expect(said).toContain(`Running sanity test "${name}"`);
  });

  test('finds a planted mistake', async () => {
    await withMistake('plugins/modules/site.py', '  mine:\n', '  yours:\n', async () => {
      const { code, said } = await sanity('--test', 'validate-modules');
      expect(code).toBe(1);
      expect(said).toMatch(/undocumented-parameter|doc-default|parameter-/);
    });
  });
});

test('black finds nothing to format', async () => {
  expect(await tool('black', '--check', '--quiet', '--line-length', '120', 'plugins')).toEqual({
    code: 0,
    said: '',
  });
});

test('ansible-doc prints every module, and the role', async () => {
  for (const module of MODULES) {
    const { code, said } = await tool('ansible-doc', `${NAME}.${module}`);
    expect(code, said).toBe(0);
    for (const part of ['OPTIONS', 'ATTRIBUTES', 'EXAMPLES', 'RETURN VALUES']) expect(said).toContain(part);
  }
  const listed = await tool('ansible-doc', '--list', NAME);
  expect(listed.said.match(/studio_setup\.\w+/g)?.sort()).toEqual(
    MODULES.map((name) => `studio_setup.${name}`),
  );
  const role = await tool('ansible-doc', '--type', 'role', `${NAME}.studio_setup`);
  expect(role.code, role.said).toBe(0);
  for (const entry of ['ENTRY POINT: *main*', 'ENTRY POINT: *update*', 'studio_setup_secrets'])
    expect(role.said).toContain(entry);
});

describe('what a module makes of what studio-setup prints', () => {
  /** A program that prints records (docs/events.md) and ends with a code: what no host is easily brought to. */
  async function site(records: readonly object[], code: number, ...args: readonly string[]) {
    const program = path.join(folder, 'studio-setup');
    const lines = records.map((record) => JSON.stringify({ v: 1, ...record })).join('\n');
    await writeFile(
      program,
      `#!/bin/sh\ncat > "$0.input"; echo "$@" > "$0.words"\ncat <<'END'\n${lines}\nEND\nexit ${code}\n`,
      {
        mode: 0o755,
      },
    );
    const { said } = await tool(
      ...['ansible', 'localhost', '--module-name', `${NAME}.site`],
      ...['--args', JSON.stringify({ executable: program, answers: { domain: 'ümläut 😀' } })],
      ...args,
    );
    const result = JSON.parse(/=> (\{[\s\S]*?^\})$/m.exec(said)?.[1] ?? '{}');
    return {
      said,
      result,
      words: (await readFile(`${program}.words`, 'utf8')).trim(),
      input: await readFile(`${program}.input`, 'utf8'),
    };
  }
  const finished = { type: 'run-finished', changed: 0, restarts: [] };
  const operation = { type: 'operation-finished', operation: 'nginx/site', outcome: 'changed' };

  test('answers on standard input, in a form that YAML has, too', async () => {
    const { words, input, result } = await site([finished], 0);
    expect(words).toBe('run --json --yes --answers -');
    expect(input.trim()).toBe('{"domain": "ümläut 😀"}');
    expect(result).toMatchObject({ changed: false });
  });

  test('check mode asks for the plan', async () => {
    const { said, words, result } = await site(
      [
        {
          type: 'planned',
          section: 'nginx',
          operation: 'nginx/site',
          title: 'site',
          kind: 'create',
          summary: 'new',
        },
      ],
      3,
      '--check',
    );
    expect(words).toBe('plan --diff --json --yes --answers -');
    // What has a code other than 0 would count as failed.
    expect(said).toContain('localhost | CHANGED');
    expect(result).toMatchObject({ changed: true, planned: [{ operation: 'nginx/site', kind: 'create' }] });
  });

  test.each([
    [
      'a check that fails in the end',
      [
        finished,
        { type: 'check', id: 'web', title: 'Web', ok: false, said: 'it is down.', remedy: 'Start it.' },
      ],
      1,
      'A check of the site failed. Web: it is down. Start it.',
    ],
    ['a stop', [operation], 130, 'studio-setup was stopped. Start the play again: it resumes from there.'],
    ['an end without a word', [], 137, /^studio-setup ended with 137/],
  ])('%s', async (_, records, code, msg) => {
    const { result } = await site(records, code);
    expect(result).toMatchObject({
      rc: code,
      msg: typeof msg === 'string' ? msg : expect.stringMatching(msg),
    });
    expect(result.changed).toBe(code === 130);
  });

  test('warnings are those of the task', async () => {
    const { said } = await site([{ type: 'warning', message: 'The clock is wrong.' }, finished], 0);
    expect(said).toContain('[WARNING]: The clock is wrong.');
  });
});
