import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../src/engine/events.ts';
import { Accounts } from '../../src/host/accounts.ts';
import { Journal } from '../../src/host/journal.ts';
import { Ledger } from '../../src/host/ledger.ts';
import { LinuxHost } from '../../src/host/linux-host.ts';
import { LinuxLiveHost } from '../../src/host/live-host.ts';
import { PreparedPythons } from '../../src/host/prepared-pythons.ts';
import { ProblemError, StoppedError } from '../../src/output/problem.ts';
import { Secret } from '../../src/output/secret.ts';

let folder: string;
let events: EngineEvent[];
let controller: AbortController;
let shared: LinuxHost;
let live: LinuxLiveHost;
const at = (name: string) => path.join(folder, name);

const python = ['/usr/bin/python3', '-'];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-live-'));
  // The account must be able to reach its own folder in it.
  await chmod(folder, 0o755);
  events = [];
  controller = new AbortController();
  const options = {
    accounts: new Accounts(),
    ledger: new Ledger(at('state')),
    prepared: new PreparedPythons(0),
    signal: controller.signal,
  };
  shared = new LinuxHost(options);
  live = new LinuxLiveHost(
    {
      ...options,
      journal: new Journal(at('run'), at('copies')),
      emit: (event) => events.push(event),
      run: '0001',
    },
    'site/conf',
    shared,
    new Map(),
  );
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const everything = async (name: string): Promise<string> => {
  const names = await readdir(at(name), { recursive: true, withFileTypes: true });
  const files = names.filter((each) => each.isFile());
  return (
    await Promise.all(files.map((each) => readFile(path.join(each.parentPath, each.name), 'utf8')))
  ).join('\n');
};

describe('writing', () => {
  it('notes what stood there before, and what it wrote', async () => {
    await writeFile(at('conf'), 'by hand\n');
    await live.write(at('conf'), 'wanted\n');
    expect(await everything('copies')).toBe('by hand\n');
    expect((await live.written(at('conf')))?.content).toBe('wanted\n');
  });

  it('leaves no secret in journal or ledger, old or new; the old one stands in the copy that root alone reads', async () => {
    const old = new Secret('an-old-database-word');
    const now = new Secret('a-new-database-word');
    await writeFile(at('conf'), `password=${old.reveal()}\nname=studio\n`);
    await live.write(at('conf'), `password=${now.reveal()}\nname=studio\n`, { secret: true, mode: 0o600 });
    const kept = (await everything('run')) + (await everything('state'));
    expect(kept).not.toContain(old.reveal());
    expect(kept).not.toContain(now.reveal());
    expect(await everything('copies')).toBe(`password=${old.reveal()}\nname=studio\n`);
  });

  it("what is put back is the operator's: the product forgets that it wrote there", async () => {
    await live.write(at('conf'), 'wanted\n');
    await live.write(at('conf'), Buffer.from([0xff, 0x0a]), { foreign: true });
    expect(await readFile(at('conf'))).toEqual(Buffer.from([0xff, 0x0a]));
    expect(await live.written(at('conf'))).toBeUndefined();
  });

  it('keeps mode and owner of a file that is there', async () => {
    await writeFile(at('conf'), 'old');
    await chmod(at('conf'), 0o600);
    await chown(at('conf'), 33, 33);
    await live.write(at('conf'), 'new');
    expect(await live.status(at('conf'))).toMatchObject({
      mode: 0o600,
      owner: 'www-data',
      group: 'www-data',
    });
  });

  it("as www-data a link to a file of root's is replaced, and what it names stays untouched", async () => {
    await mkdir(at('www'));
    await chown(at('www'), 33, 33);
    await writeFile(at('victim'), 'precious');
    await symlink(at('victim'), at('www/conf'));
    await live.write(at('www/conf'), 'new', { as: 'www-data', mode: 0o640 });
    expect(await readFile(at('victim'), 'utf8')).toBe('precious');
    expect(await live.status(at('www/conf'))).toMatchObject({ type: 'file', mode: 0o640, owner: 'www-data' });
    expect(await readdir(at('www'))).toEqual(['conf']);
  });

  it('a file of www-data that is too long to be read whole is refused, not read from its middle', async () => {
    await writeFile(at('conf'), `load_module x.so;\n${'#\n'.repeat(3_300_000)}`);
    await expect(live.read(at('conf'), { as: 'www-data' })).rejects.toThrow(/has more than 6291456 bytes/);
  });

  it('root never changes the rights of what a link names', async () => {
    await writeFile(at('victim'), 'precious', { mode: 0o600 });
    await symlink(at('victim'), at('conf'));
    await expect(live.setMode(at('conf'), 0o644)).rejects.toThrow('ELOOP');
    await mkdir(at('elsewhere'), { mode: 0o700 });
    await symlink(at('elsewhere'), at('folder'));
    await expect(live.makeFolder(at('folder'), { mode: 0o755 })).rejects.toThrow(/ELOOP|ENOTDIR/);
    const modes = await Promise.all(
      ['victim', 'elsewhere'].map(async (name) => (await lstat(at(name))).mode & 0o777),
    );
    expect(modes).toEqual([0o600, 0o700]);
  });

  it("as www-data a folder of root's can't be written, and the failure says what to do", async () => {
    await mkdir(at('roots'));
    const failed = await live
      .write(at('roots/conf'), 'new', { as: 'www-data' })
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ProblemError);
    expect((failed as ProblemError).problem.remedy).toContain(`ls -ld ${at('roots')}`);
    await expect(lstat(at('roots/conf'))).rejects.toThrow('ENOENT');
  });
});

describe('running', () => {
  it('streams commands and lines into the events, secrets masked', async () => {
    const secret = new Secret('a-word-that-is-secret');
    await live.run(['/bin/sh', '-c', 'cat; echo done'], { input: `${secret.reveal()}\n` });
    const text = JSON.stringify(events);
    expect(text).not.toContain(secret.reveal());
    expect(events.map((event) => event.type)).toEqual(['command', 'output', 'output']);
  });

  it('a failure carries the command, the code and the last lines', async () => {
    const failed = await live
      .run(['/bin/sh', '-c', 'echo broken >&2; exit 3'])
      .catch((error: unknown) => error);
    expect((failed as ProblemError).problem).toMatchObject({
      exitCode: 3,
      command: "/bin/sh -c 'echo broken >&2; exit 3'",
      detail: ['broken'],
    });
  });

  it.each([
    ['echo "write: No space left on device" >&2; exit 1', /disk is full/, /df -h/],
    ['exit 127', /failed/, /not installed/],
  ])('%s is explained', async (script, what, remedy) => {
    const failed = await live.run(['/bin/sh', '-c', script]).catch((error: unknown) => error);
    expect((failed as ProblemError).problem.what).toMatch(what);
    expect((failed as ProblemError).problem.remedy).toMatch(remedy);
  });

  it.runIf(process.getuid?.() === 0)(
    'root runs no program that another account can replace, changing or only reading',
    async () => {
      const program = at('program');
      await writeFile(program, `#!/bin/sh\nid -u >> ${at('ran')}\n`, { mode: 0o755 });
      // The folder of all temporary files is everybody's.
      for (const start of [
        () => live.run([program]),
        () => live.query([program]),
        () => shared.query([program]),
      ])
        await expect(start()).rejects.toThrow(
          `${program} was not run as root, because every account can write to`,
        );
      await expect(readFile(at('ran'))).rejects.toThrow('ENOENT');
      await writeFile(at('ran'), '', { mode: 0o666 });
      await chmod(at('ran'), 0o666);
      await live.query([program], { as: 'www-data' });
      expect(await readFile(at('ran'), 'utf8')).toBe('33\n');
    },
  );

  it('an accepted code is no failure', async () => {
    expect((await live.run(['/bin/sh', '-c', 'exit 1'], { accept: [0, 1] })).code).toBe(1);
  });

  it('what ends a state that must not stay is carried out after a stop as well', async () => {
    controller.abort();
    await expect(live.run(['touch', at('stopped')])).rejects.toBeInstanceOf(StoppedError);
    await live.run(['touch', at('ended')], { evenWhenStopped: true });
    expect(await readdir(folder)).toEqual(expect.arrayContaining(['ended']));
    expect(await readdir(folder)).not.toContain('stopped');
  });

  it('when the operator stops it, that is no failure of the step', async () => {
    setTimeout(() => controller.abort(), 100);
    await expect(live.run(['sleep', '30'])).rejects.toBeInstanceOf(StoppedError);
  });

  describe('a Python that is prepared', () => {
    const inPrepared = (input: string, preparation = 'pass') => ({
      input,
      prepared: { python: '/usr/bin/python3', preparation, program: input },
    });
    const program = (input: string) =>
      inPrepared(`import os\n${input}`, `open(${JSON.stringify(at('prepared'))}, "a").write("once ")`);

    it('is forked for each change, whose command is told all the same', async () => {
      for (const name of ['one', 'two'])
        await live.run(python, { ...program(`os.mkdir(${JSON.stringify(at(name))})`), quiet: true });
      expect(await readFile(at('prepared'), 'utf8')).toBe('once ');
      expect(await readdir(folder)).toEqual(expect.arrayContaining(['one', 'two']));
      expect(events).toMatchObject([
        { type: 'command', command: '/usr/bin/python3 -' },
        { type: 'command', command: '/usr/bin/python3 -' },
      ]);
    });

    it('makes what it found before stale, as any change does', async () => {
      const asked = () => shared.once('fact', async () => (await readdir(folder)).includes('one'));
      expect(await asked()).toBe(false);
      await live.run(python, program(`os.mkdir(${JSON.stringify(at('one'))})`));
      expect(await asked()).toBe(true);
    });

    it('fails with its code and its last lines', async () => {
      const failed = await live
        .run(python, program('raise SystemExit("no such row")'))
        .catch((error) => error);
      expect((failed as ProblemError).problem).toMatchObject({ exitCode: 1, detail: ['no such row'] });
    });

    it.each([
      ['while the change is made', 'open("begun", "a").write("x"); import time; time.sleep(60)', 'pass'],
      ['while it is prepared', 'pass', 'open("begun", "a").write("x"); import time; time.sleep(60)'],
    ])('is ended by a stop %s, and nothing is started after it', async (_, input, preparation) => {
      const running = live.run(python, { ...inPrepared(input, preparation), cwd: folder });
      while (!(await readdir(folder)).includes('begun')) await sleep(20);
      controller.abort();
      await expect(running).rejects.toBeInstanceOf(StoppedError);
      expect(await readFile(at('begun'), 'utf8')).toBe('x');
    });

    it('is not started by itself after a stop', async () => {
      const running = live.run(python, program(`os.mkdir(${JSON.stringify(at('one'))})`));
      // Between the first look at it and the start.
      controller.abort();
      await expect(running).rejects.toBeInstanceOf(StoppedError);
      expect(events.map(({ type }) => type)).toEqual(['command']);
      expect(await readdir(folder)).not.toContain('one');
    });
  });

  it('an account that is not there is named', async () => {
    await expect(live.run(['true'], { as: 'no-such-account' })).rejects.toThrow('no-such-account');
  });
});

describe('facts', () => {
  it('are computed once until something changes', async () => {
    let asked = 0;
    const ask = () =>
      shared.once('fact', async () => {
        asked += 1;
        return asked;
      });
    expect([await ask(), await ask()]).toEqual([1, 1]);
    await live.write(at('conf'), 'x');
    expect(await ask()).toBe(2);
  });

  it('that failed are asked again', async () => {
    await expect(shared.once('fact', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await shared.once('fact', async () => 'yes')).toBe('yes');
  });

  it('a fact that a change overtook while it was computed is not remembered', async () => {
    const gate = Promise.withResolvers<string>();
    const early = shared.once('fact', () => gate.promise);
    shared.forget();
    gate.resolve('old');
    expect(await early).toBe('old');
    expect(await shared.once('fact', async () => 'new')).toBe('new');
  });
});
