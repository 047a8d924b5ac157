import type { Host } from '../host/host.ts';

/** Where every mail server's package on Debian puts it (Debian Policy, 11.6). */
export const SENDMAIL = '/usr/sbin/sendmail';

/** @returns why this server can't send e-mail by itself; `undefined` where it has what sends it */
export async function lacksMailServer(host: Host): Promise<string | undefined> {
  return (await host.status(SENDMAIL)) === undefined
    ? `this server has no mail server: there is no ${SENDMAIL}`
    : undefined;
}
