import type { WrittenRecord } from '../../../src/host/host.ts';
import { type PathChange, sumOf } from '../../../src/host/journal.ts';

/** A line of a run's journal, as `undo` reads it. */
export interface JournalEntry {
  readonly operation: string;
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** What src/host/ledger.ts and src/host/journal.ts keep on the disk, kept in memory: the same records, in the same order. */
export class Memory {
  readonly journal: JournalEntry[] = [];
  /** Old contents, by the name that the journal gives them. */
  readonly copies = new Map<string, Uint8Array>();
  readonly #sums = new Map<string, readonly string[]>();
  readonly #contents = new Map<string, string>();
  readonly #hints = new Map<string, string>();
  readonly #ofThisRun = new Map<string, Set<string>>();

  hint(key: string): string | undefined {
    return this.#hints.get(key);
  }

  remember(key: string, value: string): void {
    this.#hints.set(key, value);
  }

  written(file: string): WrittenRecord | undefined {
    const [sha256, before] = this.#sums.get(file) ?? [];
    if (sha256 === undefined) return undefined;
    const content = this.#contents.get(sha256);
    return {
      sha256,
      ...(before === undefined ? {} : { before }),
      ...(content === undefined ? {} : { content }),
    };
  }

  noteWritten(file: string, content: string | Uint8Array, keep: boolean): void {
    const sum = sumOf(content);
    if (keep) this.#contents.set(sum, Buffer.from(content).toString('utf8'));
    const [before] = this.#sums.get(file) ?? [];
    if (before !== sum) this.#sums.set(file, before === undefined ? [sum] : [sum, before]);
  }

  forgetWritten(file: string): void {
    this.#sums.delete(file);
  }

  note(operation: string, entry: { readonly kind: string; readonly [field: string]: unknown }): void {
    this.journal.push({ operation, ...entry });
  }

  path(operation: string, { content, before, ...change }: PathChange): void {
    const copy = content === undefined ? {} : this.#copy(change.path, content);
    const sha256 = content === undefined ? {} : { sha256: sumOf(content) };
    this.note(operation, { ...change, before: before ? { ...before, ...sha256 } : null, ...copy });
    const sum = change.after?.sha256;
    if (sum === undefined) return;
    this.#ofThisRun.set(change.path, (this.#ofThisRun.get(change.path) ?? new Set()).add(sum));
  }

  #copy(file: string, content: Uint8Array): { readonly copy?: string } {
    if (this.#ofThisRun.get(file)?.has(sumOf(content))) return {};
    const copy = String(this.journal.length + 1).padStart(5, '0');
    this.copies.set(copy, content);
    return { copy };
  }
}
