import { chmod, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';

/** One of each kind that target.md, section 4, tells apart: by header, keys, options, folders, and what data it opens. */
export const MEILISEARCH_VERSIONS = [
  '0.24.0',
  '0.25.2',
  '0.26.1',
  '0.27.2',
  '0.28.1',
  '0.30.5',
  '1.12.8',
  '1.14.0',
  '1.50.0',
] as const;

export type MeilisearchVersion = (typeof MEILISEARCH_VERSIONS)[number];

/**
 * Makes the one-file program that a version's release would be: it runs on any host with Debian's python3.
 *
 * @param file where to put it; it becomes executable, and replaces what is there.
 * @throws {ExecaError} when python3, which packs it, is missing here.
 */
export async function makeRelease(version: MeilisearchVersion, file: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'meilisearch-'));
  try {
    const source = join(folder, 'source');
    const isSource = (path: string) => !path.endsWith('__pycache__');
    await cp(join(import.meta.dirname, 'server'), source, { recursive: true, filter: isSource });
    const module = join(source, 'version.py');
    const numbered = (await readFile(module, 'utf8')).replace(/^NUMBER = .*$/m, `NUMBER = '${version}'`);
    await writeFile(module, numbered);
    await execa('python3', ['-m', 'zipapp', source, '--output', file, '--python', '/usr/bin/python3']);
    await chmod(file, 0o755);
  } finally {
    await rm(folder, { recursive: true });
  }
}
