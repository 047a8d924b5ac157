import { isLater, type Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { type ManagedSettings, settings } from '../operations/settings.ts';
import type { Secret } from '../output/secret.ts';
import { SETTINGS } from '../site/layout.ts';
import { searchKeys, unhealthy } from '../site/meilisearch.ts';

/** The two keys of settings.py; Meilisearch makes them from the master key and its own records. */
export const KEY_NAMES = { public: 'MEILISEARCH_PUBLIC_KEY', private: 'MEILISEARCH_PRIVATE_KEY' } as const;

/**
 * settings.py with the keys of the server that runs.
 * @param after absolute paths: while one of them will still be written, another server may come
 */
export function searchKeysInSettings(wanted: {
  readonly id: string;
  readonly master: Secret;
  readonly after: readonly string[];
}): Operation {
  return announced({
    id: wanted.id,
    title: 'search keys',
    shell: [`editor ${SETTINGS}  # ${KEY_NAMES.public}, ${KEY_NAMES.private}`],
    async edit(file, host) {
      if (wanted.after.some((path) => host.willChange(path)))
        return { later: 'needs Meilisearch in its new state' };
      const answer = await searchKeys(host, wanted.master);
      if ('wrong' in answer) return { later: `needs Meilisearch with this master key: ${answer.wrong}` };
      return file
        .set([KEY_NAMES.public], answer.keys.public.reveal())
        .set([KEY_NAMES.private], answer.keys.private.reveal());
    },
  });
}

/** Which keys it will be can't be told yet; that settings.py changes, and who reads it restarts, can. */
function announced(wanted: ManagedSettings): Operation {
  const operation = settings(wanted);
  return {
    ...operation,
    async observe(host) {
      const observation = await operation.observe(host);
      return isLater(observation) ? { ...observation, touches: [SETTINGS] } : observation;
    },
  };
}

/** @returns what is wrong with the server, or with this master key; `undefined` when it lists its keys */
export async function refusing(host: Host, master: Secret): Promise<string | undefined> {
  const sick = await unhealthy(host);
  if (sick !== undefined) return sick;
  const answer = await searchKeys(host, master);
  return 'wrong' in answer ? answer.wrong : undefined;
}
