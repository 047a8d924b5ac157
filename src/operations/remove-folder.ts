import { isLater } from '../engine/operation.ts';
import type { LiveHost } from '../host/host.ts';
import { SITE_USER } from '../site/layout.ts';
import { ownedBy } from './ownership.ts';

/**
 * Removes a folder of the site's account, as that account. What root runs in it by hand, such as `manage.py`, pip or Meilisearch,
 * leaves files that are root's, which it could not remove: it is given them first.
 * @param folder absolute path, which need not be there; what is mounted in it stays
 * @throws ProblemError with what rm(1) said
 */
export async function removeFolder(live: LiveHost, folder: string): Promise<void> {
  const foreign = await ownedBy(SITE_USER, SITE_USER, { id: 'remove/owner', path: folder }).observe(live);
  if (foreign !== undefined && !isLater(foreign)) await foreign.apply(live);
  await live.run(['rm', '-rf', '--one-file-system', '--', folder], { as: SITE_USER, yields: true });
}
