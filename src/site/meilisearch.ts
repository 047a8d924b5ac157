import { createHash } from 'node:crypto';
import { masterKeyOf } from '../configs/meilisearch.ts';
import { execStartProgram } from '../configs/service.ts';
import type { Host, HttpAnswer, LiveHost } from '../host/host.ts';
import { distrusted } from '../host/trusted-path.ts';
import { Secret } from '../output/secret.ts';
import { isAtLeast } from '../text/version.ts';
import { MEILISEARCH, MEILISEARCH_KEY_FILE, SERVICE_UNITS, UNITS } from './layout.ts';
import { keysIn, type SearchKeys } from './meilisearch-keys.ts';

/** The header that carries a key: Meilisearch before 0.25 has one of its own (trap 7). */
export function keyHeader(version: string, key: Secret): Record<string, string> {
  return isAtLeast(version, '0.25.0') ? bearer(key) : oldHeader(key);
}

/**
 * The path of the program comes from a unit, and that from the checkout, which is www-data's: root asks a program for its
 * version, and writes a release to its place, only where root alone decides what stands there, and only if the name says
 * that it is Meilisearch: else `ExecStart=/usr/bin/python3` would have root replace Python.
 * @returns why root neither runs nor writes it, `undefined` when it may
 */
export async function forbiddenProgram(host: Host, program: string): Promise<string | undefined> {
  if (!/\/meilisearch(-[\w.-]*)?$/.test(program)) return 'it is not named meilisearch or meilisearch-VERSION';
  return distrusted(host, program);
}

/**
 * @returns the version of a program; `undefined` when it is not there or nothing tells it. Not guessed: 0.26.x alone has no
 *   `--version`, so the digest that it was installed with, the server that runs, and last its name are asked then.
 *   One that root must not run ({@link forbiddenProgram}) is not asked.
 */
export function programVersion(host: Host, program: string): Promise<string | undefined> {
  return host.once(`version:${program}`, async () => {
    if ((await host.status(program)) === undefined) return undefined;
    if ((await forbiddenProgram(host, program)) !== undefined) return undefined;
    const { code, stdout } = await host.query([program, '--version']);
    const said = /^meilisearch(?:-http)? (\d+\.\d+\.\d+)/m.exec(stdout)?.[1];
    if (said !== undefined || code !== UNKNOWN_OPTION) return said;
    const silent = (await installedAs(host, program)) ?? (await running(host)) ?? versionInName(program);
    return silent?.startsWith('0.26.') ? silent : undefined;
  });
}

/** The exit code for an option that a version from 0.26 on does not know. */
const UNKNOWN_OPTION = 2;

const INSTALLED = 'meilisearch-installed';

/** Remembers what was installed, by its content: a name can be anybody's. */
export function rememberInstalled(live: LiveHost, version: string, sha256: string): void {
  live.remember(INSTALLED, `${version} ${sha256}`);
}

async function installedAs(host: Host, program: string): Promise<string | undefined> {
  const [version, sha256] = host.hint(INSTALLED)?.split(' ') ?? [];
  if (sha256 === undefined) return undefined;
  const { stdout } = await host.query(['sha256sum', '--zero', '--', program]);
  return stdout.startsWith(`${sha256} `) ? version : undefined;
}

/** @returns the version of the server that answers the master key. */
async function running(host: Host): Promise<string | undefined> {
  const master = await currentMasterKey(host);
  if (master === undefined) return undefined;
  return runningVersion(host, master);
}

/** @returns the version of the server that answers this master key, whichever header it takes; `undefined` when none does */
export async function runningVersion(host: Host, master: Secret): Promise<string | undefined> {
  const headers = { ...bearer(master), ...oldHeader(master) };
  const { status, body } = await host.request(`${MEILISEARCH}/version`, { headers, timeoutMs: 3000 });
  return status === 200 ? /"pkgVersion":\s*"(\d+\.\d+\.\d+)"/.exec(body)?.[1] : undefined;
}

/** @returns the version in a program's name, `0.25.2` in `/usr/bin/meilisearch-0.25.2`. */
function versionInName(program: string): string | undefined {
  return /-(\d+\.\d+\.\d+)$/.exec(program)?.[1];
}

/** @returns the text of the unit that is installed */
export function installedUnit(host: Host): Promise<string | undefined> {
  return host.read(`${UNITS}/${SERVICE_UNITS.meilisearch}`);
}

/** @returns the program that the installed unit starts. */
export async function unitProgram(host: Host): Promise<string | undefined> {
  const unit = await installedUnit(host);
  return unit === undefined ? undefined : execStartProgram(unit);
}

/** @returns the master key in force: in its own file, else in the unit as the document has it. */
export async function currentMasterKey(host: Host): Promise<Secret | undefined> {
  const file = await host.read(MEILISEARCH_KEY_FILE);
  const own = file === undefined ? undefined : /^MEILI_MASTER_KEY=(.*)$/m.exec(file)?.[1];
  if (own) return new Secret(own.replace(/^"(.*)"$/, '$1'));
  const unit = await installedUnit(host);
  const key = unit === undefined ? undefined : masterKeyOf(unit);
  return key === undefined ? undefined : new Secret(key);
}

/** @returns what is wrong with the server's health, `undefined` when it is available. */
export async function unhealthy(host: Host, address = MEILISEARCH): Promise<string | undefined> {
  const answer = await host.request(`${address}/health`, { timeoutMs: 3000 });
  if (answer.status === 200 && /available/.test(answer.body)) return undefined;
  return `it does not answer at ${address}/health (${answer.error ?? `HTTP ${answer.status}`})`;
}

/** What asking for the keys told; `header` carries a key as this server takes it. */
export type KeysAnswer =
  | { readonly keys: SearchKeys; readonly header: (key: Secret) => Record<string, string> }
  | { readonly wrong: string };

/**
 * Asks the running server for its keys, by the header and the shape of whatever version it has.
 * Keys are told apart by their whole set of actions, never by place, name or "contains": from 1.16 on there are four.
 */
export function searchKeys(host: Host, master: Secret, address = MEILISEARCH): Promise<KeysAnswer> {
  // By the key: a rotation asks with the old one and with the new one.
  return host.once(
    `meilisearch-keys:${address}:${createHash('sha256').update(master.reveal()).digest('hex')}`,
    async () => {
      let answer: HttpAnswer | undefined;
      for (const header of [bearer, oldHeader]) {
        answer = await host.request(`${address}/keys`, { headers: header(master), timeoutMs: 5000 });
        if (answer.status !== 200) continue;
        const keys = await keysIn(answer.body, (offset) => page(host, address, header(master), offset));
        return keys === undefined
          ? { wrong: 'its default search and admin keys are missing from /keys' }
          : { keys, header };
      }
      const refused = answer?.status === 401 || answer?.status === 403;
      const what = answer?.error ?? `HTTP ${answer?.status}`;
      return {
        wrong: refused ? `it refuses the master key (${what})` : `it does not list its keys (${what})`,
      };
    },
  );
}

function bearer(key: Secret): Record<string, string> {
  return { Authorization: `Bearer ${key.reveal()}` };
}

function oldHeader(key: Secret): Record<string, string> {
  return { 'X-Meili-API-Key': key.reveal() };
}

/** From 0.28 on keys come twenty a page, newest first: an operator's own push the default ones to the last page. */
async function page(
  host: Host,
  address: string,
  headers: Record<string, string>,
  offset: number,
): Promise<string | undefined> {
  const answer = await host.request(`${address}/keys?offset=${offset}`, { headers, timeoutMs: 5000 });
  return answer.status === 200 ? answer.body : undefined;
}

/** @returns indexes and documents that the server holds; `undefined` when it does not answer the key. */
export async function indexed(
  host: Host,
  version: string,
  key: Secret,
  address = MEILISEARCH,
): Promise<{ readonly indexes: number; readonly documents: number } | undefined> {
  const answer = await host.request(`${address}/stats`, {
    headers: keyHeader(version, key),
    timeoutMs: 5000,
  });
  if (answer.status !== 200) return undefined;
  const stats = JSON.parse(answer.body) as { indexes?: Record<string, { numberOfDocuments?: number }> };
  const all = Object.values(stats.indexes ?? {});
  return {
    indexes: all.length,
    documents: all.reduce((sum, each) => sum + (each.numberOfDocuments ?? 0), 0),
  };
}

/**
 * @param unit the repository's meilisearch.service
 * @param installed the program of the unit that is installed: where `upgrade` put it beside one without a version, it stays
 * @returns the program that the installed unit starts: the unit's own path, unless its name says another version
 */
export function wantedProgram(unit: string, version: string, installed?: string): string {
  const path = execStartProgram(unit) ?? '/usr/bin/meilisearch';
  const named = versionInName(path);
  if (named === undefined && installed === `${path}-${version}`) return installed;
  return named === undefined || named === version ? path : `${path.slice(0, -named.length)}${version}`;
}
