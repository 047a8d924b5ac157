import type { Operation } from '../../engine/operation.ts';
import { type Host, SITE_USER } from '../../host/host.ts';
import { command } from '../../operations/command.ts';
import { installedCertificate, liveFolder } from '../../site/certificate.ts';
import { formerSites } from '../../site/former-names.ts';
import { NGINX_SITE, WWW } from '../../site/layout.ts';
import type { SiteNames } from '../../site/vhost.ts';
import { SITES } from './challenges.ts';

/** @returns the certificates at certbot that a site with these names is served with */
export async function certificatesOf(host: Host, names: SiteNames): Promise<readonly string[]> {
  const former = (await formerSites(host, names.formerNames)).filter(({ issued }) => issued);
  return [...new Set([names.domain, ...former.map(({ certificate }) => certificate)])];
}

/**
 * Certificates that nothing is served with any more: certbot could not renew them, as nobody answers their challenges, and
 * every renewal of the others would end as a failure.
 * @param candidates names at certbot; those that a configuration of nginx names stay
 */
export function certificatesGone(
  id: string,
  candidates: (host: Host) => Promise<readonly string[]>,
): Operation {
  const unused = async (host: Host) => {
    const gone: string[] = [];
    const read = await configurations(host);
    for (const name of await candidates(host)) {
      if ((await installedCertificate(host, name)) === undefined) continue;
      if (!read.some((text) => text.includes(`${liveFolder(name)}/`))) gone.push(name);
    }
    return gone;
  };
  return command({
    id,
    title: 'certificates that nothing is served with any more',
    shell: ['certbot delete --cert-name NAME'],
    irreversible: 'a certificate that certbot deleted has to be issued anew',
    async missing(host) {
      if (host.willChange(NGINX_SITE)) return { later: 'once nginx no longer names them' };
      const gone = await unused(host);
      return gone.length === 0 ? undefined : gone.join(', ');
    },
    async apply(live) {
      for (const name of await unused(live))
        await live.run(['certbot', 'delete', '--non-interactive', '--cert-name', name]);
    },
  });
}

/** @returns what nginx reads beside its packages: sites, and what an operator put into conf.d */
export async function configurations(host: Host): Promise<readonly string[]> {
  const texts: string[] = [];
  for (const folder of [SITES, '/etc/nginx/conf.d']) {
    for (const name of await host.list(folder)) {
      const status = await host.status(`${folder}/${name}`);
      // What lies below /var/www is read as its owner, who could have put a link there.
      const as = status?.target?.startsWith(`${WWW}/`) ? { as: SITE_USER } : {};
      if (status?.type === 'file' || status?.type === 'link')
        texts.push((await host.read(`${folder}/${name}`, as)) ?? '');
    }
  }
  return texts;
}
