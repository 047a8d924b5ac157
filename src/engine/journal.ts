import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createPatch } from 'diff';
import { redactor } from '../answers/redaction.ts';
import type { FileStatus } from '../host/host.ts';

/** What stood at a path before the product changed it. */
export interface BeforeImage {
  readonly status: FileStatus | undefined;
  /** Text of a file; absent for folders and links. */
  readonly content?: string;
}

/**
 * One run's record of what was there before: a line per change in `journal.jsonl`, written and flushed before the
 * change itself, and the old content beside it. `undo` reads it, newest first.
 * Of a file that holds secrets no content is kept, only the patch that leads back, with every secret masked.
 */
export class Journal {
  readonly folder: string;
  #sequence = 0;

  /** @param folder absolute path of the run's folder, `/var/lib/studio-setup/runs/0007` on a real host */
  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(path.join(folder, 'before'), { recursive: true, mode: 0o700 });
  }

  /** Notes a change of a path. @param after the new text, for files; `secret` files keep a masked patch only. */
  path(
    operation: string,
    kind: string,
    file: string,
    before: BeforeImage,
    after?: string,
    secret = false,
  ): void {
    const entry: Record<string, unknown> = { kind, path: file, before: before.status ?? null };
    if (before.content !== undefined) {
      const name = String(this.#sequence + 1).padStart(5, '0');
      const kept = secret
        ? redactor.redact(createPatch(file, after ?? '', before.content, '', '', { context: 0 }))
        : before.content;
      const at = path.join('before', secret ? `${name}.patch` : name);
      writeFileSync(path.join(this.folder, at), kept, { mode: 0o600, flush: true });
      entry.image = at;
    }
    this.#append(operation, entry);
  }

  /** Notes a reversible change that is no file, e.g. a unit enabled. */
  note(operation: string, entry: Readonly<Record<string, string>>): void {
    this.#append(operation, entry);
  }

  #append(operation: string, entry: Readonly<Record<string, unknown>>): void {
    this.#sequence += 1;
    const line = JSON.stringify({
      sequence: this.#sequence,
      at: new Date().toISOString(),
      operation,
      ...entry,
    });
    appendFileSync(path.join(this.folder, 'journal.jsonl'), `${redactor.redact(line)}\n`, {
      mode: 0o600,
      flush: true,
    });
  }
}
