import { dirname } from 'node:path';
import type { Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { quote } from '../host/shell.ts';
import { throughLinksOfRoot } from '../host/trusted-path.ts';
import { ProblemError } from '../output/problem.ts';
import { SITE_USER, WWW } from '../site/layout.ts';
import { noLink } from './no-link.ts';

export interface Folder extends Pick<Operation, 'id' | 'after' | 'covers' | 'departure'> {
  readonly path: string;
  /** Permission bits; a folder that is there keeps its own, but for bits that are missing here. */
  readonly mode: number;
  readonly owner: string;
  readonly group: string;
  /** Other accounts must get to it: every folder on the way lets them through, as one made under umask 077 does not. */
  readonly passable?: boolean;
}

/** What lets everybody through a folder. */
const SEARCH = 0o111;

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
    script:
      wanted.path.startsWith(`${WWW}/`) && wanted.owner === SITE_USER
        ? [`site_folder ${quote(wanted.path)} ${wanted.mode.toString(8)}`]
        : shell,
    ...(wanted.after ? { after: wanted.after } : {}),
    ...(wanted.covers ? { covers: wanted.covers } : {}),
    ...(wanted.departure ? { departure: wanted.departure } : {}),
    async observe(host) {
      const at = await throughLinksOfRoot(host, wanted.path);
      const status = await noLink(host, at, 'folder');
      if (status && status.type !== 'directory') {
        throw new ProblemError({
          what: `${wanted.path} is a ${status.type}, not a folder.`,
          remedy: 'Move it away (mv, not rm), then run again.',
        });
      }
      const closed = wanted.passable === true ? await closedOnTheWay(host, wanted.path) : [];
      const owned = status?.owner === wanted.owner && status.group === wanted.group;
      const rightItself = status !== undefined && owned && (status.mode & wanted.mode) === wanted.mode;
      if (rightItself && closed.length === 0) return undefined;
      const opened = closed.map(([folder]) => folder);
      return {
        kind: status ? 'update' : 'create',
        summary: rightItself
          ? `${opened.join(', ')} (mode: let other accounts reach ${wanted.path})`
          : `${wanted.path}/ (${owner})`,
        shell: [
          ...(rightItself ? [] : shell),
          ...(opened.length === 0 ? [] : [`chmod a+x ${opened.map(quote).join(' ')}`]),
        ],
        async apply(live) {
          for (const [folder, mode] of closed) await live.setMode(folder, mode | SEARCH);
          if (rightItself) return;
          if (status === undefined) await live.makeFolder(at, wanted);
          else {
            if (!owned) await live.setOwner(at, wanted.owner, wanted.group);
            await live.setMode(at, status.mode | wanted.mode);
          }
        },
      };
    },
  };
}

/** @returns the folders above `path` that keep other accounts out, with their modes */
async function closedOnTheWay(host: Host, path: string): Promise<readonly (readonly [string, number])[]> {
  const closed: (readonly [string, number])[] = [];
  for (let at = dirname(path); at !== '/'; at = dirname(at)) {
    const status = await host.status(at);
    if (status?.type === 'directory' && (status.mode & SEARCH) !== SEARCH) closed.unshift([at, status.mode]);
  }
  return closed;
}
