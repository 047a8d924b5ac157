import type { Section } from '../src/engine/section.ts';
import type { Host } from '../src/host/host.ts';
import { nginxLoaded } from '../src/operations/nginx-loaded.ts';
import { inTheWay } from '../src/requirements/in-the-way.ts';
import { installedCertificate, liveFolder, parse } from '../src/site/certificate.ts';
import { formerNamesOf, namesOf } from '../src/site/names.ts';
import { SERVICES } from '../src/site/services.ts';

const section: Section = {
  id: 'start-nginx',
  title: 'Test and start nginx',
  heading: 'Configuration files › Nginx › Test and start nginx',
  summary:
    'nginx with the HTTPS site: tested, enabled for the next boot, and with its configuration in force.',
  needs: ['certificate/https-site', 'nginx'],
  questions: [],
  operations: (answers) => {
    const [domain] = namesOf(answers);
    return [
      nginxLoaded({
        id: 'start-nginx/https',
        title: 'nginx serves the HTTPS site',
        covers: ['nginx-test', 'nginx-enable', 'nginx-start'],
        watches: [
          ...SERVICES.nginx.reads,
          `${liveFolder(domain)}/fullchain.pem`,
          ...formerNamesOf(answers).map((name) => `${liveFolder(name)}/fullchain.pem`),
          '/etc/letsencrypt/options-ssl-nginx.conf',
        ],
        answers: (host) => servesCertificate(host, domain),
        inTheWay: (host) => inTheWay(host, namesOf(answers), false),
      }),
    ];
  },
};
export default section;

/** nginx may serve another certificate than the one on the disk. */
async function servesCertificate(host: Host, domain: string): Promise<string | undefined> {
  const wanted = await installedCertificate(host, domain);
  if (wanted === undefined) return undefined;
  const answer = await host.request(`https://${domain}/`, { address: '127.0.0.1', timeoutMs: 10_000 });
  if (answer.certificate === undefined)
    return `https://${domain}/ is not served (${answer.error ?? 'no certificate'})`;
  return parse(answer.certificate)?.serial === wanted.serial
    ? undefined
    : 'it serves another certificate than the one on the disk';
}
