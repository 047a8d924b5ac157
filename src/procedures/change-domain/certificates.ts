import type { Operation } from '../../engine/operation.ts';
import type { Host } from '../../host/host.ts';
import { quote } from '../../host/shell.ts';
import { command } from '../../operations/command.ts';
import { certbotProgram } from '../../site/certbot.ts';
import { installedCertificate, siteCertificate } from '../../site/certificate.ts';
import { formerSites } from '../../site/former-names.ts';
import { ACME_WEBROOT, NGINX_SITE } from '../../site/layout.ts';
import { testNginx } from '../../site/nginx-program.ts';
import type { SiteNames } from '../../site/vhost.ts';
import { useOf } from './certificate-use.ts';
import { ownNames } from './names.ts';

/** @returns the certificates at certbot that a site with these names is served with */
export async function certificatesOf(host: Host, names: SiteNames): Promise<readonly string[]> {
  const former = (await formerSites(host, names.formerNames)).filter(({ issued }) => issued);
  const { name, installed } = await siteCertificate(host, ownNames(names));
  return [...new Set([installed?.name ?? name, ...former.map(({ certificate }) => certificate)])];
}

/**
 * Certificates that nothing is served with any more: certbot could not renew them, as nobody answers their challenges, and
 * every renewal of the others would end as a failure. One that somebody may still use stays, and the operator is told.
 * @param candidates names at certbot
 * @param names those that the site has or had. What says so of the former ones is the site's own account, and certbot works as
 *   root: a certificate that is called otherwise, or is for others as well, is not the site's to delete.
 */
export function certificatesGone(
  id: string,
  candidates: (host: Host) => Promise<readonly string[]>,
  names: readonly string[],
): Operation {
  const unused = async (host: Host) => {
    const gone: string[] = [];
    for (const name of await candidates(host)) {
      const installed = await installedCertificate(host, name);
      if (installed === undefined) continue;
      const foreign = [name, ...installed.names].find((each) => !names.includes(each));
      const why =
        foreign === undefined
          ? await useOf(host, name)
          : `it has the name ${foreign}, which is not one of the site's`;
      if (why === undefined) gone.push(name);
      else
        host.warn(
          `The certificate ${name} is kept: ${why}. It can't be renewed while this server does not answer for its names. Once nobody needs it: certbot delete --cert-name ${quote(name)}`,
        );
    }
    return gone;
  };
  return command({
    id,
    title: 'certificates that are no longer used',
    shell: ['certbot delete --cert-name NAME', 'nginx -t'],
    irreversible: 'a certificate that certbot deleted has to be issued again',
    async missing(host) {
      if (host.willChange(NGINX_SITE)) return { later: 'once nginx no longer names them' };
      const gone = await unused(host);
      return gone.length === 0 ? undefined : gone.join(', ');
    },
    async apply(live) {
      for (const name of await unused(live)) {
        await live.run([await certbotProgram(live), 'delete', '--non-interactive', '--cert-name', name]);
        await testNginx(live, () => ({
          what: `nginx refuses its configuration since the certificate ${name} was deleted. nginx keeps the configuration that it has loaded until its next restart.`,
          remedy: `In the file named above use another certificate, or issue that one again (certbot certonly --webroot --webroot-path ${ACME_WEBROOT} --cert-name ${name} --domain …).`,
        }));
      }
    },
  });
}
