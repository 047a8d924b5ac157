import type { FileStatus, Host } from '../host/host.ts';
import { quote } from '../host/shell.ts';
import { ProblemError } from '../output/problem.ts';

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
    what: `${path} is a link to ${target}. studio-setup does not follow links that it did not make. Nothing was changed.`,
    remedy: kind === 'folder' ? bindMount(path, target) : ownCopy(path, target),
  });
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
  return `For other programs ${target} stays as it is. To give the site its own copy: cp -p --remove-destination "$(realpath ${quote(path)})" ${quote(path)}; then run again.`;
}
