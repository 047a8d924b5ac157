import { maintenancePage } from '../configs/nginx/maintenance.ts';
import type { Host, HttpAnswer } from '../host/host.ts';
import { localTime } from '../output/local-time.ts';
import { MAINTENANCE } from './layout.ts';
import { namesOnHost } from './vhost.ts';

/** @returns whether an answer is the maintenance page: nginx alone tells what visitors get */
export function isMaintenancePage({ status, body }: Pick<HttpAnswer, 'status' | 'body'>): boolean {
  return status === 503 && body === maintenancePage();
}

/** @returns what nginx of this server answers by a name of the site */
export function answerHere(host: Host, name: string): Promise<HttpAnswer> {
  return host.request(`https://${name}/`, { address: '127.0.0.1' });
}

/**
 * @param name of the site
 * @returns since when visitors get the maintenance page, in milliseconds since the epoch: when its file was written;
 *   `undefined` while they do not
 */
export async function maintenanceSince(host: Host, name: string): Promise<number | undefined> {
  const written = await host.status(MAINTENANCE);
  if (written === undefined) return undefined;
  return isMaintenancePage(await answerHere(host, name)) ? written.modified : undefined;
}

/** The same by the name that this server has the site under. */
export async function maintenanceNow(host: Host): Promise<number | undefined> {
  const names = await namesOnHost(host);
  return names && maintenanceSince(host, names.domain);
}

/** @param since milliseconds since the epoch @returns since when visitors get the page, and how that ends, in words */
export function maintenanceWords(since: number): string {
  return `The maintenance page is on since ${localTime(since)}: visitors get HTTP 503. To end it: studio-setup maintenance off`;
}
