import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { coreutils } from './fake/coreutils.ts';
import { FakeHost } from './fake/fake-host.ts';

/** Path → mode of a folder (it ends in a slash) or a file. */
const FILES: Readonly<Record<string, number>> = {
  '.git/': 0o755,
  '.git/hook.py': 0o755,
  'lib/': 0o2755,
  'lib/a-1.dist-info/': 0o755,
  'lib/a-1.dist-info/METADATA': 0o644,
  'lib/deep/': 0o775,
  'lib/deep/b-2.dist-info/': 0o755,
  'lib/.lock': 0o666,
  'page.html': 0o644,
  'manage.py': 0o755,
};

let folder: string;
let host: FakeHost;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'studio-setup-find-'));
  chmodSync(folder, 0o755);
  host = new FakeHost();
  host.programs.add(coreutils(host));
  host.arrange({ [folder]: { folder: true } });
  for (const [name, mode] of Object.entries(FILES)) {
    const file = path.join(folder, name).replace(/\/$/, '');
    if (name.endsWith('/')) mkdirSync(file);
    else writeFileSync(file, '');
    chmodSync(file, mode);
    host.arrange({ [file]: { ...(name.endsWith('/') ? { folder: true as const } : { text: '' }), mode } });
  }
  symlinkSync('manage.py', path.join(folder, 'link.py'));
  host.arrange({ [`${folder}/link.py`]: { link: 'manage.py' } });
});
afterEach(() => rmSync(folder, { recursive: true }));

const PRINT = ['-printf', '%m %p\\n'];

describe('find of the host in memory prints what the real one prints', () => {
  it.each([
    [['-type', 'f', ...PRINT]],
    [['-name', '*.py', ...PRINT]],
    [['(', '-name', '.git', '-o', '-name', 'deep', ')', '-prune', '-o', '-type', 'f', ...PRINT]],
    [['-maxdepth', '1', ...PRINT]],
    [['-maxdepth', '2', '-name', '*.dist-info', ...PRINT]],
    [['!', '-type', 'l', '(', '-perm', '-020', '-o', '-perm', '-002', ')', '-print']],
    [['-type', 'd', '!', '-perm', '-2000', '-print0']],
    [['-name', 'manage.py', '-print', '-quit']],
    [['-name', 'a.1*', '-print']],
    [['-user', 'nobody', '-print', '-quit']],
  ])('%j', async (words) => {
    const real = execFileSync('find', [folder, ...words]).toString();
    const { stdout } = await host.query(['find', folder, ...words]);
    // The order is the file system's.
    const lines = (text: string) => text.split(/[\n\0]/).sort();
    expect(lines(stdout)).toEqual(lines(real));
  });

  it.each([
    [['find', '.', '-type', 'd', '!', '-perm', '-2000', '-exec', 'chmod', 'g+s', '{}', '+']],
    [['chmod', '-R', 'go-w', '.']],
  ])('%j leaves the same modes', async (words) => {
    const argv = words.map((word) => (word === '.' ? folder : word));
    const [program = '', ...rest] = argv;
    execFileSync(program, rest);
    await host.run(argv);
    for (const name of ['', ...Object.keys(FILES)]) {
      const file = path.join(folder, name).replace(/\/$/, '');
      expect(host.tree.find(file)?.mode.toString(8), name).toBe((statSync(file).mode & 0o7777).toString(8));
    }
  });

  it('what is not there is an error', async () => {
    expect(await host.query(['find', `${folder}/none`, '-print'])).toMatchObject({ code: 1, stdout: '' });
    expect(await host.query(['stat', '--format=%i', `${folder}/none`])).toMatchObject({
      code: 1,
      stdout: '',
    });
  });
});
