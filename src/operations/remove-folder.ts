import type { LiveHost } from '../host/host.ts';
import { SITE_USER } from '../site/layout.ts';
import { giveToSite } from './ownership.ts';

/**
 * Removes a folder of the site's account, as that account.
 * @param folder absolute path, which need not be there; what is mounted in it stays
 * @throws ProblemError with what rm(1) said
 */
export async function removeFolder(live: LiveHost, folder: string): Promise<void> {
  await giveToSite(live, folder);
  await live.run(['rm', '-rf', '--one-file-system', '--', folder], { as: SITE_USER, yields: true });
}
