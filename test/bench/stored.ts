import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machineFacts } from './machine.ts';
import type { Figures, Measurements } from './measurements.ts';
import { page } from './page.ts';

const folder = join(import.meta.dirname, 'results');
const document = join(import.meta.dirname, '..', '..', 'docs', 'benchmarks.md');

/** Keeps what was measured just now in place of that part's earlier figures, and writes the page from all parts. */
export async function store<Part extends keyof Figures>(part: Part, figures: Figures[Part]): Promise<void> {
  const day = new Date().toISOString().slice(0, 10);
  await mkdir(folder, { recursive: true });
  await writeFile(fileOf(part), `${JSON.stringify({ day, facts: machineFacts(), figures }, rounded, 1)}\n`);
  await writeFile(document, page(await stored()));
}

/** @returns all measurements that were kept */
async function stored(): Promise<Measurements> {
  const found: Partial<Record<keyof Figures, unknown>> = {};
  for (const part of ['bench', 'link', 'growth'] as const) {
    const text = await readFile(fileOf(part), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    if (text !== undefined) found[part] = JSON.parse(text);
  }
  return found as Measurements;
}

function fileOf(part: keyof Figures): string {
  return join(folder, `${part}.json`);
}

/** A ten-thousandth is less than any clock here can tell. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === 'number' ? Number(value.toFixed(4)) : value;
}
