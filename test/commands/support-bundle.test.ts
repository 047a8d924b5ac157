import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { records, Sample } from './sample/sample.ts';

let sample: Sample;
beforeEach(async () => {
  sample = await Sample.make();
});
afterEach(() => sample.remove());

const bundles = async () => (await readdir(sample.folder)).filter((name) => name.endsWith('.tar.gz'));

it('lists what goes in and how large it is, and writes it for root alone', async () => {
  const file = sample.at('mine.tar.gz');
  const { code, stdout } = await sample.unattended('support-bundle', file);
  expect(code).toBe(0);
  expect(stdout).toContain(`What goes into ${file}:`);
  expect(stdout).toMatch(/^ +\d+ kB {2}plan\.txt: what a run would change$/m);
  expect(stdout).toMatch(/\d+ files, .*B before they are packed\./);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const { stdout: names } = await promisify(execFile)('tar', ['--list', '--gzip', `--file=${file}`]);
  for (const name of ['README.txt', 'plan.txt', 'doctor.txt']) expect(names).toContain(`mine/${name}\n`);
});

it('writes nothing where nobody says yes', async () => {
  const { code, stdout, stderr } = await sample.run(['support-bundle', sample.folder]);
  expect(code).toBe(4);
  expect(stdout).toContain('plan.txt');
  expect(stderr).toContain('Writing the bundle needs a yes');
  const { code: left, text } = await sample.terminal(
    ['support-bundle', sample.folder],
    [{ expect: 'Write it now?' }, { send: 'n\r' }, { expect: 'Nothing was written.' }],
  );
  expect([left, await bundles()]).toEqual([130, []]);
  expect(text).toContain('plan.txt');
});

it('writes over nothing, and says so before it asks anything', async () => {
  await sample.write('mine.tar.gz', 'mine');
  const { code, stdout, stderr } = await sample.unattended('support-bundle', sample.at('mine.tar.gz'));
  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toContain('mine.tar.gz is there already');
  expect(await sample.read('mine.tar.gz')).toBe('mine');
});

it('--json names each file, what could not be asked, and the archive', async () => {
  const { code, stdout } = await sample.unattended('support-bundle', sample.folder, '--json');
  const all = records(stdout);
  expect(code).toBe(0);
  expect(all.find(({ name }) => name === 'plan.txt')).toEqual({
    v: 1,
    type: 'support-file',
    name: 'plan.txt',
    about: 'what a run would change',
    bytes: expect.any(Number),
  });
  const [name] = await bundles();
  expect(all.at(-1)).toEqual({
    v: 1,
    type: 'support-bundle',
    file: sample.at(name ?? ''),
    bytes: expect.any(Number),
  });
});
