import path from 'node:path';
import type { Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { quote } from '../host/shell.ts';
import type { History } from './histories.ts';

/** A folder that the run made goes again, when nothing is in it: what somebody put there since is no part of the run. */
export function emptyFolder({ path: folder, as }: History, id: string): Operation {
  return {
    id,
    title: `${folder}/`,
    async observe(host) {
      if ((await host.status(folder))?.type !== 'directory') return undefined;
      if (!(await isEmpty(host, folder))) return undefined;
      return {
        kind: 'update',
        summary: `${folder}/: removed, as it is empty`,
        shell: [`rmdir ${quote(folder)}`],
        touches: [folder],
        apply: (live) => live.removeFolder(folder, as === undefined ? {} : { as }),
      };
    },
  };
}

/** A folder that the run removed, or whose mode or owner it changed. */
export function folderAgain({ path: folder, as, before }: History, id: string): Operation {
  return {
    id,
    title: `${folder}/`,
    async observe(host) {
      const status = await host.status(folder);
      if (before === null || (status !== undefined && status.type !== 'directory')) return undefined;
      const { mode, owner, group } = before;
      if (status?.mode === mode && status.owner === owner && status.group === group) return undefined;
      return {
        kind: status === undefined ? 'create' : 'update',
        summary: `${folder}/: ${owner}:${group} ${mode.toString(8)} again`,
        shell: [
          `mkdir -p ${quote(folder)}`,
          `chown ${owner}:${group} ${quote(folder)}`,
          `chmod ${mode.toString(8)} ${quote(folder)}`,
        ],
        touches: [folder],
        async apply(live) {
          const itself = as === owner && (status === undefined || status.owner === as) ? { as } : {};
          await live.makeFolder(folder, { mode, owner, group, ...itself });
        },
      };
    },
  };
}

/** While a plan is made: once the files before it have been taken away. */
async function isEmpty(host: Host, folder: string): Promise<boolean> {
  const names = await host.list(folder);
  return names.every((name) => host.willChange(path.join(folder, name)));
}
