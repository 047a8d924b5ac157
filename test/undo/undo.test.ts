import { chmod, chown, lstat, mkdir, readFile, readlink, rename, symlink, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Runs } from './run.ts';

let runs: Runs;
const at = (name: string) => runs.at(name);
const text = (name: string) => readFile(at(name), 'utf8');
const rights = async (name: string) => {
  const { mode, uid, gid } = await lstat(at(name));
  return [(mode & 0o7777).toString(8), uid, gid];
};

beforeEach(async () => {
  runs = await Runs.make();
  // www-data must be able to reach its own folder in it.
  await chmod(runs.folder, 0o755);
});
afterEach(() => runs.remove());

describe('files', () => {
  it('go back byte for byte, with mode and owner, whatever the run wrote in between', async () => {
    const bytes = Buffer.from([0x63, 0xe9, 0x00, 0x0a]);
    await writeFile(at('conf'), bytes);
    await chmod(at('conf'), 0o604);
    await chown(at('conf'), 33, 0);
    await runs.run(async (live) => {
      await live.write(at('conf'), 'one\n', { mode: 0o644, owner: 'root', group: 'root' });
      await live.write(at('conf'), 'two\n');
    });
    await runs.undo();
    expect(await readFile(at('conf'))).toEqual(bytes);
    expect(await rights('conf')).toEqual(['604', 33, 0]);
  });

  it('that the run made go, with their folders, unless somebody put something in', async () => {
    await runs.run(async (live) => {
      await live.write(at('a/b/conf'), 'new\n');
      await live.write(at('c/conf'), 'new\n');
    });
    await writeFile(at('c/mine'), 'mine');
    await runs.undo();
    expect(await runs.files()).toEqual(['c', 'c/mine']);
  });

  it('that the run removed come back; links lead where they led', async () => {
    await writeFile(at('removed'), 'old');
    await symlink('/old', at('link'));
    await symlink('/gone', at('gone'));
    await runs.run(async (live) => {
      await live.remove(at('removed'));
      await live.link('/new', at('link'));
      await live.link('/made', at('made'));
      await live.write(at('gone'), 'a file by now');
    });
    await runs.undo();
    expect(await runs.files()).toEqual(['gone', 'link', 'removed']);
    expect([await readlink(at('link')), await readlink(at('gone'))]).toEqual(['/old', '/gone']);
  });

  it('of another account are put back by that account, then given to whom they belonged', async () => {
    await mkdir(at('www'));
    await writeFile(at('www/conf'), 'by root');
    await runs.run(async (live) => {
      await live.setOwner(at('www'), 'www-data', 'www-data');
      await live.write(at('www/conf'), 'secret=1\n', { as: 'www-data', mode: 0o640, secret: true });
      await live.write(at('www/more'), 'x', { as: 'www-data' });
    });
    await runs.undo();
    expect(await text('www/conf')).toBe('by root');
    expect([await rights('www'), await rights('www/conf')]).toEqual([
      ['755', 0, 0],
      ['644', 0, 0],
    ]);
    await runs.undo({ run: '2' });
    expect([await text('www/conf'), await text('www/more')]).toEqual(['secret=1\n', 'x']);
    expect([await rights('www'), await rights('www/conf')]).toEqual([
      ['755', 33, 33],
      ['640', 33, 33],
    ]);
  });

  it("are the operator's again: the product does not take them for its own", async () => {
    await writeFile(at('mine'), 'mine');
    await runs.run((live) => live.write(at('own'), 'first'));
    await runs.run(async (live) => {
      await live.write(at('mine'), 'second');
      await live.write(at('own'), 'second');
    });
    await runs.undo();
    expect(runs.ledger.written(at('mine'))).toBeUndefined();
    expect(runs.ledger.written(at('own'))?.content).toBe('first');
  });
});

describe('rights of a tree', () => {
  it('go back entry by entry, and root goes through no link', async () => {
    await mkdir(at('tree/in'), { recursive: true });
    await mkdir(at('victim'));
    for (const name of ['tree/in/a', 'tree/b', 'victim/a']) await writeFile(at(name), '');
    await chown(at('tree/b'), 33, 0);
    await runs.run((live) =>
      live.setRights(at('tree'), [
        [at('tree/in/a'), 'www-data:www-data', 0o600],
        [at('tree/in'), 'www-data:www-data', 0o2755],
        [at('tree/b'), 'www-data:www-data', 0o640],
      ]),
    );
    expect(await rights('tree/in')).toEqual(['2755', 33, 33]);
    await runs.undo();
    expect([await rights('tree/in/a'), await rights('tree/in'), await rights('tree/b')]).toEqual([
      ['644', 0, 0],
      ['755', 0, 0],
      ['644', 33, 0],
    ]);

    await runs.undo({ run: '2' });
    await rename(at('tree/in'), at('tree/was'));
    await symlink('../victim', at('tree/in'));
    await chown(at('victim/a'), 7, 7);
    await runs.undo({ run: '1' });
    expect(await rights('victim/a')).toEqual(['644', 7, 7]);
  });

  it('are not those of what a link led to, and a file gets no set-id bits', async () => {
    for (const name of ['tree/x', 'tree/y', 'bin']) await mkdir(at(name), { recursive: true });
    for (const name of ['bin/su', 'tree/y/su']) await writeFile(at(name), '');
    for (const name of ['bin/su', 'tree/y/su']) await chmod(at(name), 0o4755);
    await rename(at('tree/x'), at('tree/was'));
    await symlink('../bin', at('tree/x'));
    await runs.run((live) =>
      live.setRights(at('tree'), [
        [at('tree/x/su'), 'www-data:www-data', 0o2755],
        [at('tree/y/su'), 'www-data:www-data', 0o755],
      ]),
    );
    expect(await rights('bin/su')).toEqual(['4755', 0, 0]);
    expect(await rights('tree/y/su')).toEqual(['755', 33, 33]);
    // As whoever owns the tree leaves them: their own program at the place of the one that was noted.
    await rename(at('tree/x'), at('tree/link'));
    await mkdir(at('tree/x'));
    await writeFile(at('tree/x/su'), 'evil');
    await chown(at('tree/x/su'), 33, 33);
    await runs.undo();
    expect(await rights('tree/x/su')).toEqual(['644', 33, 33]);
    expect(await rights('tree/y/su')).toEqual(['755', 0, 0]);
  });
});

it('a file whose tree changed hands first: back at once, so that an undo that was cut off later leaves it alone', async () => {
  await mkdir(at('tree'));
  await writeFile(at('tree/conf'), 'by root');
  await chown(at('tree/conf'), 0, 4);
  await chmod(at('tree/conf'), 0o604);
  await runs.run(async (live) => {
    await live.setRights(at('tree'), [
      [at('tree'), 'www-data:www-data', 0o2755],
      [at('tree/conf'), 'www-data:www-data', 0o644],
    ]);
    await live.write(at('tree/conf'), 'by www-data', { as: 'www-data', mode: 0o640 });
  });
  const after = async () => [await text('tree/conf'), await rights('tree/conf'), await rights('tree')];
  const installed = await after();
  const before = ['by root', ['604', 0, 4], ['755', 0, 0]];
  await runs.undo({ cut: `files/taken:${at('tree')}` });
  expect(await after()).toEqual(before);
  const { planned } = await runs.plan();
  expect(planned.filter(({ observation, problem }) => observation ?? problem)).toEqual([]);
  await runs.undo();
  await runs.undo({ run: '3' });
  expect(await after()).toEqual(installed);
});

describe('what was edited since', () => {
  it("is a conflict with the difference, secrets masked; with the operator's word it goes, and comes back", async () => {
    await writeFile(at('conf'), 'password = old-and-forgotten\n');
    await runs.run((live) => live.write(at('conf'), 'password = new\n'));
    await writeFile(at('conf'), 'password = by-hand\n');
    const { conflicts } = await runs.plan();
    expect(conflicts).toMatchObject([
      { what: expect.stringContaining(`${at('conf')} was edited after run 0001. Nothing was changed.`) },
    ]);
    expect(conflicts[0]?.detail).toEqual(expect.arrayContaining(['-password = ••••', '+password = ••••']));
    expect((await runs.undo()).conflict).toBe(true);
    expect(await text('conf')).toBe('password = by-hand\n');

    expect((await runs.undo({ overwrite: at('conf') })).problems.size).toBe(0);
    expect(await text('conf')).toBe('password = old-and-forgotten\n');
    await runs.undo({ run: '3' });
    expect(await text('conf')).toBe('password = by-hand\n');
  });

  it('by a later run is said to be so', async () => {
    await runs.run((live) => live.write(at('conf'), 'one'));
    await runs.run((live) => live.write(at('conf'), 'two'));
    const { conflicts, planned } = await runs.plan('1');
    // The wizard's page has it from the plan: a person edited nothing, and the file would be gone.
    expect(planned.map(({ observation }) => observation)).toContainEqual(
      expect.objectContaining({
        removes: [at('conf')],
        conflict: expect.objectContaining({ changedBy: 'run 2 (run)', removed: true }),
      }),
    );
    await writeFile(at('conf'), 'by hand');
    expect((await runs.plan('1')).planned.map(({ observation }) => observation)).toContainEqual(
      expect.objectContaining({ conflict: expect.not.objectContaining({ changedBy: expect.anything() }) }),
    );
    await writeFile(at('conf'), 'two');
    expect(conflicts).toMatchObject([
      {
        what: expect.stringContaining('was changed again by run 0002 (run)'),
        remedy: expect.stringContaining('studio-setup undo 2'),
      },
    ]);
    await runs.undo();
    expect(await text('conf')).toBe('one');
    await runs.undo();
    expect(await runs.files()).toEqual([]);
  });

  it('by a procedure is no reason to undo that, which nobody can', async () => {
    await runs.run((live) => live.write(at('conf'), 'one'));
    await runs.run((live) => live.write(at('conf'), 'two'), {
      command: 'rotate secret-key',
      procedure: true,
    });
    const [conflict] = (await runs.plan('1')).conflicts;
    expect(conflict?.what).toContain('run 0002 (rotate secret-key)');
    expect(conflict?.remedy).not.toContain('undo 2');
  });

  it('a file that is gone by now is no conflict', async () => {
    await writeFile(at('conf'), 'old');
    await runs.run(async (live) => {
      await live.write(at('conf'), 'new');
      await live.write(at('made'), 'new');
      await live.run(['rm', at('conf'), at('made')]);
    });
    expect((await runs.undo()).problems.size).toBe(0);
    expect(await text('conf')).toBe('old');
  });
});

describe('an undo that is cut off', () => {
  it('goes on, newest first, and is one with what goes on', async () => {
    for (const name of ['a', 'b', 'c']) await writeFile(at(name), 'old');
    await runs.run(async (live) => {
      for (const name of ['a', 'b', 'c']) await live.write(at(name), 'new');
    });
    await runs.undo({ cut: `files${at('c')}` });
    expect([await text('a'), await text('b'), await text('c')]).toEqual(['new', 'new', 'old']);
    await runs.undo();
    expect([await text('a'), await text('b'), await text('c')]).toEqual(['old', 'old', 'old']);
    await runs.undo({ run: '3' });
    expect([await text('a'), await text('b'), await text('c')]).toEqual(['new', 'new', 'new']);
  });
});

describe('what stays', () => {
  it('is what is no file: an operation that left no trace in the journal, or says so itself', async () => {
    await runs.run(async (live) => {
      await live.note({ kind: 'change', title: 'a certificate', irreversible: 'certbot delete removes it' });
      await live.write(at('conf'), 'x');
    });
    expect(runs.look().stays).toEqual([{ what: 'a certificate', why: 'certbot delete removes it' }]);
  });

  it('is a file whose old content was dropped', async () => {
    await writeFile(at('conf'), 'old');
    await runs.run((live) => live.write(at('conf'), 'new'));
    runs.forget('0001');
    expect(runs.look().stays).toEqual([{ what: at('conf'), why: expect.stringMatching(/^no copy/) }]);
    expect((await runs.undo()).problems.size).toBe(0);
    expect(await text('conf')).toBe('new');
  });
});
