import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '../../host/host.ts';
import { djangoState } from '../../site/django.ts';
import { answerHere, isMaintenancePage } from '../../site/maintenance.ts';
import { currentMasterKey } from '../../site/meilisearch.ts';
import type { Circumstances } from '../procedure.ts';
import { searchWorks } from '../search-proof.ts';
import { siteAnswers, siteBehind } from '../site.ts';
import { askGit } from './repository.ts';
import type { Release } from './state.ts';

/**
 * The site as visitors reach it: a page and a style sheet by its public address, its database with all migrations, a search.
 * While they get the maintenance page: a page past nginx, and the database.
 * @param pages whether this server is one that serves pages; else only what its code uses is looked at
 * @returns what is wrong, `undefined` when nothing is
 */
export async function siteWorks(host: Host, name: string, pages = true): Promise<string | undefined> {
  const maintained = isMaintenancePage(await answerHere(host, name));
  const page = pages ? await (maintained ? siteBehind(name) : siteAnswers(host, name)) : undefined;
  if (page !== undefined) return page;
  const state = await djangoState(host);
  if (state === undefined) return 'The site has no settings.py, or no virtualenv.';
  const { importError, databaseError, unapplied = [], static: files } = state;
  if (importError !== undefined) return `The settings do not import as www-data: ${importError}`;
  if (databaseError !== undefined) return `The site can't use its database: ${databaseError}`;
  if (unapplied.length > 0) return `The database lacks ${unapplied.length} migrations of the code.`;
  if (maintained) return undefined;
  const sample = pages ? files?.sample : undefined;
  if (sample !== undefined) {
    const { status, error } = await host.request(`https://${name}${sample}`);
    if (status !== 200) return `https://${name}${sample} returned ${error ?? `HTTP ${status}`}.`;
  }
  const master = await currentMasterKey(host);
  return master && searchWorks(host, { name, master, refused: [] });
}

/** Milliseconds that checks are given after a switch: services that have just started settle. */
const SETTLES_MS = 20_000;

/**
 * The whole scorecard, made until it holds.
 * @param before ids of checks that failed before
 * @returns what one that passed before says now, `undefined` when none fails
 */
export async function brokenSince(
  { failing }: Circumstances,
  before: readonly string[],
  patienceMs = SETTLES_MS,
): Promise<string | undefined> {
  const until = performance.now() + patienceMs;
  for (;;) {
    const now = (await failing?.()) ?? new Map<string, string>();
    const broken = [...now].find(([id]) => !before.includes(id));
    if (broken === undefined || performance.now() > until) return broken && `${broken[0]}: ${broken[1]}`;
    await sleep(500);
  }
}

/** @returns what is wrong with the site, or that it is at another commit @param pages as of {@link siteWorks} */
export async function releaseServes(
  host: Host,
  { commit }: Release,
  name: string,
  pages = true,
): Promise<string | undefined> {
  const { stdout } = await askGit(host, 'rev-parse', 'HEAD');
  if (stdout.trim() !== commit) return `The checkout is at ${stdout.trim().slice(0, 12)}.`;
  return siteWorks(host, name, pages);
}
