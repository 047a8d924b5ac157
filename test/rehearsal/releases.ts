import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { cached } from './cache.ts';
import { type MeilisearchVersion, makeRelease } from './meilisearch/release.ts';
import { contentHash } from './sources.ts';
import type { Report } from './tools.ts';

/** Every version that can be downloaded in the rehearsal. */
export const versions: readonly MeilisearchVersion[] = ['0.24.0', '0.25.2', '0.30.5', '1.50.0'];

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
        paths: versions.map(releasePath),
        source: await contentHash(['meilisearch/release.ts', 'meilisearch/server/**/*.py']),
      },
      build: async (folder) => {
        for (const version of versions) {
          const file = join(folder, releasePath(version));
          await mkdir(dirname(file), { recursive: true });
          await makeRelease(version, file);
        }
      },
    },
    report,
  );
}
