import { createHash } from 'node:crypto';
import type { Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { quote } from '../host/shell.ts';
import { certbotProgram } from '../site/certbot.ts';
import { namesHeld } from '../site/held-names.ts';
import { refuseForeignNginx } from '../site/nginx-trust.ts';
import { command } from './command.ts';

export interface Renewal extends Pick<Operation, 'id' | 'title' | 'after' | 'script'> {
  /** @returns the certificates' names at certbot; none while they are not there yet. Called again each time. */
  readonly certificates: (host: Host) => Promise<readonly string[]>;
  /** Address of the ACME directory. */
  readonly server: string;
  /** What stands for the certificates in the shell that a person would type. */
  readonly named: string;
}

/** Tries whether certificates would be renewed: once for each way in which certbot is told to renew it. */
export function renewal(wanted: Renewal): Operation {
  const untried = async (host: Host) => {
    const names: string[] = [];
    for (const name of await wanted.certificates(host))
      if (
        host.hint(`renewal:${name}`) !== (await renewalState(host, name)) &&
        !(await triedByHand(host, name))
      )
        names.push(name);
    return names;
  };
  return command({
    id: wanted.id,
    title: wanted.title,
    ...(wanted.after ? { after: wanted.after } : {}),
    shell: [
      `certbot renew --dry-run --cert-name ${wanted.named} --server ${quote(wanted.server)} --no-random-sleep-on-renew`,
    ],
    ...(wanted.script ? { script: wanted.script } : {}),
    async missing(host) {
      // The authority asks where DNS points: `move finish` has it tried once that is here.
      if (await namesHeld(host)) return undefined;
      if ((await wanted.certificates(host)).length === 0) return { later: 'needs the certificate' };
      return (await untried(host)).length === 0 ? undefined : 'not tested with the current configuration';
    },
    async apply(live) {
      // A certificate that came by `certbot --nginx` is renewed by that plugin, which has root's nginx read its files.
      await refuseForeignNginx(live);
      for (const name of await untried(live)) {
        await live.run(
          [
            await certbotProgram(live),
            'renew',
            '--dry-run',
            '--cert-name',
            name,
            // Else a dry run goes to Let's Encrypt's staging server, whatever issued the certificate.
            '--server',
            wanted.server,
            '--no-random-sleep-on-renew',
          ],
          {
            timeoutMs: 5 * 60_000,
            explain: () => ({
              what: `The renewal of the certificate for ${name} would fail.`,
              remedy:
                'The lines above say why. Fix the cause, then run: studio-setup run certificate. The current certificate works until it expires.',
            }),
          },
        );
        live.remember(`renewal:${name}`, (await renewalState(live, name)) ?? '');
      }
    },
  });
}

const CERTBOT_LOGS = '/var/log/letsencrypt';

/** What certbot itself wrote of a trial counts as well: that of a person, or of an exported script. */
async function triedByHand(host: Host, name: string): Promise<boolean> {
  const told = await host.status(`/etc/letsencrypt/renewal/${name}.conf`);
  for (const file of await host.list(CERTBOT_LOGS)) {
    const path = `${CERTBOT_LOGS}/${file}`;
    const written = await host.status(path);
    // Later than the way in which certbot is told to renew it; there are up to a thousand older ones.
    if (told === undefined || written === undefined || written.modified < told.modified) continue;
    const log = (await host.read(path)) ?? '';
    if (
      log.includes('all simulated renewals succeeded') &&
      log.includes(`/live/${name}/fullchain.pem (success)`)
    )
      return true;
  }
  return false;
}

/** @returns the address of the ACME directory that a certificate came from, `undefined` when there is no such certificate */
export async function issuerOf(host: Host, name: string): Promise<string | undefined> {
  const configuration = await host.read(`/etc/letsencrypt/renewal/${name}.conf`);
  return /^server *= *(\S+)/m.exec(configuration ?? '')?.[1];
}

/**
 * @param name of a certificate at certbot
 * @returns what a renewal is tried with: how certbot is told to renew. Not the certificate itself: each renewal brings
 *   another, and is itself a proof that renewals work. `undefined` when there is no such certificate.
 */
export async function renewalState(host: Host, name: string): Promise<string | undefined> {
  const configuration = await host.read(`/etc/letsencrypt/renewal/${name}.conf`);
  if (configuration === undefined) return undefined;
  // certbot writes the file again each time: with its own version, and with names in the map only after a first renewal.
  const settled = configuration.split('[[webroot_map]]')[0] ?? '';
  const lines = settled.split('\n').filter((line) => !/^(#|version *=)/.test(line));
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
