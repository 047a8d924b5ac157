import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cached } from './cache.ts';
import { MEILISEARCH_VERSIONS, type MeilisearchVersion, makeRelease } from './meilisearch/release.ts';
import { contentHash } from './sources.ts';
import type { Report } from './tools.ts';

/** Where a version's release file lies, on the web server as in the folder: the path that the project's own releases have. */
export function releasePath(version: MeilisearchVersion): string {
  const arm = Number(version.split('.')[1]) < 28 && version.startsWith('0.') ? 'armv8' : 'aarch64';
  const machine = process.arch === 'arm64' ? arm : 'amd64';
  return `meilisearch/meilisearch/releases/download/v${version}/meilisearch-linux-${machine}`;
}

/** Gives the folder of Meilisearch's release files. */
export async function releases(report: Report): Promise<string> {
  return cached(
    {
      name: 'meilisearch',
      what: 'the Meilisearch stand-ins',
      recipe: {
        paths: MEILISEARCH_VERSIONS.map(releasePath),
        source: await contentHash(['meilisearch/release.ts', 'meilisearch/server/**/*.py']),
      },
      build: async (folder) => {
        for (const version of MEILISEARCH_VERSIONS) {
          const file = join(folder, releasePath(version));
          await mkdir(dirname(file), { recursive: true });
          await makeRelease(version, file);
        }
      },
    },
    report,
  );
}
