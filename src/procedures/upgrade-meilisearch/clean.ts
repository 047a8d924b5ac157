import type { Operation } from '../../engine/operation.ts';
import { quote } from '../../host/shell.ts';
import { command } from '../../operations/command.ts';
import { MEILISEARCH_PREVIOUS } from '../../site/layout.ts';
import { deletePaths, type Engine, pathsOf } from './engine.ts';

/** What the last upgrade kept is deleted, and with it the way back. @param current what serves, of which nothing goes */
export function cleanedEngine(previous: Engine, current: Engine): Operation {
  return command({
    id: 'upgrade-meilisearch-clean/previous',
    title: `delete Meilisearch ${previous.version}`,
    shell: [`rm -rf ${quote(previous.data)} ${quote(previous.program)}`, `rm ${MEILISEARCH_PREVIOUS}`],
    irreversible: 'an index of another version is filled again',
    async missing(host) {
      const { folders, programs } = await pathsOf(host, previous, [current]);
      const record = (await host.status(MEILISEARCH_PREVIOUS)) === undefined ? [] : [MEILISEARCH_PREVIOUS];
      return [...folders, ...programs, ...record].join(', ') || undefined;
    },
    // The record goes last: until then a kill is found by the same command.
    async apply(live) {
      await deletePaths(live, await pathsOf(live, previous, [current]));
      await live.remove(MEILISEARCH_PREVIOUS, { secret: true });
    },
  });
}
