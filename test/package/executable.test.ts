import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { BUILDER } from '../../scripts/runtimes.ts';
import { V8_OPTIONS } from '../../scripts/v8-options.ts';
import { productVersion } from '../../src/app/version.ts';
import { must, run } from '../rehearsal/process.ts';
import { debian } from '../rehearsal/root.ts';
import { Terminal } from '../wizard/terminal.ts';

const project = join(import.meta.dirname, '../..');
const executable = join(project, 'dist/studio-setup');
const build = () => must([process.execPath, join(project, 'scripts/executable.ts')]);
let bare: string;
beforeAll(async () => {
  const { root } = await debian('bookworm', console.log);
  bare = root;
  await build();
}, 300_000);

/** Starts a program of this machine on the bare Debian, which is seen only there and not written to; in $lib is its /var/lib. */
const enter = `root=$1 lib=$2 program=$3; shift 3
mount -t tmpfs none "$root/mnt"; touch "$root/mnt/program"; mount --bind "$program" "$root/mnt/program"
mount -t tmpfs none "$root/run"; mkdir -p "$root/run/systemd/system"
mount --bind "$lib" "$root/var/lib"; mount --rbind /dev "$root/dev"; mount -t proc none "$root/proc"
exec chroot "$root" /mnt/program "$@"
`;
const unshared = ['unshare', '--mount', '--pid', '--fork', '--kill-child', 'sh', '-e'];
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' };
let folder: string;
let lib: string;
let script: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'studio-setup-executable-'));
  lib = join(folder, 'lib');
  script = join(folder, 'enter.sh');
  mkdirSync(lib, { mode: 0o755 });
  writeFileSync(script, enter);
});
afterEach(() => rmSync(folder, { recursive: true }));

function onBareDebian(program: string, ...args: string[]) {
  return run([...unshared, script, bare, lib, program, ...args], { env });
}

test('the executable starts on a Debian with nothing installed for it', async () => {
  const started = await onBareDebian(executable, '--version');
  expect(started).toEqual({ code: 0, stdout: `${productVersion()}\n`, stderr: '' });
});

test('anybody may run the executable, and only its owner change it', async () => {
  expect((await stat(executable)).mode & 0o777).toBe(0o755);
});

test('the executable does not tell where it was built', async () => {
  const found = await run(['grep', '--count', '--text', '--fixed-strings', project, executable]);
  expect(found.stdout).toBe('0\n');
});

test('the same sources make the same bytes', async () => {
  const digest = () => createHash('sha256').update(readFileSync(executable)).digest('hex');
  const before = digest();
  await build();
  expect(digest()).toBe(before);
}, 60_000);

test('V8 takes what was compiled at the build, under the options that the executable has', async () => {
  const program = join(project, 'dist/studio-setup.cjs');
  const compiled = join(folder, 'compiled');
  await must([
    BUILDER,
    '--random-seed=1',
    ...V8_OPTIONS,
    join(project, 'scripts/compile-ahead.ts'),
    program,
    compiled,
  ]);
  const take = `const { readFileSync } = require('node:fs');
    const [program, cachedData] = process.argv.slice(1).map((file) => readFileSync(file));
    console.log(new vm.Script(program.toString('latin1'), { cachedData }).cachedDataRejected);`;
  expect(await must([BUILDER, ...V8_OPTIONS, '-e', take, program, compiled])).toBe('false\n');
});

describe('what V8 compiled of the wizard', () => {
  const file = () => join(lib, 'studio-setup', 'compiled-wizard');
  /** Each time that it is written, it is another file. */
  const written = () => statSync(file()).ino;

  async function openAndLeave() {
    const terminal = await Terminal.open({
      argv: [...unshared, script, bare, lib, executable],
      env: { ...env, LANG: 'C.UTF-8' },
    });
    try {
      await terminal.at('q save and quit', 'q');
      expect((await terminal.ended()).code).toBe(130);
    } finally {
      await terminal.close();
    }
  }

  test('is kept once: V8 takes it at the next start, and commands that only look write none', async () => {
    mkdirSync(join(lib, 'studio-setup'), { mode: 0o700 });
    expect((await onBareDebian(executable, 'departures')).code).toBe(0);
    expect(readdirSync(join(lib, 'studio-setup'))).toEqual([]);
    await openAndLeave();
    expect(statSync(file())).toMatchObject({ uid: 0, mode: 0o100600 });
    const first = written();
    // What does not fit, or V8 refuses, is replaced.
    await openAndLeave();
    expect(written()).toBe(first);
  }, 60_000);

  test('is replaced where it is damaged, and the wizard works', async () => {
    mkdirSync(join(lib, 'studio-setup'), { mode: 0o700 });
    writeFileSync(file(), Buffer.alloc(3_000_000), { mode: 0o600 });
    const before = written();
    await openAndLeave();
    expect(written()).not.toBe(before);
  }, 60_000);

  test('is not kept where another account may write', async () => {
    mkdirSync(join(lib, 'studio-setup'));
    chmodSync(join(lib, 'studio-setup'), 0o770);
    await openAndLeave();
    expect(readdirSync(join(lib, 'studio-setup'))).not.toContain('compiled-wizard');
  }, 60_000);

  test('leaves nothing on a bare host', async () => {
    await openAndLeave();
    expect(readdirSync(lib)).toEqual([]);
  }, 60_000);
});
