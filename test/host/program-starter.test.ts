import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Accounts } from '../../src/host/accounts.ts';
import { Ledger } from '../../src/host/ledger.ts';
import { LinuxHost } from '../../src/host/linux-host.ts';
import { PreparedPythons } from '../../src/host/prepared-pythons.ts';
import { type ProcessOptions, runProcess } from '../../src/host/process.ts';
import { ProgramStarter } from '../../src/host/program-starter.ts';

const NOBODY = { uid: 65534, gid: 65534 };

let folder: string;
let starter: ProgramStarter;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-starter-'));
  await chmod(folder, 0o777);
  starter = new ProgramStarter();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const given = (options: Partial<ProcessOptions> = {}): ProcessOptions => ({
  cwd: folder,
  env: { PATH: '/usr/bin:/bin', GIVEN: 'this' },
  timeoutMs: 20_000,
  ...options,
});
const shell = (script: string, options: Partial<ProcessOptions> = {}) =>
  starter.run(['/bin/sh', '-c', script], given(options));
const file = (name: string) => path.join(folder, name);
const gone = async (pid: string) => {
  for (let waited = 0; existsSync(`/proc/${pid}`) && waited < 100; waited++) await sleep(50);
  return !existsSync(`/proc/${pid}`);
};

describe('a program that the starter runs does what it does by itself', () => {
  it.each<[string, readonly string[], Partial<ProcessOptions>?]>([
    ['prints', ['printf', 'one\ntwo']],
    ['prints bytes that are no text', ['printf', '\\377\\n']],
    ['writes outside of ASCII', ['printf', '%s', 'ä€😀']],
    ['prints more than a pipe holds', ['/bin/sh', '-c', 'head -c 300000 /dev/zero | tr "\\0" x']],
    ['prints more than is kept', ['/bin/sh', '-c', 'head -c 9000000 /dev/zero | tr "\\0" x; echo end']],
    ['says something of an error', ['/bin/sh', '-c', 'echo one; echo bad >&2; exit 3']],
    ['is killed', ['/bin/sh', '-c', 'kill -KILL $$']],
    ['ends by a signal', ['/bin/sh', '-c', 'kill -HUP $$']],
    ['is ended by a pipe that nobody reads', ['/bin/bash', '-c', 'yes | head -1; echo $PIPESTATUS']],
    ['is not there', ['no-such-program']],
    ['is not there, by a path', ['/no/such/program']],
    ['may not be run', ['/etc/passwd']],
    ['is a folder', ['/etc']],
    ['reads nothing', ['cat']],
    ['reads what it is given', ['cat'], { input: 'given: ä\n' }],
    ['reads nothing of what it is given', ['true'], { input: 'x'.repeat(300_000) }],
    ['reads more than a pipe holds', ['wc', '-c'], { input: 'x'.repeat(300_000) }],
    [
      'is another account',
      ['/bin/sh', '-c', 'id -u; id -G; grep ^Cap /proc/self/status'],
      { account: NOBODY, cwd: '/' },
    ],
    ['knows where it is', ['pwd', '-P']],
    ['is given a folder that is not there', ['pwd'], { cwd: '/no/such/folder' }],
    ['has this environment alone', ['env']],
    ['has these descriptors alone', ['/bin/sh', '-c', 'ls /proc/$$/fd']],
    ['has these signals', ['grep', '^Sig[BI]', '/proc/self/status']],
    ['has this mask for files', ['/bin/sh', '-c', 'umask']],
    ['starts another, and waits for it', ['/bin/sh', '-c', 'sleep 0.2; echo done']],
  ])('%s', async (_, argv, options) => {
    expect(await starter.run(argv, given(options))).toEqual(await runProcess(argv, given(options)));
  });

  it.each([
    ['root', {}],
    ['another account', { account: NOBODY, cwd: '/' }],
  ])("as %s, can open its standard input by name, which it can't when run directly", async (_, options) => {
    const result = await starter.run(['cat', '/dev/stdin'], given({ input: 'given', ...options }));
    expect(result).toEqual({ code: 0, stdout: 'given', stderr: '' });
  });

  it('leaves another behind that holds its output', async () => {
    const began = performance.now();
    expect(await shell('sleep 30 & echo $!')).toMatchObject({ code: 0 });
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

it('runs as many as it is asked for, side by side', async () => {
  const waits = Array.from({ length: 40 }, (_, number) =>
    shell(`while [ ! -e go ]; do sleep 0.05; done; echo ${number}`),
  );
  await shell('touch go');
  expect((await Promise.all(waits)).map((each) => each?.stdout)).toEqual(
    waits.map((_, number) => `${number}\n`),
  );
});

it('starts what asks, and not what acts, for the host', async () => {
  const prepared = new PreparedPythons(0);
  const host = new LinuxHost({ accounts: new Accounts(), ledger: new Ledger(folder), starter, prepared });
  const parent = async (options: { acts?: true }) => {
    const program = 'import os; print(os.getppid())';
    const python = { input: program, prepared: { python: '/usr/bin/python3', preparation: 'pass', program } };
    const asked = [
      await host.query(['/bin/sh', '-c', 'echo $PPID'], options),
      await host.query(['/usr/bin/python3', '-'], { ...python, ...options }),
    ];
    return asked.map(({ stdout }) => Number(stdout) === process.pid);
  };
  expect(await parent({ acts: true })).toEqual([true, true]);
  expect(await parent({})).toEqual([false, false]);
});

/** Has a process traced, which then does not end as long as its tracer does not look (ptrace(2), PTRACE_O_TRACEEXIT). */
async function traced(name: string) {
  while (!existsSync(file(name)) || (await readFile(file(name), 'utf8')) === '') await sleep(20);
  const pid = await readFile(file(name), 'utf8');
  const seize = `import ctypes, time; ctypes.CDLL(None).ptrace(0x4206, ${pid}, 0, 0x40); print(1, flush=True); time.sleep(60)`;
  const tracer = spawn('python3', ['-c', seize]);
  await once(tracer.stdout, 'data');
  return tracer;
}

describe('what takes too long', () => {
  const stubborn = 'trap "" TERM; echo $$ >pid; sleep 60 & echo $! >child; wait; wait';
  const pids = async () => [await readFile(file('pid'), 'utf8'), await readFile(file('child'), 'utf8')];

  it('is ended, with what it started and what it had said', async () => {
    const result = await shell('echo one; sleep 60 & echo $! >child; wait', { timeoutMs: 500 });
    expect(result).toEqual({ code: 124, stdout: 'one\n', stderr: '' });
    expect(await gone((await readFile(file('child'), 'utf8')).trim())).toBe(true);
  });

  it('is killed where it does not end by itself', async () => {
    expect(await shell(stubborn, { timeoutMs: 500 })).toMatchObject({ code: 124 });
    for (const pid of await pids()) expect(await gone(pid.trim())).toBe(true);
  });

  it.each([
    ['by a stop', {}, 143],
    ['by its time', { timeoutMs: 500 }, 124],
  ])("can't leave its process group, %s", async (_, options, code) => {
    // A group whose one member is a zombie is there for ever, and takes any signal.
    const escapes = `import os, time
zombie = os.fork()
if zombie == 0: os._exit(0)
other = os.fork()
if other == 0: time.sleep(60)
try:
    os.setpgid(other, other)
    os.setpgid(0, other)
except OSError: pass
open('pid', 'w').write(str(os.getpid()))
time.sleep(60)`;
    const controller = new AbortController();
    const hanging = starter.run(['python3', '-c', escapes], given({ signal: controller.signal, ...options }));
    while (!existsSync(file('pid'))) await sleep(20);
    if (code === 143) controller.abort();
    expect((await hanging)?.code).toBe(code);
    expect(await gone(await readFile(file('pid'), 'utf8'))).toBe(true);
  });

  it('is abandoned where nothing ends it, and others are not', async () => {
    const other = shell('while [ ! -e go ]; do sleep 0.05; done; echo $PPID', { timeoutMs: 40_000 });
    const sleeps = (options: Partial<ProcessOptions>) =>
      given({ timeoutMs: 1500, account: NOBODY, abandons: true, ...options });
    const started = starter.run(['/bin/sh', '-c', 'echo $$ >first; exec sleep 60'], sleeps({}));
    const itself = runProcess(['/bin/sh', '-c', 'echo $$ >second; exec sleep 60'], sleeps({}));
    const tracers = [await traced('first'), await traced('second')];
    expect(await started).toMatchObject({ code: 124 });
    expect(await itself).toMatchObject({ code: 124 });
    await writeFile(file('go'), '');
    expect((await other)?.stdout).toBe((await shell('echo $PPID'))?.stdout);
    for (const tracer of tracers) tracer.kill('SIGKILL');
  });

  it('is ended by a stop, and others are not', async () => {
    const controller = new AbortController();
    const other = shell('while [ ! -e go ]; do sleep 0.05; done; echo other');
    const hanging = shell('echo $$ >pid; sleep 60', { signal: controller.signal });
    while (!existsSync(file('pid'))) await sleep(20);
    controller.abort();
    expect((await hanging)?.code).toBe(143);
    await writeFile(file('go'), '');
    expect((await other)?.stdout).toBe('other\n');
  });

  it('is not begun after a stop', async () => {
    expect(await shell('touch begun', { signal: AbortSignal.abort() })).toBeUndefined();
    expect(existsSync(file('begun'))).toBe(false);
  });
});

describe('a starter that ends', () => {
  it('leaves what it ran to be started by the product, and is started again', async () => {
    expect(await shell('kill -KILL $PPID; sleep 60')).toBeUndefined();
    expect(await shell('echo there')).toMatchObject({ code: 0, stdout: 'there\n' });
  });

  it('begins once for all who find it ended', async () => {
    await shell('kill -KILL $PPID; sleep 60');
    const parents = await Promise.all(Array.from({ length: 8 }, () => shell('echo $PPID')));
    expect(new Set(parents.map((each) => each?.stdout)).size).toBe(1);
  });

  it.each(['TERM', 'INT'])('by SIG%s ends what it runs', async (name) => {
    expect(await shell(`echo $$ >pid; kill -${name} $PPID; sleep 60`)).toBeUndefined();
    expect(await gone((await readFile(file('pid'), 'utf8')).trim())).toBe(true);
  });

  it('ends with the product, and with what it runs', async () => {
    const program = `
      import { ProgramStarter } from ${JSON.stringify(path.resolve('src/host/program-starter.ts'))};
      const options = { cwd: ${JSON.stringify(folder)}, env: { PATH: '/usr/bin:/bin' }, timeoutMs: 60000 };
      void new ProgramStarter().run(['/bin/sh', '-c', 'echo $PPID >starter; echo $$ >pid; exec sleep 60'], options);
    `;
    const running = promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    const ended = running.catch(() => {});
    while (!existsSync(file('pid'))) await sleep(20);
    const pids = [await readFile(file('starter'), 'utf8'), await readFile(file('pid'), 'utf8')];
    running.child.kill('SIGKILL');
    await ended;
    for (const pid of pids) expect(await gone(pid.trim())).toBe(true);
  });

  it('does not keep the product running while idle', async () => {
    const program = `
      import { ProgramStarter } from ${JSON.stringify(path.resolve('src/host/program-starter.ts'))};
      const starter = new ProgramStarter();
      starter.prepare();
      const options = { env: { PATH: '/usr/bin:/bin' }, timeoutMs: 20000 };
      console.log((await starter.run(['echo', 'one'], options)).stdout);
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      timeout: 20_000,
    });
    expect(stdout).toBe('one\n\n');
  });
});
