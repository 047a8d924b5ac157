import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Sample } from '../commands/sample/sample.ts';

/**
 * One call after the other fails once: each write, rename, flush, open, mkdir and start of a program that the product makes
 * below its folders. Then the same command runs without a fault. ENOSPC and EIO are what a full and a broken disk give, EACCES
 * what a security module or an immutable file does (errno(3)).
 */
const ERRORS = ['ENOSPC', 'EIO', 'EACCES'] as const;

/** Milliseconds after which a run counts as hung; one takes half a second. */
const HANGS_MS = 60_000;

let shim: string;
let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(path.join(tmpdir(), 'studio-setup-faults-'));
  shim = path.join(scratch, 'shim.so');
  const source = path.join(import.meta.dirname, 'shim.c');
  execFileSync('gcc', ['-shared', '-fPIC', '-O1', '-o', shim, source, '-ldl']);
});
afterAll(() => rmSync(scratch, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly hung: boolean;
  readonly said: string;
  /** Calls that were counted. */
  readonly calls: number;
  /** Which one failed, and on what. */
  readonly failed: string;
}

/** @param at which call fails, from 1; 0: none */
async function run(
  sample: Sample,
  args: readonly string[],
  at: number,
  error: (typeof ERRORS)[number],
): Promise<Ended> {
  const counter = path.join(scratch, 'counter');
  const log = path.join(scratch, 'failed');
  writeFileSync(counter, Buffer.alloc(8));
  writeFileSync(log, '');
  const { argv, env } = sample.command();
  const [program = '', ...rest] = argv;
  const child = spawn(program, [...rest, ...args, '--yes', '--answers', sample.at('answers.yaml')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...env,
      LD_PRELOAD: shim,
      FAULT_FOLDER: sample.folder,
      FAULT_COUNTER: counter,
      FAULT_AT: String(at),
      FAULT_ERRNO: String(constants.errno[error]),
      FAULT_LOG: log,
    },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said += chunk;
    });
  const { promise, resolve } = Promise.withResolvers<{ code: number | null; hung: boolean }>();
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    resolve({ code: null, hung: true });
  }, HANGS_MS);
  child.once('close', (code) => resolve({ code, hung: false }));
  const end = await promise;
  clearTimeout(timer);
  return {
    ...end,
    said,
    calls: Number(readFileSync(counter).readBigInt64LE()),
    failed: readFileSync(log, 'utf8').trim(),
  };
}

/** The files that the sections and the procedure are about, by name. */
async function site(sample: Sample): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(sample.folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && entry.name !== 'answers.yaml' && entry.name !== 'lock')
    .map(({ name }) => name)
    .sort();
  return Object.fromEntries(
    // The key is another one in each folder.
    await Promise.all(
      names.map(async (name) => [name, (await sample.read(name)).replace(/^secret=.*$/m, 'secret=')]),
    ),
  );
}

const COMMANDS = [
  { name: 'a run', args: ['run'], prepare: async () => {} },
  {
    name: 'a rotation',
    args: ['rotate', 'secret-key'],
    prepare: async (sample: Sample) => {
      await sample.write('value', 'old\n');
    },
  },
] as const;

for (const { name, args, prepare } of COMMANDS) {
  test(`${name}: each call fails once, with each of ${ERRORS.join(', ')}`, {
    timeout: 60 * 60_000,
  }, async () => {
    const fresh = async () => {
      const sample = await Sample.make();
      await prepare(sample);
      return sample;
    };
    const reference = await fresh();
    const before = await site(reference);
    const whole = await run(reference, args, 0, 'EIO');
    expect(whole).toMatchObject({ code: 0, hung: false });
    expect(whole.calls).toBeGreaterThan(20);
    const after = await site(reference);
    await reference.remove();

    const wrong: string[] = [];
    let injected = 0;
    for (const error of ERRORS)
      for (let at = 1; at <= whole.calls; at++) {
        const sample = await fresh();
        const faulted = await run(sample, args, at, error);
        const middle = await site(sample);
        const again = await run(sample, args, 0, error);
        const end = await site(sample);
        await sample.remove();
        if (faulted.failed === '') continue;
        injected += 1;
        const where = `${error} at ${at} (${faulted.failed.replace(sample.folder, '')})`;
        const torn = Object.entries(middle).filter(
          ([file, content]) =>
            !file.endsWith('.pending') &&
            !isPartial(file) &&
            content !== before[file] &&
            content !== after[file],
        );
        if (faulted.hung) wrong.push(`${where}: it hung`);
        if (torn.length > 0) wrong.push(`${where}: torn: ${torn.map(([file]) => file).join(', ')}`);
        if (/^\s+at .+:\d+:\d+\)?$/m.test(faulted.said))
          wrong.push(`${where}: a stack trace: ${faulted.said}`);
        if (faulted.code === 0 && !equal(middle, after)) wrong.push(`${where}: said to be done, and is not`);
        if (again.code !== 0) wrong.push(`${where}: the next run ended with ${again.code}: ${again.said}`);
        else if (!equal(end, after)) wrong.push(`${where}: the next run left ${JSON.stringify(end)}`);
      }
    console.log(`${name}: ${injected} faults in ${whole.calls} calls, ${wrong.length} wrong`);
    expect(wrong).toEqual([]);
    expect(injected).toBeGreaterThanOrEqual(whole.calls * ERRORS.length * 0.9);
  });
}

/** Written beside its place, and renamed when whole. */
function isPartial(name: string): boolean {
  return /^\.|partial|\.tmp/.test(name);
}

function equal(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const kept = (files: Readonly<Record<string, string>>) =>
    JSON.stringify(Object.entries(files).filter(([name]) => !isPartial(name)));
  return kept(one) === kept(other);
}
