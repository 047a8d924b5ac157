import path from 'node:path';
import { globPattern } from '../configs/nginx/in-force.ts';
import { nginxDoubts } from '../configs/nginx/trust.ts';
import type { FileStatus, Host } from '../host/host.ts';
import { distrust } from '../host/trusted-path.ts';
import { ProblemError } from '../output/problem.ts';
import { CONFIG, NGINX_COMMON, NGINX_SITE, SITE_USER } from './layout.ts';

/** Where nginx begins, and what it would read whether or not an include of it was understood. */
const BEGIN = [
  '/etc/nginx/nginx.conf',
  '/etc/nginx/sites-enabled/*',
  '/etc/nginx/conf.d/*',
  NGINX_SITE,
  NGINX_COMMON,
  `${CONFIG}/uwsgi_params`,
];

/**
 * The document gives nginx's files to www-data, and root's nginx reads them: at every start and reload, and for `nginx -t`
 * and `nginx -T`, which open the logs that they name, as root. What they would have root do is looked at before the product
 * has nginx read them. www-data may change them after this look: that is the document's, see docs/security.md.
 * @returns what they have root's nginx do beyond the document, e.g. `/var/www/config/nginx_studio.conf: load_module x.so`
 */
export async function foreignNginx(host: Host): Promise<readonly string[]> {
  const files = await filesOfSite(host);
  return [...files].flatMap(([file, doubts]) => doubts.map((each) => `${file}: ${each}`));
}

/** @throws ProblemError before root's nginx would do what another account wrote into its files */
export async function refuseForeignNginx(host: Host): Promise<void> {
  const found = await foreignNginx(host);
  if (found.length > 0) throw new ProblemError(nginxProblem(found));
}

/** @returns the same in words */
export function nginxProblem(found: readonly string[]): { readonly what: string; readonly remedy: string } {
  return {
    what: `${SITE_USER} can write these nginx files, and they have directives that nginx, started by root, must not read from there: ${found.join('; ')}. nginx was not told to read them.`,
    remedy: `Find out who wrote that (ls -l --time-style=full-iso ${CONFIG}). If it was not you, treat the site as broken into. Remove these directives, or move them to a file of root's in /etc/nginx/conf.d, then run again.`,
  };
}

/** @returns path → doubts about the files that nginx reads and www-data can write, wherever an include leads */
async function filesOfSite(host: Host): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  const seen = new Set<string>();
  const due = (await Promise.all(BEGIN.map((pattern) => matching(host, pattern)))).flat();
  for (let file = due.shift(); file !== undefined; file = due.shift()) {
    if (seen.has(file)) continue;
    seen.add(file);
    const ofSite = (await distrust(host, file, openToSite)) !== undefined;
    const elsewhere = ofSite ? await distrust(host, file, seenByEachAlone) : undefined;
    if (elsewhere !== undefined) {
      found.set(file, [elsewhere.why]);
      continue;
    }
    const text = ofSite ? await host.read(file, { as: SITE_USER }) : await textOfRoot(host, file);
    if (text === undefined) continue;
    if (ofSite) found.set(file, nginxDoubts(text).byRoot);
    due.push(...(await Promise.all(includesIn(text).map((pattern) => matching(host, pattern)))).flat());
  }
  return found;
}

/** Of a further account's file nothing is read as root: that account is not the site's. In whatever encoding: paths are ASCII. */
async function textOfRoot(host: Host, file: string): Promise<string | undefined> {
  if ((await distrust(host, file)) !== undefined) return undefined;
  const bytes = await host.bytes(file);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('latin1');
}

function openToSite(entry: string, { owner, group, mode }: FileStatus): string | undefined {
  // An access list shows in the bits of root's group (acl(5)).
  const byGroup = [SITE_USER, 'root'].includes(group) && (mode & 0o020) !== 0;
  return owner === SITE_USER || byGroup || (mode & 0o002) !== 0
    ? `${SITE_USER} can write to ${entry}`
    : undefined;
}

/** What a path in there leads to depends on who asks: nginx would find another file than was looked at (proc(5)). */
function seenByEachAlone(entry: string): string | undefined {
  return /^\/(proc|sys|dev)(\/|$)/.test(entry) ? `it leads into ${entry}` : undefined;
}

/** Not by the tree of the file: in one with the code of a module (`content_by_lua_block`) braces need not add up. */
function includesIn(text: string): readonly string[] {
  const includes = text
    .replaceAll(/^\s*#.*$/gm, '')
    .matchAll(/(?:^|[\s;{}])include\s+(?:"([^"]+)"|'([^']+)'|([^\s;"']+))\s*;/g);
  return [...includes].map(([, double, single, plain]) => double ?? single ?? plain ?? '');
}

/** @returns the paths that an include means: a relative one begins at nginx.conf, and a pattern may stand for any part */
async function matching(host: Host, pattern: string): Promise<readonly string[]> {
  let found: readonly string[] = ['/'];
  for (const part of path.resolve('/etc/nginx', pattern).split('/').filter(Boolean)) {
    const glob = globPattern(`/${part}`);
    const inside = (folder: string) =>
      /[*?[]/.test(part)
        ? host.list(folder).then((names) => names.filter((name) => glob.test(`/${name}`)))
        : Promise.resolve([part]);
    found = (
      await Promise.all(
        found.map(async (folder) => (await inside(folder)).map((name) => path.join(folder, name))),
      )
    ).flat();
  }
  return found;
}
