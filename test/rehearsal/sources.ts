import { createHash } from 'node:crypto';
import { glob, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { cached } from './cache.ts';
import { makeRepositories, type RepositoriesOptions } from './repositories.ts';
import type { Report } from './tools.ts';

/** Gives the folder of the bare git repositories of the site and its private dependency, of the layout asked for. */
export async function repositories(layout: RepositoriesOptions, report: Report): Promise<string> {
  return cached(
    {
      name: 'git',
      what: 'the git repositories of the site',
      recipe: {
        layout,
        source: await contentHash(['repositories.ts', 'site/**', 'site-older/**', 'site-dependency/**']),
      },
      build: (folder) => makeRepositories(folder, layout),
    },
    report,
  );
}

/** A hash over the names and contents of the files beside this one that match. */
export async function contentHash(patterns: readonly string[]): Promise<string> {
  const files: string[] = [];
  for await (const entry of glob(patterns, { cwd: import.meta.dirname, withFileTypes: true })) {
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
  }
  const hash = createHash('sha256');
  for (const file of files.sort()) {
    hash.update(`${relative(import.meta.dirname, file)}\0`).update(await readFile(file));
  }
  return hash.digest('hex');
}
