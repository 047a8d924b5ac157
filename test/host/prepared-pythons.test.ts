import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type PreparedOptions, PreparedPythons } from '../../src/host/prepared-pythons.ts';
import { runProcess } from '../../src/host/process.ts';

let folder: string;
let pythons: PreparedPythons;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-prepared-'));
  pythons = new PreparedPythons(0);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const PREPARATION = 'import json, sys\nsys.path.insert(0, "")\nopen("prepared", "a").write("once ")';

const options = (given: Partial<PreparedOptions> = {}): PreparedOptions => ({
  cwd: folder,
  env: { PATH: '/usr/bin:/bin', PYTHONDONTWRITEBYTECODE: '1' },
  timeoutMs: 20_000,
  ...given,
});
type Given = Partial<PreparedOptions> & { readonly python?: string; readonly preparation?: string };
const run = (
  program: string,
  { python = '/usr/bin/python3', preparation = PREPARATION, ...given }: Given = {},
) => pythons.run({ python, preparation, program }, options(given));
const file = (name: string) => path.join(folder, name);
/** What was just written counts as changed. */
async function module(name: string, text: string) {
  await writeFile(file(name), text);
  await sleep(60);
}
const times = async () => (await readFile(file('prepared'), 'utf8')).trim().split(' ').length;

describe('a program that is forked', () => {
  it.each([
    ['prints', 'print("one"); print("two")'],
    ['prints no line end', 'print("one", end="")'],
    ['prints bytes that are no text', 'import os; os.write(1, b"\\xff\\n")'],
    ['prints more than a pipe holds', 'print("x" * 300000)'],
    ['prints a great deal', 'for i in range(200_000): print("line", i)'],
    [
      'prints a character in two parts',
      'import os, time; os.write(1, b"\\xc3"); time.sleep(0.1); os.write(1, b"\\xa4\\n")',
    ],
    ['ends within a character', 'import os; os.write(1, b"one\\xc3")'],
    ['says something of an error', 'import sys; print("bad", file=sys.stderr); sys.exit(3)'],
    ['ends with a word', 'raise SystemExit("no such thing")'],
    ['ends with nothing', 'raise SystemExit'],
    ['fails', 'print("one")\nraise ValueError("two")'],
    ['is no Python', 'print('],
    ['is killed', 'import os; os.kill(os.getpid(), 9)'],
    ['writes outside of ASCII', 'print("ä€😀")'],
    ['is nothing', ''],
    ['knows its name and arguments', 'import sys; print(__name__, sys.argv)'],
    ['starts another', 'import subprocess; subprocess.run(["echo", "other"])'],
    ['leaves another behind', 'import subprocess; subprocess.Popen(["sleep", "0.2"]); print("done")'],
    ['finds where it is', 'import os; print(os.getcwd(), os.environ["PATH"])'],
  ])('does what it does when it is started: %s', async (_, program) => {
    const started = await runProcess(['/usr/bin/python3', '-'], { ...options(), input: program });
    const forked = await run(program);
    const lastLine = (text = '') => text.trim().split('\n').at(-1);
    expect({ ...forked, stderr: lastLine(forked?.stderr) }).toEqual({
      ...started,
      stderr: lastLine(started.stderr),
    });
  });

  it('finds what was prepared, once for all of them', async () => {
    const program = 'print(json.__name__ if "json" in globals() else sys.modules["json"].__name__)';
    for (let time = 1; time <= 3; time++)
      expect((await run(`import sys\n${program}`))?.stdout).toBe('json\n');
    expect(await times()).toBe(1);
  });

  it('leaves nothing to the next', async () => {
    await run('import sys, fractions; sys.mine = 1; globals()["other"] = 2');
    const found = await run('import sys; print(hasattr(sys, "mine"), "other" in globals())');
    expect(found?.stdout).toBe('False False\n');
  });

  it('runs beside others', async () => {
    const wait = 'import os, time\nwhile not os.path.exists("second"): time.sleep(0.01)\nprint("first")';
    const both = await Promise.all([run(wait), run('open("second", "w"); print("second")')]);
    expect(both.map((each) => each?.stdout)).toEqual(['first\n', 'second\n']);
  });

  it.each([
    ['to its output', 'print("one", flush=True)'],
    ['to its error output', 'import sys; print("one", file=sys.stderr, flush=True)'],
  ])('is heard while it prints %s', async (_, prints) => {
    const lines: string[] = [];
    const goesOn = `${prints}\nimport os, time\nwhile not os.path.exists("heard"): time.sleep(0.01)\nprint("two", end="")`;
    const onLine = (line: string) => {
      lines.push(line);
      writeFileSync(file('heard'), '');
    };
    expect(await run(goesOn, { onLine })).toMatchObject({ code: 0, inOrder: 'one\ntwo' });
    expect(lines).toEqual(['one', 'two']);
  });

  it('is told of when it runs', async () => {
    const told: number[] = [];
    const onStart = (pid: number) => {
      told.push(pid);
      return undefined;
    };
    const own = await run('import os; print(os.getppid())', { onStart });
    expect(told).toEqual([Number(own?.stdout)]);
  });
});

it('is not prepared for one alone', async () => {
  pythons = new PreparedPythons();
  const results = [await run('print(1)'), await run('print(2)'), await run('print(3)')];
  expect(results.map((each) => each?.stdout)).toEqual([undefined, '2\n', '3\n']);
  expect(await times()).toBe(1);
});

describe('what was prepared', () => {
  const importing = { preparation: 'import sys\nsys.path.insert(0, "")\nimport site_settings' };
  const asked = 'import site_settings; print(site_settings.VALUE)';

  it('is loaded again when one of its files changed', async () => {
    await module('site_settings.py', 'VALUE = 1');
    expect((await run(asked, importing))?.stdout).toBe('1\n');
    await module('site_settings.py', 'VALUE = 2');
    expect((await run(asked, importing))?.stdout).toBe('2\n');
  });

  it('is loaded again when there is a module beside it that was not', async () => {
    await module(
      'site_settings.py',
      'try:\n    from local import VALUE\nexcept ImportError:\n    VALUE = "none"',
    );
    expect((await run(asked, importing))?.stdout).toBe('none\n');
    await module('local.py', 'VALUE = "local"');
    expect((await run(asked, importing))?.stdout).toBe('local\n');
  });

  it('is not used when it may have been read before it was written', async () => {
    await module('site_settings.py', 'VALUE = 1');
    await module('next.py', 'VALUE = 2');
    const preparation = `${importing.preparation}\nimport os\nos.path.exists("next.py") and os.replace("next.py", "site_settings.py")`;
    await run(asked, { preparation });
    await sleep(60);
    expect((await run(asked, { preparation }))?.stdout).toBe('2\n');
  });

  it('is loaded again when a file changed that it read, of whatever kind', async () => {
    await module('settings.json', '{"VALUE": 1}');
    const preparation =
      'import json, sys\nsys.modules["site_settings"] = type(sys)("site_settings")\nsys.modules["site_settings"].VALUE = json.load(open("settings.json"))["VALUE"]';
    expect((await run(asked, { preparation }))?.stdout).toBe('1\n');
    await module('settings.json', '{"VALUE": 2}');
    expect((await run(asked, { preparation }))?.stdout).toBe('2\n');
  });

  it('finishes after each program', async () => {
    const preparation = 'def finish():\n    open("finished", "a").write("once ")';
    for (const program of ['print(1)', 'raise SystemExit(3)']) await run(program, { preparation });
    expect(await readFile(file('finished'), 'utf8')).toBe('once once ');
  });

  it('is prepared for each environment', async () => {
    const program = 'import os; print(os.environ.get("VALUE"))';
    const environment = (value: string) => ({ env: { PATH: '/usr/bin', VALUE: value } });
    expect((await run(program, environment('1')))?.stdout).toBe('1\n');
    expect((await run(program, environment('2')))?.stdout).toBe('2\n');
  });

  it.runIf(process.getuid?.() === 0)('runs as the account', async () => {
    const account = { uid: 65534, gid: 65534 };
    const program = 'import os; print(os.getuid(), os.getgid(), os.getgroups())';
    const found = await run(program, { account, preparation: 'pass', cwd: '/' });
    expect(found?.stdout).toBe('65534 65534 []\n');
  });

  it.each([
    ['fails', 'import no_such_module'],
    ['ends', 'import os; os._exit(0)'],
    ['exits', 'raise SystemExit(0)'],
    [
      'leaves a thread',
      'import threading; threading.Thread(target=__import__("time").sleep, args=[60]).start()',
    ],
    ['leaves a connection', 'import socket; mine = socket.socket()'],
    ['answers in its place, with no JSON', 'import os; os.write(3, b"words\\n")'],
    ['answers in its place, with another kind', 'import os; os.write(3, b"[1]\\nnull\\n")'],
    ['answers in its place, with no reason', 'import os; os.write(3, b\'{"id": 1, "refused": {}}\\n\')'],
    ['answers in its place, with no number', 'import os; os.write(3, b\'{"id": 1, "code": "0"}\\n\')'],
    [
      'prints in its place, of no stream',
      'import os; os.write(3, b\'{"id": 1, "output": "other", "bytes": 1}\\nx\')',
    ],
    [
      'prints in its place, of no length',
      'import os; os.write(3, b\'{"id": 1, "output": "stdout", "bytes": "1"}\\nx\')',
    ],
    [
      'prints in its place, too much at a time',
      'import os; os.write(3, b\'{"id": 1, "output": "stdout", "bytes": 9007199254740991}\\nx\')',
    ],
    ['answers what nobody asked', 'import os; os.write(3, b\'{"id": 7, "code": 0}\\n\')'],
    [
      'prints for what nobody asked',
      'import os; os.write(3, b\'{"id": 7, "output": "stdout", "bytes": 5}\\nwords\')',
    ],
    ['answers without an end', 'import os; data = b"x" * 2**20\nwhile True: os.write(3, data)'],
  ])('is done without when the preparation %s', async (_, preparation) => {
    expect(await run('print("done")', { preparation })).toBeUndefined();
    expect(await run('print("done")', { preparation })).toBeUndefined();
  });

  it('is prepared again where the preparation failed before', async () => {
    const preparation = `import sys; sys.path.insert(0, ""); import site_settings`;
    expect(await run(asked, { preparation })).toBeUndefined();
    await module('site_settings.py', 'VALUE = 1');
    expect((await run(asked, { preparation }))?.stdout).toBe('1\n');
  });

  it('is done without when there is no such Python', async () => {
    expect(await run('pass', { python: file('python') })).toBeUndefined();
  });

  it('is prepared again where it was ended', async () => {
    await run('pass');
    expect(await run('import os, time; os.kill(os.getppid(), 9); time.sleep(60)')).toBeUndefined();
    expect((await run('print("there")'))?.stdout).toBe('there\n');
    expect(await times()).toBe(2);
  });
});

describe('what shares one process', () => {
  it('ends when it is done, where another finds that process out of date', async () => {
    await module('site_settings.py', 'VALUE = 1');
    const preparation = 'import sys\nsys.path.insert(0, "")\nimport site_settings';
    const waits = run(
      'import os, time, site_settings\nopen("waits", "w")\nwhile not os.path.exists("go"): time.sleep(0.01)\nprint(site_settings.VALUE)',
      { preparation },
    );
    while (!existsSync(file('waits'))) await sleep(20);
    await module('site_settings.py', 'VALUE = 2');
    const newer = await run('import site_settings; print(site_settings.VALUE)', { preparation });
    await writeFile(file('go'), '');
    expect([(await waits)?.stdout, newer?.stdout]).toEqual(['1\n', '2\n']);
  });

  it('has ended, and what holds its socket has nobody killed', async () => {
    const preparation =
      'import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(1)\n    os.write(3, b"words\\n")\n    os._exit(0)\nos._exit(0)';
    const kill = vi.spyOn(process, 'kill');
    expect(await run('print("done")', { preparation })).toBeUndefined();
    await sleep(1500);
    expect(kill.mock.calls).toEqual([]);
    kill.mockRestore();
  });

  it('goes on when the time of another is over', async () => {
    const waits = run(
      'import os, time\nopen("waits", "w")\nwhile not os.path.exists("go"): time.sleep(0.01)\nprint("done")',
    );
    while (!existsSync(file('waits'))) await sleep(20);
    const late = await run('import time; print("begun", flush=True); time.sleep(60)', { timeoutMs: 1000 });
    await writeFile(file('go'), '');
    expect([late, await waits]).toMatchObject([
      { code: 124, stdout: 'begun\n' },
      { code: 0, stdout: 'done\n' },
    ]);
    expect(await times()).toBe(1);
  });
});

it('ends although what it left behind goes on printing', async () => {
  const yes = 'import subprocess, time; subprocess.Popen(["yes"]); time.sleep(0.2); print("done")';
  expect((await run(yes))?.code).toBe(0);
  expect((await run('print("there")'))?.stdout).toBe('there\n');
  expect(await times()).toBe(1);
});

describe('what takes too long', () => {
  const hangs = 'import os, time\nopen("pid", "w").write(str(os.getpid()))\ntime.sleep(60)';
  const running = async () => existsSync(`/proc/${await readFile(file('pid'), 'utf8')}`);
  const ended = async () => {
    for (let waited = 0; (await running()) && waited < 50; waited++) await sleep(100);
    return !(await running());
  };

  it('is ended, with what was forked', async () => {
    expect(await run(hangs, { timeoutMs: 1500 })).toEqual({ code: 124, stdout: '', stderr: '' });
    expect(await ended()).toBe(true);
  });

  it('is ended by a stop, and nothing is started after it', async () => {
    const controller = new AbortController();
    const hanging = run(hangs, { signal: controller.signal });
    while (!existsSync(file('pid'))) await sleep(20);
    controller.abort();
    expect((await hanging)?.code).toBe(143);
    expect(await ended()).toBe(true);
    expect(await run('pass', { signal: controller.signal })).toBeUndefined();
  });

  it('ends with the product, and an idle one keeps that from nothing', async () => {
    const program = `
      import { PreparedPythons } from ${JSON.stringify(path.resolve('src/host/prepared-pythons.ts'))};
      const pythons = new PreparedPythons(0);
      const preparation = 'open("pid", "w").write(str(__import__("os").getpid()))';
      const run = (program) => pythons.run({ python: '/usr/bin/python3', preparation, program },
        { cwd: ${JSON.stringify(folder)}, env: { PATH: '/usr/bin' }, timeoutMs: 20000 });
      console.log((await run('print(1)')).stdout);
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program], {
      timeout: 20_000,
    });
    expect(stdout).toBe('1\n\n');
    expect(await ended()).toBe(true);
  });
});
