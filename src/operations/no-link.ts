import { dirname, resolve } from 'node:path';
import type { FileStatus, Host } from '../host/host.ts';
import { quote } from '../host/shell.ts';
import { distrust } from '../host/trusted-path.ts';
import { ProblemError } from '../output/problem.ts';

/** As many as the kernel follows in one path (path_resolution(7)). */
const MOST_LINKS = 40;

/**
 * A link where the product manages something itself: root does not go through what another account may have put there, and a
 * file that is replaced whole would leave the shared one behind with the old text.
 * @returns what stands at a path, when it is no link @throws ProblemError that says where it leads, and how to do without
 */
export async function noLink(
  host: Host,
  path: string,
  kind: 'file' | 'folder',
): Promise<FileStatus | undefined> {
  const status = await host.status(path);
  if (status?.type !== 'link') return status;
  const target = status.target ?? '';
  throw new ProblemError({
    what: `${path} is a link to ${target}. The product does not go through links that it did not make. Nothing was changed.`,
    remedy: kind === 'folder' ? bindMount(path, target) : ownCopy(path, target),
  });
}

/**
 * A folder that root put on another disk: `/var/www` as a link to `/srv/www`. Nobody but root can change such a link, or what
 * takes its place there.
 * @returns the folder that links of root's lead to; the path itself where one stands in another account's folder, or leads nowhere
 */
export async function throughLinksOfRoot(host: Host, path: string): Promise<string> {
  let at = path;
  for (let links = 0; links <= MOST_LINKS; links += 1) {
    const status = await host.status(at);
    // A disk that is not mounted: what is made in its place would be hidden once it is.
    if (status === undefined) return path;
    if (status.type !== 'link') return at;
    const folder = dirname(at);
    const target = resolve(folder, status.target ?? '');
    if (isOfSystem(target) || (await distrust(host, folder)) || (await distrust(host, dirname(target))))
      return path;
    at = target;
  }
  return path;
}

/** What is given away below it would be the system's own, or a whole disk with what else is on it. */
function isOfSystem(folder: string): boolean {
  return dirname(folder) === '/' || /^\/(bin|boot|dev|etc|lib\w*|proc|root|run|sbin|sys|usr)\//.test(folder);
}

/** To the kernel and to every program a bind mount is the folder itself. */
function bindMount(path: string, target: string): string {
  return [
    'To keep it on the other disk, mount it there instead (a bind mount):',
    `  rm ${quote(path)} && mkdir ${quote(path)} && mount --bind ${quote(target)} ${quote(path)}`,
    `  echo '${target} ${path} none bind 0 0' >> /etc/fstab`,
    'Then run again.',
  ].join('\n');
}

function ownCopy(path: string, target: string): string {
  return `If others use ${target} too, decide which of them changes it. To give the site its own copy: cp -p --remove-destination "$(realpath ${quote(path)})" ${quote(path)}; then run again.`;
}
