import { createHash } from 'node:crypto';
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { redactor } from '../output/redaction.ts';
import type { FileStatus } from './host.ts';
import { makeOwnFolder } from './own-folder.ts';

/** What a change leaves at a path, as far as it decides that; `null`: nothing. */
export type After = {
  /** Of a file's bytes, hex. */
  readonly sha256?: string;
  /** Of a link. */
  readonly target?: string;
  readonly mode?: number;
  readonly owner?: string;
  readonly group?: string;
} | null;

/** A change of a path, with all that it takes to put back what stood there. */
export interface PathChange {
  readonly kind: 'write' | 'folder' | 'link' | 'remove' | 'mode' | 'owner';
  readonly path: string;
  readonly before: FileStatus | undefined;
  readonly after: After;
  /** The bytes of a file that is replaced or removed; absent for all else, and for what is too large to be kept. */
  readonly content?: Uint8Array;
  /** The account as which it is read and written. */
  readonly as?: string;
  /** It holds secrets: what of it is shown is masked. */
  readonly secret?: boolean;
  /** What stands there is the product's own, by the ledger. */
  readonly own?: boolean;
}

/**
 * What leads back must stay what it is: a secret that is an ordinary word would else be masked in the names of files. None of
 * these holds one; the words of a note may.
 */
const VERBATIM: ReadonlySet<string> = new Set(['kind', 'path', 'as', 'copy', 'unit']);

/**
 * One run's record of what was there before: a line per change in `journal.jsonl`, written and flushed before the
 * change itself. `undo` reads it, newest first.
 *
 * The old contents stand in a folder of their own: an operator's file may hold a secret that nobody told the product of,
 * so no pattern could find it, and a masked copy can't be put back byte for byte. The state folder has none of them.
 */
export class Journal {
  readonly folder: string;
  readonly #copies: string | undefined;
  readonly #written = new Map<string, Set<string>>();
  #sequence = 0;
  /** The last line may be a part of one, after which another would not be read. */
  #cutOff = false;

  /**
   * @param folder absolute path of the run's folder, `/var/lib/studio-setup/runs/0007` on a real host
   * @param copies where this run's copies of old contents go, `/var/backups/studio-setup/0007`; made with the first.
   *   Without it none are kept: then the run can't be undone.
   */
  constructor(folder: string, copies: string | undefined) {
    this.folder = folder;
    this.#copies = copies;
    makeOwnFolder(folder);
  }

  /** Notes a change of a path; call before the change. */
  path(operation: string, { content, before, ...change }: PathChange): void {
    const entry: Record<string, unknown> = { ...change, before: before ?? null };
    if (content !== undefined) {
      const sha256 = sumOf(content);
      entry.before = { ...before, sha256 };
      // What this run wrote there itself is no one's work, and of secrets there are the fewer copies.
      if (this.#copies !== undefined && !this.#written.get(change.path)?.has(sha256))
        entry.copy = this.#keep(this.#copies, content);
    }
    if (change.after?.sha256 !== undefined) {
      const written = this.#written.get(change.path) ?? new Set();
      this.#written.set(change.path, written.add(change.after.sha256));
    }
    this.#append(operation, entry);
  }

  /** Notes what is no change of a path: a unit enabled, how the run began and ended. */
  note(operation: string, entry: Readonly<Record<string, unknown>>): void {
    this.#append(operation, entry);
  }

  #keep(copies: string, content: Uint8Array): string {
    const name = String(this.#sequence + 1).padStart(5, '0');
    makeOwnFolder(copies);
    writeFileSync(path.join(copies, name), content, { mode: 0o600, flush: true });
    return name;
  }

  #append(operation: string, entry: Readonly<Record<string, unknown>>): void {
    this.#sequence += 1;
    const line = JSON.stringify({
      sequence: this.#sequence,
      at: new Date().toISOString(),
      operation,
      ...Object.fromEntries(
        Object.entries(entry).map(([key, value]) => [
          key,
          typeof value === 'string' && !VERBATIM.has(key) ? redactor.redact(value) : value,
        ]),
      ),
    });
    const begin = this.#cutOff ? '\n' : '';
    this.#cutOff = true;
    appendFileSync(path.join(this.folder, 'journal.jsonl'), `${begin}${line}\n`, {
      mode: 0o600,
      flush: true,
    });
    this.#cutOff = false;
  }
}

/** @returns the SHA-256 of a file's bytes, hex */
export function sumOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
