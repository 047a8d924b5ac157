import { changedAt } from '../host/clock.ts';
import type { Host } from '../host/host.ts';
import { inTheWay, visitedAddresses } from '../requirements/in-the-way.ts';
import { liveFolder, siteCertificate } from '../site/certificate.ts';
import { NGINX_CONFIGURATION, NGINX_LINK, SITE_TOKEN } from '../site/layout.ts';
import { namesOf } from '../site/names.ts';
import { configLoadedAt } from '../site/nginx.ts';
import { nginxTest } from '../site/nginx-in-force.ts';
import { foreignNginx, nginxProblem } from '../site/nginx-trust.ts';
import { SERVICES } from '../site/services.ts';
import { notThisSite } from '../site/token.ts';
import { journalOf } from '../site/units.ts';
import { type Check, type CheckResult, failing, fine } from './check.ts';
import { NGINX_FIXES } from './fixes.ts';

/** A running nginx goes on with what it has read: what is on the disk shows at the next start, and then it is too late. */
export const nginxConfiguration: Check = {
  id: 'nginx-config',
  title: 'nginx configuration',
  asks: "Reads the files that www-data can write for anything that would give it root's rights. Has nginx test the files on disk, and compares when each was written with nginx's last reload. Works out which server block answers for each name at each address, and fetches the site's token there.",
  means:
    'nginx uses an older configuration than the one on disk, will not start again, or shows visitors another site.',
  fixes: [...NGINX_FIXES, 'certificate/webroot', `reload:${SERVICES.nginx.unit}`],
  async run(host, answers) {
    const foreign = await foreignNginx(host);
    if (foreign.length > 0) {
      const { what, remedy } = nginxProblem(foreign);
      return failing(what, remedy, NGINX_FIXES);
    }
    const refused = await refusal(host);
    if (refused !== undefined)
      return failing(
        `nginx refuses its configuration: ${refused}`,
        "nginx keeps the configuration that it has loaded until its next restart. Fix the file and line that nginx -t names. To restore studio-setup's own files: studio-setup run nginx certificate start-nginx",
        NGINX_FIXES,
      );
    const loadedAt = await configLoadedAt(host);
    if (loadedAt === undefined)
      return failing(
        'nginx is not running.',
        'See why: journalctl -u nginx -n 50. Then: studio-setup run start-nginx',
        NGINX_FIXES,
      );
    const newer: string[] = [];
    const { name, installed } = await siteCertificate(host, namesOf(answers));
    const tls = `${liveFolder(installed?.name ?? name)}/fullchain.pem`;
    for (const path of [...NGINX_CONFIGURATION, tls, ...(await others(host))])
      if (((await changedAt(host, path)) ?? 0) > loadedAt) newer.push(path);
    if (newer.length === 0) return (await notTheSites(host, namesOf(answers))) ?? fine(LOADED);
    return failing(
      `Not loaded: ${newer.join(', ')} ${newer.length === 1 ? 'is' : 'are'} newer than nginx's last reload.`,
      'Test and load: nginx -t && systemctl reload nginx',
      newer.some((path) => NGINX_CONFIGURATION.includes(path) || path === tls)
        ? ['start-nginx/https']
        : [`reload:${SERVICES.nginx.unit}`],
    );
  },
};

const LOADED =
  "nginx -t passes, nginx has loaded it, and the site's server blocks answer for its names at each address.";

/** nginx may be in good health and answer with somebody else's server: its own word first, then the site's token. */
async function notTheSites(host: Host, names: readonly string[]): Promise<CheckResult | undefined> {
  const [problem] = await inTheWay(host, names, false);
  if (problem !== undefined) return failing(problem.what, problem.remedy.replace(/, then run again\.$/, '.'));
  if ((await host.read(SITE_TOKEN)) === undefined) return undefined;
  for (const address of await visitedAddresses(host, names))
    for (const name of names) {
      const why = await notThisSite(host, name, address);
      if (why !== undefined)
        return failing(
          `http://${name}/ at ${address} is not this site (${why}): the site's token was not found there.`,
          `See which server block nginx uses for ${name} at ${address} (nginx -T), and whether something else listens there (ss -ltnp 'sport = :80').`,
          ['certificate/webroot', 'start-nginx/https'],
        );
    }
  return undefined;
}

/** @returns what nginx says against the files on the disk, `undefined` when nothing */
async function refusal(host: Host): Promise<string | undefined> {
  // Where it does not run it is not asked: its last start said the same.
  const test = await nginxTest(host);
  const said =
    test === undefined
      ? await journalOf(host, SERVICES.nginx.unit, 5)
      : test.code === 0
        ? []
        : test.stderr.split('\n');
  return said
    .findLast((line) => line.includes('[emerg]'))
    ?.replace(/^.*\[emerg\] *(\d+#\d+: *)?/, '')
    .trim();
}

async function others(host: Host): Promise<readonly string[]> {
  const folders = ['/etc/nginx/sites-enabled', '/etc/nginx/conf.d'];
  const files = await Promise.all(
    folders.map(async (folder) => (await host.list(folder)).map((name) => `${folder}/${name}`)),
  );
  return ['/etc/nginx/nginx.conf', ...files.flat().filter((path) => path !== NGINX_LINK)];
}
