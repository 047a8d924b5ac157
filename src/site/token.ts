import type { Host } from '../host/host.ts';
import { ACME_WEBROOT, SITE_TOKEN } from './layout.ts';

const PATIENCE_MS = 5000;

/**
 * Fetches the site's token by name over port 80, as a certificate authority does.
 * @param address to connect to: one that DNS gives, or one of this server's own
 * @returns why the name does not lead to this site by that address; `undefined` when it does
 */
export async function notThisSite(host: Host, name: string, address: string): Promise<string | undefined> {
  const token = await host.read(SITE_TOKEN);
  if (token === undefined) return `there is no ${SITE_TOKEN} to ask for`;
  const path = SITE_TOKEN.slice(ACME_WEBROOT.length);
  const answer = await host.request(`http://${name}${path}`, { address, timeoutMs: PATIENCE_MS });
  if (answer.status === 200 && answer.body === token) return undefined;
  if (answer.status === 0) return answer.error ?? 'no answer';
  return answer.status === 200 ? 'another site answers' : `HTTP ${answer.status}`;
}
