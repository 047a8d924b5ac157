import { nginxDoubts } from '../configs/nginx/trust.ts';
import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { CONFIG, NGINX_SITE, SITE_USER, WWW } from './layout.ts';

/** Where root's nginx finds the files that it reads. */
const READ_FROM = ['/etc/nginx/sites-enabled', '/etc/nginx/conf.d'];
const INCLUDED = ['nginx_studio.common.conf', 'uwsgi_params'];

/**
 * The document gives nginx's files to www-data, and root's nginx reads them: at every start and reload, and for `nginx -t`,
 * which opens the logs that they name, as root. What they would have root do is looked at before the product has nginx
 * read them. www-data may change them after this look: that is the document's, see docs/security.md.
 * @returns what they have root's nginx do beyond the document, e.g. `/var/www/config/nginx_studio.conf: load_module x.so`
 */
export async function foreignNginx(host: Host): Promise<readonly string[]> {
  const linked = await Promise.all(
    READ_FROM.map(async (folder) =>
      Promise.all((await host.list(folder)).map((name) => host.status(`${folder}/${name}`))),
    ),
  );
  const targets = linked.flat().flatMap((status) => status?.target ?? []);
  const files = new Set([
    NGINX_SITE,
    ...INCLUDED.map((name) => `${CONFIG}/${name}`),
    ...targets.filter((target) => target.startsWith(`${WWW}/`)),
  ]);
  const found = await Promise.all(
    [...files].map(async (file) => {
      const text = await host.read(file, { as: SITE_USER });
      return text === undefined ? [] : nginxDoubts(text).byRoot.map((each) => `${file}: ${each}`);
    }),
  );
  return found.flat();
}

/** @throws ProblemError before root's nginx would do what another account wrote into its files */
export async function refuseForeignNginx(host: Host): Promise<void> {
  const found = await foreignNginx(host);
  if (found.length > 0) throw new ProblemError(nginxProblem(found));
}

/** @returns the same in words */
export function nginxProblem(found: readonly string[]): { readonly what: string; readonly remedy: string } {
  return {
    what: `${SITE_USER} can write these files of nginx, and they hold what root's nginx is not to read from there: ${found.join('; ')}. nginx was not asked to read them.`,
    remedy: `Find out who wrote that (ls -l --time-style=full-iso ${CONFIG}), and treat the site as broken into if it was not you. Take it out of the file, or move what you need to a file of root's in /etc/nginx/conf.d, then run again.`,
  };
}
