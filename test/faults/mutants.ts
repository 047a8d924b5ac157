import { readFile, writeFile } from 'node:fs/promises';
import type { Operation } from '../../src/engine/operation.ts';

/** What the product must never do when a call fails; each is planted once, to see that it is noticed. */
export const MUTANTS = ['torn', 'false done', 'hangs', 'stack trace'] as const;
export type Mutant = (typeof MUTANTS)[number];

const TEXT = 'the whole text\n'.repeat(10);

/** A change that writes one file, and has one fault. */
export function mutant(planted: Mutant, file: string): Operation {
  let done = false;
  return {
    id: 'files/mutant',
    title: 'a fault that is planted',
    async observe() {
      if (done || (await readFile(file, 'utf8').catch(() => '')) === TEXT) return undefined;
      return {
        kind: 'create',
        summary: file,
        shell: [],
        async apply() {
          // In place, and not beside it: by itself the first of the faults.
          await writeFile(file, TEXT).catch(async (error: Error) => {
            if (planted === 'stack trace') console.error(error.stack, `\n    at ${file}:1:1`);
            if (planted === 'hangs') await new Promise(() => setInterval(() => {}, 1000));
            if (planted !== 'false done') throw error;
            done = true;
          });
        },
      };
    },
  };
}
