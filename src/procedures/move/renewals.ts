import type { Operation } from '../../engine/operation.ts';
import type { Host } from '../../host/host.ts';
import { command } from '../../operations/command.ts';
import { siteCertificate } from '../../site/certificate.ts';
import { formerSites } from '../../site/former-names.ts';
import type { SiteNames } from '../../site/vhost.ts';
import { ownNames } from '../change-domain/names.ts';

/**
 * certbot leaves such a certificate alone, whatever starts it, and goes on renewing all others (certbot,
 * _internal/storage.py, `RenewableCert.autorenewal_is_enabled`).
 */
const OFF = '# Written by studio-setup move rest; studio-setup move back takes it away.\nautorenew = False\n';
const SECTION = '[renewalparams]\n';

/** @returns what has certbot renew the certificates of the site, or leave them alone */
export function renewals(id: string, names: SiteNames, on: boolean): Operation {
  return command({
    id,
    title: on
      ? 'certbot renews the certificates of the site'
      : 'certbot leaves the certificates of the site alone',
    shell: [`editor ${fileOf(names.domain)}  # autorenew = False`],
    touches: [fileOf(names.domain)],
    missing: async (host) => (await toChange(host, names, on))[0],
    async apply(live) {
      for (const path of await toChange(live, names, on)) {
        const text = (await live.read(path)) ?? '';
        await live.write(path, on ? text.replace(OFF, '') : text.replace(SECTION, `${SECTION}${OFF}`), {
          foreign: true,
        });
      }
    },
  });
}

async function toChange(host: Host, names: SiteNames, on: boolean): Promise<readonly string[]> {
  const { installed } = await siteCertificate(host, ownNames(names));
  const former = (await formerSites(host, names.formerNames)).filter(({ issued }) => issued);
  const certificates = [
    ...(installed === undefined ? [] : [installed.name]),
    ...former.map(({ certificate }) => certificate),
  ];
  const found: string[] = [];
  for (const path of new Set(certificates.map(fileOf))) {
    const text = await host.read(path);
    // One that certbot does not have is renewed by somebody else, or not at all.
    if (text?.includes(SECTION) && text.includes(OFF) === on) found.push(path);
  }
  return found;
}

function fileOf(certificate: string): string {
  return `/etc/letsencrypt/renewal/${certificate}.conf`;
}
