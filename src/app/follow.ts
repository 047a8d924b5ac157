import { type FileHandle, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Holder, holderOf } from '../engine/lock.ts';
import { clean } from '../output/clean.ts';
import type { Paths } from './product.ts';

/** How often it is looked whether there is more, in milliseconds: a line is on the disk 200 ms after it was said. */
const LOOK_EVERY_MS = 200;
/** Bytes of a log that are shown of what was there before. */
const SHOWN_BEFORE = 4096;
const CHUNK = 64 * 1024;

/** What is seen of another start that is at work. Every text is cleaned. */
export type Seen =
  /** It still looks at the host, or waits for an answer. */
  | { readonly type: 'nothing yet' }
  /** Its log begins, or is come upon. @property skipped whether earlier lines are not shown */
  | { readonly type: 'log'; readonly run: number; readonly file: string; readonly skipped: boolean }
  | { readonly type: 'line'; readonly line: string };

/** How a run ended, as its log tells. `cut off`: it was killed, or lost its disk. */
export type FollowedEnd = 'done' | 'failed' | 'stopped' | 'cut off';

export interface FollowedRun {
  readonly run: number;
  readonly file: string;
  readonly end: FollowedEnd;
}

/**
 * Shows what another start does, as it comes, until that is over. Reads only: it takes no lock, and writes nothing.
 * @param holder who is followed @param see takes what is seen
 * @param signal ends the following, and nothing else
 * @returns the runs that it carried out meanwhile; `undefined` when the following was ended
 */
export async function follow(
  paths: Pick<Paths, 'lock' | 'log'>,
  holder: Holder,
  see: (seen: Seen) => void,
  signal: AbortSignal,
): Promise<readonly FollowedRun[] | undefined> {
  const logs = new Map<number, FollowedLog>();
  const before = new Set<number>();
  let said = false;
  try {
    for (;;) {
      // First: what is written before the lock is free is read after it is.
      const goesOn = isSame(await holderOf(paths.lock), holder);
      for (const run of (await numbersOf(paths.log)).filter((each) => !before.has(each))) {
        const log = logs.get(run) ?? (await begun(paths.log, run, holder));
        if (log === 'before') before.add(run);
        if (log === 'before' || log === 'empty') continue;
        if (!logs.has(run)) see({ type: 'log', run, file: log.file, skipped: log.skips });
        logs.set(run, log);
        await log.read(see);
      }
      if (!goesOn) return [...logs].map(([run, { file, end }]) => ({ run, file, end }));
      if (!said && logs.size === 0) see({ type: 'nothing yet' });
      said = true;
      await sleep(LOOK_EVERY_MS, undefined, { signal });
    }
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  } finally {
    for (const log of logs.values()) await log.close();
  }
}

function isSame(now: Holder | undefined, before: Holder): boolean {
  return now?.pid === before.pid && now.since === before.since;
}

async function numbersOf(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((name) => Number(/^run-(\d+)\.log$/.exec(name)?.[1] ?? Number.NaN))
    .filter(Number.isFinite);
}

/** @returns the log of a run that began while the holder had the lock; `before` for one that did not */
async function begun(
  folder: string,
  run: number,
  { since }: Holder,
): Promise<FollowedLog | 'before' | 'empty'> {
  const file = path.join(folder, `run-${String(run).padStart(4, '0')}.log`);
  const handle = await open(file, 'r');
  const { size } = await handle.stat();
  const first = (await textAt(handle, 0, 64)).split(' ')[0] ?? '';
  if (first === '' || !(Date.parse(first) >= since)) {
    await handle.close();
    return first === '' ? 'empty' : 'before';
  }
  return new FollowedLog(file, handle, Math.max(0, size - SHOWN_BEFORE));
}

async function textAt(handle: FileHandle, position: number, bytes: number): Promise<string> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, position);
  return buffer.toString('utf8', 0, bytesRead);
}

/** A log that grows. */
class FollowedLog {
  readonly file: string;
  readonly skips: boolean;
  /** As far as its lines tell. */
  end: FollowedEnd = 'cut off';
  readonly #handle: FileHandle;
  #position: number;
  #rest = Buffer.alloc(0);
  #whole: boolean;

  constructor(file: string, handle: FileHandle, position: number) {
    this.file = file;
    this.#handle = handle;
    this.#position = position;
    this.skips = position > 0;
    this.#whole = position === 0;
  }

  /** Takes what was added since. */
  async read(see: (seen: Seen) => void): Promise<void> {
    for (;;) {
      const { buffer, bytesRead } = await this.#handle.read(Buffer.alloc(CHUNK), 0, CHUNK, this.#position);
      if (bytesRead === 0) return;
      this.#position += bytesRead;
      // A line, and a character, may come in two parts.
      const bytes = Buffer.concat([this.#rest, buffer.subarray(0, bytesRead)]);
      const last = bytes.lastIndexOf(0x0a);
      this.#rest = bytes.subarray(last + 1);
      const lines = bytes.toString('utf8', 0, Math.max(0, last)).split('\n');
      for (const line of last < 0 ? [] : lines) this.#line(line, see);
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  #line(line: string, see: (seen: Seen) => void): void {
    // Where it was come upon in the middle, the first one is the end of a line.
    if (!this.#whole) this.#whole = true;
    else {
      this.end = endOf(line) ?? this.end;
      see({ type: 'line', line: clean(line) });
    }
  }
}

/** Of the line by which `RunLog` ends. */
function endOf(line: string): FollowedEnd | undefined {
  const [, failed, skipped] =
    /^\S+ run finished: \d+ changed, \d+ unchanged, (\d+) failed, (\d+) skipped$/.exec(line) ?? [];
  if (failed === undefined) return undefined;
  return failed !== '0' ? 'failed' : skipped !== '0' ? 'stopped' : 'done';
}
