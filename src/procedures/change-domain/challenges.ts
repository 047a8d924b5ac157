import { bootstrapVhost } from '../../configs/nginx/vhost.ts';
import type { Operation } from '../../engine/operation.ts';
import type { Host } from '../../host/host.ts';
import { command } from '../../operations/command.ts';
import { file } from '../../operations/file.ts';
import { nginxTested } from '../../operations/nginx-tested.ts';
import { certificateMissing } from '../../site/certificate.ts';
import { ACME_WEBROOT, NGINX_SITES } from '../../site/layout.ts';
import { hasIpv6, namesOnHost, type SiteNames } from '../../site/vhost.ts';
import { ownNames, without } from './names.ts';

/** Root's own file beside the site's, which stays as it is until the certificate is there. */
export const CHALLENGES = `${NGINX_SITES}/studio-setup-new-domain.conf`;

/** nginx answers the challenges of names that it knows nothing of yet, over port 80, and nothing else by them. */
export function challengesServed(id: string, to: SiteNames): Operation {
  const names = ownNames(to);
  const unserved = async (host: Host) => {
    if ((await certificateMissing(host, names)) === undefined) return [];
    const served = await namesOnHost(host);
    return without(names, served === undefined ? [] : [...ownNames(served), ...served.formerNames]);
  };
  const site = file({
    id,
    title: `challenges of ${names.join(', ')}`,
    path: CHALLENGES,
    tested: nginxTested,
    shell: [`editor ${CHALLENGES}  # port 80: /.well-known/acme-challenge/ from ${ACME_WEBROOT}`],
    async content(host) {
      const [domain = to.domain, ...extraNames] = await unserved(host);
      return bootstrapVhost({ domain, extraNames, webroot: ACME_WEBROOT, ipv6: await hasIpv6(host) });
    },
    // Only a change of the domain that was killed leaves one.
    pristine: async (host) => [(await host.read(CHALLENGES)) ?? ''],
  });
  return {
    ...site,
    observe: async (host) => ((await unserved(host)).length === 0 ? undefined : site.observe(host)),
  };
}

/** The file is of no use any more. */
export function challengesGone(id: string): Operation {
  return command({
    id,
    title: 'remove the file for the challenges',
    shell: [`rm ${CHALLENGES}`],
    async missing(host) {
      if (host.willChange(CHALLENGES)) return { later: 'after the certificate' };
      return (await host.status(CHALLENGES)) === undefined ? undefined : CHALLENGES;
    },
    apply: (live) => live.remove(CHALLENGES),
  });
}
