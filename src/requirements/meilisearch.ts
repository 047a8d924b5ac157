import type { Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import type { Secret } from '../output/secret.ts';
import { CHECKOUT, MEILISEARCH_DATA, SITE_USER } from '../site/layout.ts';
import { fitOf, siteClient, suggestedServer } from '../site/meilisearch-client.ts';
import { masterKeyBytes, opensData } from '../site/meilisearch-versions.ts';

/**
 * One version does not open the data of another: it is said before the first change, and nothing is deleted.
 * @throws ProblemError when this version does not open the data folder, or when that can't be told
 */
export async function dataFits(host: Host, version: string): Promise<void> {
  const names = await host.list(MEILISEARCH_DATA);
  if (names.length === 0) return;
  const mark = await host.read(`${MEILISEARCH_DATA}/VERSION`, { as: SITE_USER });
  const found = mark?.trim();
  if (found !== undefined && !/^\d+\.\d+\.\d+$/.test(found)) {
    throw new ProblemError({
      what: `${MEILISEARCH_DATA}/VERSION does not name a version of Meilisearch. Nothing was changed.`,
      remedy: `Find out what wrote ${MEILISEARCH_DATA}. The site can fill its indexes again, so the folder can be moved away: mv ${MEILISEARCH_DATA} ${MEILISEARCH_DATA}.old`,
    });
  }
  if (opensData(version, found)) return;
  const writer = found === undefined ? '0.24 or earlier (it has no VERSION file)' : found;
  throw new ProblemError({
    what: `${MEILISEARCH_DATA} was written by Meilisearch ${writer}; ${version} does not open it. Nothing was changed.`,
    remedy: [
      found === undefined
        ? 'Keep the version (answer meilisearch.version: 0.24.0).'
        : `Keep the version (answer meilisearch.version: ${found}).`,
      `Or let the site fill its indexes again: systemctl stop meilisearch && mv ${MEILISEARCH_DATA} ${MEILISEARCH_DATA}.old, then run again.`,
      'Or make a dump with the old version and import it.',
    ].join(' '),
  });
}

/** @throws ProblemError when this version ends at a master key as short as this one */
export function masterKeyFits(key: Secret, version: string): void {
  const wanted = masterKeyBytes(version);
  const found = Buffer.byteLength(key.reveal());
  if (found >= wanted) return;
  throw new ProblemError({
    what: `The master key of Meilisearch has ${found} bytes; version ${version} needs at least ${wanted}, and would not start. Nothing was changed.`,
    remedy: 'Generate a longer one with the current version first: studio-setup rotate meilisearch-key',
  });
}

/**
 * The site's Python client speaks to some versions only, and the checkout names it: on a bare host that can be told once the
 * checkout is there, and before anything is downloaded.
 */
export function siteFits(wanted: { id: string; version: string; after: readonly string[] }): Operation {
  const { id, version, after } = wanted;
  return {
    id,
    title: `the site works with Meilisearch ${version}`,
    after,
    async observe(host) {
      // Asked again when its turn comes: by then the checkout is there.
      if ((await host.status(`${CHECKOUT}/.git`)) === undefined) return undefined;
      const client = await siteClient(host);
      if (client === undefined) {
        host.warn(
          `${CHECKOUT}/poetry.lock does not name the site's Meilisearch client: whether the site works with Meilisearch ${version} is unknown.`,
        );
        return undefined;
      }
      const fit = fitOf(client, version);
      if (fit.fits === 'yes') return undefined;
      const words = `The site's Python client for Meilisearch is ${client}: ${fit.why}.`;
      if (fit.fits === 'no') {
        throw new ProblemError({
          what: `${words} It does not work with ${version}. Meilisearch was not downloaded.`,
          remedy: `Give the answer meilisearch.version: ${suggestedServer(client)}, then run again.`,
        });
      }
      host.warn(`${words} Meilisearch ${version} may not work with it; ${suggestedServer(client)} does.`);
      return undefined;
    },
  };
}
