import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PreparedPythons } from '../../src/host/prepared-pythons.ts';
import { runProcess } from '../../src/host/process.ts';
import { runManage } from '../../src/operations/manage.ts';
import { template } from '../../templates/index.ts';
import { FakeHost } from '../host/fake/fake-host.ts';

const PYTHON = '/usr/bin/python3';
const ARGS = ['migrate', '--no-input', `o'hara "\\`];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-manage-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** What the product has a forked Python run for these arguments. */
async function programOf(args: readonly string[]): Promise<string> {
  let program = '';
  const host = new FakeHost();
  host.arrange({ '/var/www/venv/bin/python': { text: '', mode: 0o755, owner: 'www-data' } });
  host.programs.add(({ options }) => {
    program = options.prepared?.program ?? '';
    return {};
  });
  await runManage(host, ...args);
  return program;
}

const options = () => ({
  cwd: folder,
  env: { PATH: '/usr/bin:/bin', HOME: folder },
  timeoutMs: 20_000,
});
const forked = async (pythons: PreparedPythons) => {
  const program = await programOf(ARGS);
  const prepared = {
    python: PYTHON,
    preparation: template('python/setup.py').split('import django')[0] ?? '',
    program,
  };
  return pythons.run(prepared, {
    ...options(),
    env: { ...options().env, PYTHONDONTWRITEBYTECODE: '1' },
  });
};
const started = () => runProcess([PYTHON, path.join(folder, 'manage.py'), ...ARGS], options());

describe('a management command in a Python that is there does what it does when it is started', () => {
  it.each([
    ['finds its arguments', 'import sys; print(sys.argv)'],
    ['is the main program', 'if __name__ == "__main__": print(__file__)'],
    ['finds its module again', 'import sys; print(sys.modules["__main__"].__file__)'],
    ['finds what lies beside it', 'import site_code; print(site_code.VALUE, site_code.__file__)'],
    ['says something of an error', 'import sys; print("bad", file=sys.stderr); sys.exit(3)'],
    ['ends with a word', 'raise SystemExit("no such command")'],
    ['fails', 'print("one")\nraise ValueError("two")'],
    ['is no Python', 'print('],
  ])('%s', async (_, program) => {
    await writeFile(path.join(folder, 'manage.py'), program);
    await writeFile(path.join(folder, 'site_code.py'), 'VALUE = 1');
    const lastLine = (text = '') => text.trim().split('\n').at(-1);
    const [own, other] = [await started(), await forked(new PreparedPythons(0))];
    expect({ ...other, stderr: lastLine(other?.stderr) }).toEqual({ ...own, stderr: lastLine(own.stderr) });
  });

  it('keeps byte code of the site, which a question to it does not', async () => {
    await writeFile(path.join(folder, 'manage.py'), 'import site_code');
    await writeFile(path.join(folder, 'site_code.py'), 'VALUE = 1');
    expect((await forked(new PreparedPythons(0)))?.code).toBe(0);
    expect(existsSync(path.join(folder, '__pycache__'))).toBe(true);
  });

  it('leaves nothing to the next', async () => {
    await writeFile(path.join(folder, 'manage.py'), 'import sys; print(hasattr(sys, "mine")); sys.mine = 1');
    const pythons = new PreparedPythons(0);
    expect([(await forked(pythons))?.stdout, (await forked(pythons))?.stdout]).toEqual([
      'False\n',
      'False\n',
    ]);
  });
});
