import { createHash } from 'node:crypto';
import { masterKeyOf } from '../configs/meilisearch.ts';
import { execStartProgram } from '../configs/service.ts';
import type { Host, HttpAnswer } from '../host/host.ts';
import { Secret } from '../output/secret.ts';
import { MEILISEARCH, MEILISEARCH_KEY_FILE, UNITS } from './layout.ts';

/** The two keys that the site's settings want. */
interface SearchKeys {
  readonly public: Secret;
  readonly private: Secret;
}

/** @returns whether `version` (`0.25.2`) is at least `than` (`1.0`). */
export function isAtLeast(version: string, than: string): boolean {
  const [a, b] = [version, than].map((each) => each.split('.').map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (a?.[index] ?? 0) - (b?.[index] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** The header that carries a key: Meilisearch before 0.25 has one of its own (trap 7). */
export function keyHeader(version: string, key: Secret): Record<string, string> {
  return isAtLeast(version, '0.25.0')
    ? { Authorization: `Bearer ${key.reveal()}` }
    : { 'X-Meili-API-Key': key.reveal() };
}

/** @returns the version that the program says it has, `undefined` when it is not there or says nothing. */
export function programVersion(host: Host, program: string): Promise<string | undefined> {
  return host.once(`version:${program}`, async () => {
    if ((await host.status(program)) === undefined) return undefined;
    const { stdout } = await host.query([program, '--version']);
    return /\d+\.\d+\.\d+/.exec(stdout)?.[0];
  });
}

/** @returns the program that the installed unit starts. */
export async function unitProgram(host: Host): Promise<string | undefined> {
  const unit = await host.read(`${UNITS}/meilisearch.service`);
  return unit === undefined ? undefined : execStartProgram(unit);
}

/** @returns the master key in force: in its own file, else in the unit as the document has it. */
export async function currentMasterKey(host: Host): Promise<Secret | undefined> {
  const file = await host.read(MEILISEARCH_KEY_FILE);
  const own = file === undefined ? undefined : /^MEILI_MASTER_KEY=(.*)$/m.exec(file)?.[1];
  if (own) return new Secret(own.replace(/^"(.*)"$/, '$1'));
  const unit = await host.read(`${UNITS}/meilisearch.service`);
  const key = unit === undefined ? undefined : masterKeyOf(unit);
  return key === undefined ? undefined : new Secret(key);
}

/** @returns what is wrong with the server's health, `undefined` when it is available. */
export async function unhealthy(host: Host): Promise<string | undefined> {
  const answer = await host.request(`${MEILISEARCH}/health`, { timeoutMs: 3000 });
  if (answer.status === 200 && /available/.test(answer.body)) return undefined;
  return `it does not answer at ${MEILISEARCH}/health (${answer.error ?? `HTTP ${answer.status}`})`;
}

/** What asking for the keys told. */
export type KeysAnswer = { readonly keys: SearchKeys } | { readonly wrong: string };

/**
 * Asks the running server for its keys, by the header and the shape of whatever version it has.
 * Keys are told apart by their whole set of actions, never by place, name or "contains": 1.50 has four.
 */
export function searchKeys(host: Host, master: Secret): Promise<KeysAnswer> {
  // By the key: a rotation asks with the old one and with the new one.
  return host.once(
    `meilisearch-keys:${createHash('sha256').update(master.reveal()).digest('hex')}`,
    async () => {
      let answer: HttpAnswer | undefined;
      for (const headers of [
        { Authorization: `Bearer ${master.reveal()}` },
        { 'X-Meili-API-Key': master.reveal() },
      ]) {
        answer = await host.request(`${MEILISEARCH}/keys`, { headers, timeoutMs: 5000 });
        if (answer.status === 200) break;
      }
      if (answer?.status !== 200) {
        return { wrong: `it refuses the master key (${answer?.error ?? `HTTP ${answer?.status}`})` };
      }
      const keys = keysIn(answer.body);
      return keys === undefined
        ? { wrong: 'its default search and admin keys are not among the answer of /keys' }
        : { keys };
    },
  );
}

function keysIn(body: string): SearchKeys | undefined {
  const parsed = JSON.parse(body) as {
    public?: string;
    private?: string;
    results?: readonly { key: string; actions: readonly string[]; indexes: readonly string[] }[];
  };
  if (parsed.public && parsed.private) {
    return { public: new Secret(parsed.public), private: new Secret(parsed.private) };
  }
  const withActions = (...actions: readonly string[]) =>
    parsed.results?.find(
      (key) =>
        key.actions.length === actions.length &&
        actions.every((each) => key.actions.includes(each)) &&
        key.indexes.includes('*'),
    );
  const [search, all] = [withActions('search'), withActions('*')];
  return search && all ? { public: new Secret(search.key), private: new Secret(all.key) } : undefined;
}

/** @returns indexes and documents that the server holds; `undefined` when it does not answer the key. */
export async function indexed(
  host: Host,
  version: string,
  key: Secret,
): Promise<{ readonly indexes: number; readonly documents: number } | undefined> {
  const answer = await host.request(`${MEILISEARCH}/stats`, {
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
 * @returns the program that the installed unit starts: the unit's own path, unless its name says another version
 */
export function wantedProgram(unit: string, version: string): string {
  const path = execStartProgram(unit) ?? '/usr/bin/meilisearch';
  const named = /-(\d+\.\d+\.\d+)$/.exec(path);
  return named === null || named[1] === version ? path : `${path.slice(0, named.index)}-${version}`;
}
