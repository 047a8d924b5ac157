import path from 'node:path';
import type { FileStatus, Host } from './host.ts';

/** As many as the kernel follows in one path (path_resolution(7)). */
const MOST_LINKS = 40;
const BY_GROUP = 0o020;
const BY_OTHERS = 0o002;

/** Why a path is not trusted. */
export interface Distrust {
  /** The folder or file. */
  readonly part: string;
  /** In words, naming it. */
  readonly why: string;
}

/**
 * Whether root alone decides what stands at a path: each folder on the way, each link's target and the file itself
 * belong to root, and neither a group nor others may write to them. An access list shows in the group's bits
 * (acl(5), "Correspondence between ACL entries and file permission bits"), so it counts as well.
 *
 * It goes from the top, and what was found trusted can be changed by root only: nothing can take the place of a part
 * between this look and the use of the path.
 * @param file absolute path; it need not be there, as what only root can put there is root's
 * @param open says why a folder or file is not trusted; when absent, that another account than root can write to it
 * @returns the first part of which another account decides; `undefined` when it is trusted
 */
export async function distrust(
  host: Pick<Host, 'status'>,
  file: string,
  open: (entry: string, status: FileStatus) => string | undefined = openTo,
): Promise<Distrust | undefined> {
  if (!file.startsWith('/')) return { part: file, why: `${file} is not an absolute path` };
  const parts = ['.', ...partsOf(file)];
  let at = '/';
  let links = 0;
  for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
    // All links so far are resolved: the folder above is the one that the path says.
    const entry = path.join(at, part);
    const status = await host.status(entry);
    if (status === undefined) return undefined;
    if (status.type === 'link') {
      links += 1;
      if (links > MOST_LINKS) return { part: entry, why: `${entry} leads through too many links` };
      const target = status.target ?? '';
      if (target.startsWith('/')) at = '/';
      parts.unshift(...partsOf(target));
      continue;
    }
    const why = open(entry, status);
    if (why !== undefined) return { part: entry, why };
    at = entry;
  }
  return undefined;
}

/** @returns the same in words only: `/var/www belongs to www-data` */
export async function distrusted(host: Pick<Host, 'status'>, file: string): Promise<string | undefined> {
  return (await distrust(host, file))?.why;
}

function partsOf(file: string): readonly string[] {
  return file.split('/').filter((part) => part !== '' && part !== '.');
}

function openTo(entry: string, { owner, group, mode }: FileStatus): string | undefined {
  if (owner !== 'root') return `${entry} belongs to ${owner}`;
  if ((mode & BY_OTHERS) !== 0) return `every account can write to ${entry}`;
  if ((mode & BY_GROUP) !== 0) return `the group ${group} can write to ${entry}`;
  return undefined;
}

/**
 * A folder that root put on another disk: `/var/www` as a link to `/srv/www`. Nobody but root can change such a link, or what
 * takes its place there.
 * @returns the folder that links of root's lead to; the path itself where one stands in another account's folder, or leads nowhere
 */
export async function throughLinksOfRoot(host: Pick<Host, 'status'>, file: string): Promise<string> {
  let at = file;
  for (let links = 0; links <= MOST_LINKS; links += 1) {
    const status = await host.status(at);
    // A disk that is not mounted: what is made in its place would be hidden once it is.
    if (status === undefined) return file;
    if (status.type !== 'link') return at;
    const folder = path.dirname(at);
    const target = path.resolve(folder, status.target ?? '');
    if (isOfSystem(target) || (await distrust(host, folder)) || (await distrust(host, path.dirname(target))))
      return file;
    at = target;
  }
  return file;
}

/** What is given away below it would be the system's own, or a whole disk with what else is on it. */
function isOfSystem(folder: string): boolean {
  return (
    path.dirname(folder) === '/' || /^\/(bin|boot|dev|etc|lib\w*|proc|root|run|sbin|sys|usr)\//.test(folder)
  );
}
