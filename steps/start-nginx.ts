import type { Section } from '../src/engine/section.ts';
import type { Host } from '../src/host/host.ts';
import { nginxLoaded } from '../src/operations/nginx-loaded.ts';
import { inTheWay } from '../src/requirements/in-the-way.ts';
import { word } from '../src/script/words.ts';
import { silentToBalancers } from '../src/site/balanced.ts';
import { answerHere, liveFolder, parse, siteCertificate } from '../src/site/certificate.ts';
import { BALANCERS } from '../src/site/layout.ts';
import { formerNamesOf, namesOf } from '../src/site/names.ts';
import { isBalanced } from '../src/site/roles.ts';
import { SERVICES } from '../src/site/services.ts';

const section: Section = {
  id: 'start-nginx',
  title: 'Test and start nginx',
  heading: 'Configuration files › Nginx › Test and start nginx',
  summary: 'nginx with the HTTPS site: configuration tested, enabled at boot, and reloaded.',
  needs: ['certificate/https-site', 'nginx'],
  questions: [],
  operations: (answers) => {
    const address = `https://${namesOf(answers)[0]}/`;
    const servesCertificate = (host: Host) => otherCertificate(host, namesOf(answers));
    return [
      nginxLoaded({
        id: 'start-nginx/https',
        title: isBalanced(answers)
          ? 'nginx serves the site to the load balancers'
          : 'nginx serves the HTTPS site',
        covers: ['nginx-test', 'nginx-enable', 'nginx-start'],
        watches: [
          ...SERVICES.nginx.reads,
          ...formerNamesOf(answers).map((name) => `${liveFolder(name)}/fullchain.pem`),
          isBalanced(answers) ? BALANCERS : '/etc/letsencrypt/options-ssl-nginx.conf',
        ],
        watchesToo: async (host) => {
          const { name, installed } = await siteCertificate(host, namesOf(answers));
          return [...new Set([name, installed?.name ?? name])].map(
            (each) => `${liveFolder(each)}/fullchain.pem`,
          );
        },
        waits: [
          `wait_for 30 ${word(`${address} does not answer: journalctl -u nginx -u studio`)} answers ${word(address)}`,
        ],
        ...(isBalanced(answers)
          ? { answers: (host) => silentToBalancers(host, answers) }
          : { early: servesCertificate, answers: servesCertificate }),
        inTheWay: (host) => inTheWay(host, namesOf(answers), false),
      }),
    ];
  },
};
export default section;

/** @returns what is wrong where nginx serves another certificate than the one on the disk, or none */
async function otherCertificate(
  host: Host,
  names: readonly [string, ...string[]],
): Promise<string | undefined> {
  const [domain] = names;
  const wanted = (await siteCertificate(host, names)).installed;
  if (wanted === undefined) return undefined;
  const { certificate, error } = await answerHere(host, domain);
  if (certificate === undefined) return `https://${domain}/ is not served (${error ?? 'no certificate'})`;
  return parse(certificate)?.serial === wanted.serial
    ? undefined
    : 'nginx serves a different certificate than the one on disk';
}
