import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { Sample } from '../commands/sample/sample.ts';
import type { Mutant } from './mutants.ts';
import {
  type Call,
  type Ended,
  ERRORS,
  type ErrorCode,
  type Fault,
  type Heard,
  kindOf,
  NEED_ROOM,
  type Preload,
} from './preload.ts';
import { GIVEN } from './sections.ts';
import { differences, leftBehind, type Snapshot, snapshot, torn, tornState } from './snapshot.ts';

const CLI = path.join(import.meta.dirname, 'cli.ts');

/** How often a call is waited for that did not come. */
const TRIES = 40;

/** Each run flushes dozens of times: on a disk that is most of its time. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A command that is run once for each fault, and then once more without. */
export interface Subject {
  readonly args: readonly string[];
  readonly planted?: Mutant;
  /** Milliseconds after which it counts as hung. */
  readonly hangsMs?: number;
}

export interface Whole {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly calls: readonly Call[];
  /** Operations that changed something. */
  readonly changes: number;
}

/** What one call of the command came to. */
interface Attempt extends Ended {
  readonly left: Snapshot;
  readonly tornState: readonly string[];
}

export interface Campaign {
  /** How many calls failed, by their kind. */
  readonly injected: ReadonlyMap<string, number>;
  /** Faults that were to be, and for which no call came. */
  readonly missed: readonly string[];
  readonly wrong: readonly string[];
}

/** A folder as it is before the command. */
async function fresh(): Promise<Sample> {
  const sample = await Sample.make(CLI, MEMORY);
  await mkdir(sample.at('tree'));
  for (const [name, content] of Object.entries(GIVEN)) await writeFile(sample.at(name), content);
  await sample.write('value', 'old\n');
  return sample;
}

/** @returns what the command does when nothing fails @throws when it does not succeed */
export async function whole(preload: Preload, subject: Subject): Promise<Whole> {
  const sample = await fresh();
  const before = snapshot(sample.folder);
  const end = await attempt(preload, sample, subject, { below: sample.folder });
  const left = leftBehind(sample.folder);
  await sample.remove();
  if (end.code !== 0 || end.tornState.length > 0 || left.length > 0)
    throw new Error(
      `It fails by itself (${end.code}; ${[...end.tornState, ...left].join(', ')}): ${end.said}`,
    );
  const changes = end.said.match(/^✓ .+: done \(/gm)?.length ?? 0;
  return { before, after: end.left, calls: end.calls, changes };
}

async function attempt(
  preload: Preload,
  sample: Sample,
  { args, planted, hangsMs }: Subject,
  heard?: Heard,
): Promise<Attempt> {
  const { argv, env } = sample.command();
  const end = await preload.run(
    [...argv, ...args, '--yes', '--answers', sample.at('answers.yaml')],
    planted === undefined ? env : { ...env, FAULTS_PLANT: planted },
    heard,
    hangsMs,
  );
  return { ...end, left: snapshot(sample.folder), tornState: tornState(sample.folder) };
}

/** @returns each call of the reference with each error @param chosen which calls; all when absent */
export function faultsOf(
  reference: Whole,
  errors: readonly ErrorCode[] = ERRORS,
  chosen: (name: string) => boolean = () => true,
): readonly Fault[] {
  const each = callsOf(reference).filter(({ name }) => chosen(name));
  return errors.flatMap((error) => each.map((call) => ({ ...call, error })));
}

/** @returns a disk that is full from each call on that needs room */
export function fullFrom(reference: Whole): readonly Fault[] {
  return callsOf(reference)
    .filter((call) => NEED_ROOM.includes(kindOf(call)))
    .map((call) => ({ ...call, error: 'ENOSPC', stays: true }));
}

function callsOf({ calls }: Whole): readonly Pick<Fault, 'name' | 'at'>[] {
  const counts = new Map<string, number>();
  return calls.map(({ name }) => {
    const at = (counts.get(name) ?? 0) + 1;
    counts.set(name, at);
    return { name, at };
  });
}

/** Injects one fault after the other, in a folder of its own each time, and judges what came of it. */
export async function campaign(
  preload: Preload,
  subject: Subject,
  reference: Whole,
  faults: readonly Fault[],
): Promise<Campaign> {
  const injected = new Map<string, number>();
  const missed: string[] = [];
  const wrong: string[] = [];
  const waiting = [...faults];
  const tries = new Map<Fault, number>();
  const worker = async () => {
    for (let fault = waiting.shift(); fault !== undefined; fault = waiting.shift()) {
      const sample = await fresh();
      const faulted = await attempt(preload, sample, subject, { below: sample.folder, fault });
      const again = await attempt(preload, sample, subject);
      const left = leftBehind(sample.folder);
      await sample.remove();
      const where = `${fault.error} ${fault.stays === true ? 'from' : 'at'} ${fault.name} (${fault.at})`;
      const call = faulted.calls.find((each) => each.failed);
      if (call === undefined) {
        // What a program has ended before is not written of it: whether there is such a call is chance.
        const tried = (tries.get(fault) ?? 0) + 1;
        tries.set(fault, tried);
        if (tried < TRIES) waiting.push(fault);
        else missed.push(where);
        continue;
      }
      const kind = kindOf(call);
      injected.set(kind, (injected.get(kind) ?? 0) + 1);
      for (const each of [
        ...wrongAtOnce(faulted, call, fault.error, reference),
        ...wrongAfterwards(again, left, reference),
      ])
        wrong.push(`${where}: ${each}`.replaceAll(sample.folder, ''));
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return { injected, missed, wrong };
}

function wrongAtOnce(
  { code, hung, said, calls, left, tornState }: Attempt,
  call: Call,
  error: ErrorCode,
  { before, after }: Whole,
): readonly string[] {
  if (hung) return ['it hung'];
  const halves = [...torn(left, before, after), ...tornState];
  const missing = differences(left, after);
  return [
    ...(halves.length > 0 ? [`torn: ${halves.join(', ')}`] : []),
    ...(/^\s+at .+:\d+:\d+\)?$/m.test(said) ? [`a stack trace: ${said}`] : []),
    ...(/Unexpected error/.test(said) ? [`an unexpected error: ${said}`] : []),
    ...(code === 0 && missing.length > 0 ? [`false done: ${missing.join('; ')}`] : []),
    // What was not flushed may be gone with the power.
    ...(code === 0 && kindOf(call) === 'fsync' && !isRepeated(call, calls)
      ? ['false done: it was not flushed']
      : []),
    ...(code === 0 && call.name.startsWith('write /log/') && !saysWhy(said, error)
      ? [`a gap in the log is not told: ${said}`]
      : []),
    ...(code !== 0 && !saysWhy(said, error) ? [`it does not say why (${code}): ${said}`] : []),
  ];
}

/** conf flushes once more when that is refused (EACCES). */
function isRepeated(call: Call, calls: readonly Call[]): boolean {
  return calls[calls.indexOf(call) + 1]?.name === call.name;
}

const WORDS: Readonly<Record<ErrorCode, RegExp>> = {
  ENOSPC: /ENOSPC|No space left on device/,
  EIO: /EIO|Input\/output error/,
  EACCES: /EACCES|Permission denied/,
};

function saysWhy(said: string, error: ErrorCode): boolean {
  // Wrapped to the width of a terminal.
  return WORDS[error].test(said.replace(/\s+/g, ' '));
}

function wrongAfterwards(
  { code, hung, said, left, tornState }: Attempt,
  behind: readonly string[],
  { after }: Whole,
): readonly string[] {
  if (hung) return ['the next run hung'];
  if (code !== 0) return [`the next run ended with ${code}: ${said}`];
  const differ = differences(left, after);
  return [
    ...(differ.length > 0 ? [`the next run left ${differ.join('; ')}`] : []),
    ...(tornState.length > 0 ? [`the next run left torn: ${tornState.join(', ')}`] : []),
    ...(behind.length > 0 ? [`the next run left behind: ${behind.join(', ')}`] : []),
  ];
}
