import type { Operation } from '../engine/operation.ts';
import { quote } from '../host/shell.ts';
import { ProblemError } from '../output/problem.ts';
import { noLink } from './no-link.ts';

export interface Folder extends Pick<Operation, 'id' | 'after' | 'covers' | 'departure'> {
  readonly path: string;
  /** Permission bits; a folder that is there keeps its own, but for bits that are missing here. */
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
}

/** A folder that must be there and belong to an account. */
export function folder(wanted: Folder): Operation {
  const owner = `${wanted.owner}:${wanted.group}`;
  const shell = [
    `mkdir -p ${quote(wanted.path)}`,
    `chown ${owner} ${quote(wanted.path)}`,
    `chmod ${wanted.mode.toString(8)} ${quote(wanted.path)}`,
  ];
  return {
    id: wanted.id,
    title: wanted.path,
    script: shell,
    ...(wanted.after ? { after: wanted.after } : {}),
    ...(wanted.covers ? { covers: wanted.covers } : {}),
    ...(wanted.departure ? { departure: wanted.departure } : {}),
    async observe(host) {
      const status = await noLink(host, wanted.path, 'folder');
      if (status && status.type !== 'directory') {
        throw new ProblemError({
          what: `${wanted.path} is no folder but a ${status.type}.`,
          remedy: 'Move it away (mv, not rm), then run again.',
        });
      }
      const owned = status?.owner === wanted.owner && status.group === wanted.group;
      if (status && owned && (status.mode & wanted.mode) === wanted.mode) return undefined;
      return {
        kind: status ? 'update' : 'create',
        summary: `${wanted.path}/ (${owner})`,
        shell,
        async apply(live) {
          if (status === undefined) await live.makeFolder(wanted.path, wanted);
          else {
            if (!owned) await live.setOwner(wanted.path, wanted.owner, wanted.group);
            await live.setMode(wanted.path, status.mode | wanted.mode);
          }
        },
      };
    },
  };
}
