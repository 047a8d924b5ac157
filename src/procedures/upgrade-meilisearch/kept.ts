import type { Operation } from '../../engine/operation.ts';
import type { Host } from '../../host/host.ts';
import { quote } from '../../host/shell.ts';
import { command } from '../../operations/command.ts';
import { MEILISEARCH_PREVIOUS } from '../../site/layout.ts';
import { BESIDE_FILE, stopBeside } from './beside.ts';
import { deletePaths, type Engine, pathsOf } from './engine.ts';

/**
 * The end of either way: what stays to go back to is written down, and what nobody needs any more is deleted.
 * @param wanted.previous the engine that stays; absent: what is written down stays as it is
 * @param wanted.gone the one that goes, unless another one uses the same program or folder
 * @param wanted.after the transaction record, which is there until the proof has been brought
 */
export function keptEngine(wanted: {
  readonly id: string;
  readonly previous?: Engine;
  readonly gone?: Engine;
  readonly staying: readonly Engine[];
  readonly after: string;
}): Operation {
  const { previous, gone, staying, after } = wanted;
  const record = previous === undefined ? undefined : `${JSON.stringify(previous)}\n`;
  const superfluous = async (host: Host) =>
    gone === undefined ? { folders: [], programs: [] } : pathsOf(host, gone, staying);
  return command({
    id: wanted.id,
    title:
      previous === undefined
        ? 'delete what the new version left'
        : `keep Meilisearch ${previous.version} to go back to`,
    shell: gone === undefined ? [] : [`rm -rf ${quote(gone.data)} ${quote(gone.program)}`],
    async missing(host) {
      if (host.willChange(after)) return { later: 'after the proof' };
      const { folders, programs } = await superfluous(host);
      const open =
        record !== undefined && (await host.read(MEILISEARCH_PREVIOUS)) !== record
          ? [MEILISEARCH_PREVIOUS]
          : [];
      const beside = (await host.status(BESIDE_FILE)) === undefined ? [] : [BESIDE_FILE];
      return [...open, ...beside, ...folders, ...programs].join(', ') || undefined;
    },
    async apply(live) {
      await stopBeside(live);
      if (record !== undefined)
        await live.write(MEILISEARCH_PREVIOUS, record, { mode: 0o600, owner: 'root', secret: true });
      await deletePaths(live, await superfluous(live));
    },
  });
}
