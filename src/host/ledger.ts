import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Conf from 'conf';
import { isRecord, parsedJson } from '../output/json.ts';
import type { WrittenRecord } from './host.ts';
import { sumOf } from './journal.ts';
import { makeOwnFolder } from './own-folder.ts';

interface Stored {
  /** path → SHA-256 of what the product wrote there, newest first: a kill may fall between the note and the write. */
  written?: Record<string, string[]>;
  hints?: Record<string, string>;
  /** Answers that are no secret. */
  answers?: Record<string, string | boolean | string[]>;
  lastRun?: number;
}

/**
 * What the product remembers between runs, below its state folder (0700). Only a hint: losing it, or finding it
 * damaged, costs time and the knowledge of what was edited by hand, never correctness.
 * Reading makes nothing; the folder appears with the first write, so that `plan` leaves no trace.
 */
export class Ledger {
  readonly folder: string;
  #conf: Conf<Stored> | undefined;
  #waiting: Record<string, string> = {};
  /** The file that could not be read, to be said to the operator; after the first write the name it was set aside under. */
  damaged: string | undefined;

  /** @param folder absolute path of the state folder, `/var/lib/studio-setup` on a real host */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** Whether nothing was ever remembered here. One that is damaged is not new. */
  get isNew(): boolean {
    return !existsSync(this.folder);
  }

  hint(key: string): string | undefined {
    return this.#waiting[key] ?? this.#read().hints?.[key];
  }

  /** @param later it goes to the disk with what is noted next: a kill before that costs the hint */
  remember(key: string, value: string, later = false): void {
    if (this.hint(key) === value) return;
    this.#waiting[key] = value;
    if (!later) this.#write('hints', this.#read().hints ?? {});
  }

  answers(): Record<string, string | boolean | string[]> {
    return this.#read().answers ?? {};
  }

  /** @param answers none of them a secret; the caller leaves those out */
  saveAnswers(answers: Record<string, string | boolean | string[]>): void {
    this.#write('answers', answers);
  }

  /** @param atLeast a number that is surely taken, found elsewhere: a lost ledger must not begin at 1 again */
  nextRun(atLeast = 0): number {
    const run = Math.max(this.#read().lastRun ?? 0, atLeast) + 1;
    this.#write('lastRun', run);
    return run;
  }

  /** @returns all paths that the product wrote at some time and that are not the operator's again */
  writtenPaths(): readonly string[] {
    return Object.keys(this.#read().written ?? {});
  }

  /** @returns what the product last wrote to `file`; of two candidates (killed in between) both count. */
  written(file: string): WrittenRecord | undefined {
    const sums = this.#read().written?.[file];
    const sha256 = sums?.[0];
    if (sums === undefined || sha256 === undefined) return undefined;
    const kept = path.join(this.folder, 'written', sha256);
    return {
      sha256,
      ...(sums[1] === undefined ? {} : { before: sums[1] }),
      ...(existsSync(kept) ? { content: readFileSync(kept, 'utf8') } : {}),
    };
  }

  /**
   * Notes what is about to be written; call before the write.
   * @param keep whether a readable copy is kept: not for files that hold secrets
   */
  noteWritten(file: string, content: string | Uint8Array, keep: boolean): void {
    const sum = sumOf(content);
    const written = this.#read().written ?? {};
    const before = written[file]?.[0];
    if (keep) {
      const kept = path.join(this.folder, 'written', sum);
      makeOwnFolder(path.dirname(kept));
      if (!existsSync(kept)) {
        writeFileSync(`${kept}.partial`, content, { mode: 0o600 });
        renameSync(`${kept}.partial`, kept);
      }
    }
    if (before === sum) return;
    this.#write('written', { ...written, [file]: before === undefined ? [sum] : [sum, before] });
  }

  /** What stands at `file` is the operator's again: a later run must not take it for the product's own and replace it. */
  forgetWritten(file: string): void {
    const { [file]: known, ...others } = this.#read().written ?? {};
    if (known !== undefined) this.#write('written', others);
  }

  #read(): Stored {
    if (this.#conf !== undefined) return this.#conf.store;
    const file = path.join(this.folder, 'ledger.json');
    if (!existsSync(file)) return {};
    if (!isStored(file)) {
      // Reading changes nothing, not even a damaged file: the first write sets it aside.
      this.damaged = file;
      return {};
    }
    this.#conf = new Conf<Stored>(this.#options());
    return this.#conf.store;
  }

  #write<Key extends keyof Stored>(key: Key, value: NonNullable<Stored[Key]>): void {
    makeOwnFolder(this.folder);
    const conf = this.#open();
    // In one go: each costs a file that is flushed.
    const next: Stored = { ...conf.store, [key]: value };
    conf.store = { ...next, hints: { ...next.hints, ...this.#waiting } };
    this.#waiting = {};
  }

  #open(): Conf<Stored> {
    if (this.#conf !== undefined) return this.#conf;
    const file = path.join(this.folder, 'ledger.json');
    if (existsSync(file) && !isStored(file)) {
      // Set aside, not erased: conf's own `clearInvalidConfig` keeps no copy.
      this.damaged = path.join(this.folder, `ledger.damaged-${Date.now()}.json`);
      renameSync(file, this.damaged);
    }
    this.#conf = new Conf<Stored>(this.#options());
    return this.#conf;
  }

  #options() {
    return {
      cwd: this.folder,
      configName: 'ledger',
      configFileMode: 0o600,
      projectName: 'studio-setup',
    };
  }
}

/** The largest number of a run: four digits and more, and one more is still another number. */
const MOST_RUNS = 1e9;

/** Whether the file is JSON of the shape that the product writes; one that was cut off, or edited by hand, may be neither. */
function isStored(file: string): boolean {
  const stored = parsedJson(readFileSync(file, 'utf8'));
  if (!isRecord(stored)) return false;
  const { written, hints, answers, lastRun } = stored;
  return (
    isRecordOf(written, (sums) => Array.isArray(sums) && sums.every((sum) => typeof sum === 'string')) &&
    isRecordOf(hints, (hint) => typeof hint === 'string') &&
    isRecordOf(answers, isAnswer) &&
    (lastRun === undefined ||
      (Number.isInteger(lastRun) && Number(lastRun) >= 0 && Number(lastRun) < MOST_RUNS))
  );
}

function isAnswer(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((each) => typeof each === 'string');
  return typeof value === 'string' || typeof value === 'boolean';
}

function isRecordOf(value: unknown, isMember: (member: unknown) => boolean): boolean {
  return value === undefined || (isRecord(value) && Object.values(value).every(isMember));
}
