import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { records, Sample } from './sample/sample.ts';

let sample: Sample;
beforeEach(async () => {
  sample = await Sample.make();
  expect((await sample.unattended('run')).code).toBe(0);
});
afterEach(() => sample.remove());

const oneLine = (text: string) => text.replace(/\s+/g, ' ');

describe('undo', () => {
  it('takes back the last run, says what stays, and counts as a run that can be undone', async () => {
    const settings = await sample.read('settings.conf');
    const { code, stdout } = await sample.unattended('undo');
    expect(code).toBe(0);
    expect(stdout).toContain('Run 0001 is undone:');
    expect(stdout).toContain('To undo that: studio-setup undo 2');
    expect(await sample.tree()).not.toContain('settings.conf');

    const list = await sample.run(['undo', '--list']);
    expect(list.stdout).toMatch(/^0002 .* undo 1$/m);
    expect(list.stdout).toMatch(/^0001 .* run, undone$/m);

    expect((await sample.unattended('undo', '2')).code).toBe(0);
    expect(await sample.read('settings.conf')).toBe(settings);
    expect((await sample.unattended('plan')).code).toBe(0);
  });

  it('what was undone is to do, and has not drifted', async () => {
    await sample.unattended('undo');
    const { stdout } = await sample.unattended('status');
    expect(stdout).toMatch(/Site settings +to do/);
    expect(stdout).not.toContain('drifted');
  });

  it('shows it only with --dry-run, and needs a yes', async () => {
    const before = await sample.tree();
    const looked = await sample.run(['undo', '--dry-run']);
    expect([looked.code, looked.stdout]).toEqual([3, expect.stringContaining('settings.conf: removed')]);
    expect(looked.stdout).not.toContain('Blender Studio setup');
    const asked = await sample.run(['undo']);
    expect([asked.code, asked.stderr]).toEqual([4, expect.stringContaining('Nothing was changed.')]);
    expect(await sample.tree()).toEqual(before);
  });

  it('a dry run that finds all of it put back by hand notes nothing', async () => {
    await Promise.all(
      ['settings.conf', 'requirements.list', 'worked', 'tasks.unit'].map((name) =>
        rm(sample.at(name), { force: true }),
      ),
    );
    const looked = await sample.run(['undo', '--dry-run']);
    expect(looked.stdout).toContain('already as it was before that run');
    expect(looked.stdout).not.toContain('counts as undone');
    const { stdout } = await sample.unattended('undo');
    expect(oneLine(stdout)).toContain('It counts as undone from now on.');
    expect(stdout).not.toContain('To undo that');
  });

  it('a file edited since stops all of it', async () => {
    await sample.write('settings.conf', 'mine\n');
    const { code, stderr } = await sample.unattended('undo');
    expect(code).toBe(4);
    expect(oneLine(stderr)).toContain(`${sample.at('settings.conf')} was edited after run 0001.`);
    expect(oneLine(stderr)).toContain(`--overwrite ${sample.at('settings.conf')}`);
    expect(await sample.read('settings.conf')).toBe('mine\n');
    expect((await sample.unattended('undo', '--overwrite', sample.at('settings.conf'))).code).toBe(0);
    expect(await sample.written('copies/0002')).toContain('mine\n');
  });

  it.each([
    ['7', 2, 'There is no run 7 on this server. What to do: Use one of: 1.'],
    ['last', 2, 'last is not a valid run. It must be the number of a run: undo --list shows them.'],
    ['-1', 2, 'It must be the number of a run'],
  ])('refuses %s', async (run, code, said) => {
    const refused = await sample.unattended('undo', run);
    expect([refused.code, oneLine(refused.stderr)]).toEqual([code, expect.stringContaining(said)]);
  });

  it('a damaged journal costs what it cannot tell, no more', async () => {
    const journal = 'state/runs/0001/journal.jsonl';
    await sample.write(journal, `${await sample.read(journal)}{"sequence":99,"kind":"wri`);
    expect((await sample.unattended('undo')).code).toBe(0);
    expect(await sample.tree()).not.toContain('settings.conf');
  });
});

it('undo --json is one versioned record per line', async () => {
  const { code, stdout } = await sample.unattended('undo', '--json');
  expect(code).toBe(0);
  const all = records(stdout);
  const types = new Set(all.map(({ type }) => type));
  expect([...types]).toEqual(expect.arrayContaining(['planned', 'run-started', 'change', 'run-finished']));
  const list = await sample.run(['undo', '--list', '--json']);
  expect(records(list.stdout)).toMatchObject([
    { type: 'run', run: '0002', command: 'undo 1', state: 'done', undoes: '0001' },
    { type: 'run', run: '0001', command: 'run', state: 'undone' },
  ]);
});

it('copies of old contents are removed on demand, and only the newest ten runs have any', async () => {
  await sample.write('settings.conf', 'mine\n');
  await sample.unattended('run', '--overwrite', sample.at('settings.conf'));
  expect(await sample.tree()).toContain('copies/0002');
  const unknown = await sample.run(['undo', '--forget', '7']);
  expect([unknown.code, oneLine(unknown.stderr)]).toEqual([2, expect.stringContaining('Use one of: 2, 1.')]);
  const forgotten = await sample.run(['undo', '--forget']);
  expect(oneLine(forgotten.stdout)).toContain('(0002). These files can no longer be put back.');
  expect(await sample.tree()).not.toContain('copies/0002');
  for (let run = 0; run < 11; run += 1) {
    await sample.write('settings.conf', `mine ${run}\n`);
    await sample.unattended('run', '--overwrite', sample.at('settings.conf'));
  }
  const kept = (await sample.tree()).filter((name) => /^copies\/\d+$/.test(name));
  expect(kept).toHaveLength(10);
  expect(kept[0]).toBe('copies/0004');
});
