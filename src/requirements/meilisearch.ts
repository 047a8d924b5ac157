import type { Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import type { Secret } from '../output/secret.ts';
import { CHECKOUT, MEILISEARCH_PREVIOUS, SITE_USER } from '../site/layout.ts';
import { programVersion, unitProgram } from '../site/meilisearch.ts';
import { fitOf, siteClient, suggestedServer } from '../site/meilisearch-client.ts';
import { dataFolder } from '../site/meilisearch-unit.ts';
import { masterKeyBytes, opensData } from '../site/meilisearch-versions.ts';

/**
 * One version does not open the data of another: it is said before the first change, and nothing is deleted.
 * @throws ProblemError when this version does not open the data folder, or when that can't be told
 */
export async function dataFits(host: Host, version: string): Promise<void> {
  const folder = await dataFolder(host);
  const names = await host.list(folder);
  if (names.length === 0) return;
  const mark = await host.read(`${folder}/VERSION`, { as: SITE_USER });
  const found = mark?.trim();
  if (found !== undefined && !/^\d+\.\d+\.\d+$/.test(found)) {
    throw new ProblemError({
      what: `${folder}/VERSION does not name a version of Meilisearch. Nothing was changed.`,
      remedy: `Find out what wrote ${folder}. The site can fill its indexes again, so the folder can be moved away: mv ${folder} ${folder}.old`,
    });
  }
  await notTakenBack(host, version);
  if (opensData(version, found)) return;
  const writer = found === undefined ? '0.24 or earlier (it has no VERSION file)' : found;
  throw new ProblemError({
    what: `${folder} was written by Meilisearch ${writer}; ${version} does not open it. Nothing was changed.`,
    remedy: [
      `Keep the version (answer meilisearch.version: ${found ?? '0.24.0'}).`,
      `On a site that works, the search engine goes to another version beside this one: studio-setup upgrade meilisearch ${version}.`,
      `Else let the site fill its indexes again: systemctl stop meilisearch && mv ${folder} ${folder}.old, then run again.`,
    ].join(' '),
  });
}

/**
 * An answers file of before an upgrade, or of before the way back, would undo it without the care that it takes: even where the data
 * would do for both.
 * @throws ProblemError when `upgrade` brought the search engine to another version than this
 */
async function notTakenBack(host: Host, version: string): Promise<void> {
  if ((await host.status(MEILISEARCH_PREVIOUS)) === undefined) return;
  const program = await unitProgram(host);
  const now = program === undefined ? undefined : await programVersion(host, program);
  if (now === undefined || now === version) return;
  throw new ProblemError({
    what: `studio-setup upgrade brought Meilisearch to ${now}, but the answers say ${version}. Nothing was changed.`,
    remedy: `Set "meilisearch.version: ${now}" in the answers file. To go to ${version}: studio-setup upgrade meilisearch --rollback, or studio-setup upgrade meilisearch ${version}`,
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
