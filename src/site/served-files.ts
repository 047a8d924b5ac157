import { locationPaths, type Served } from '../configs/nginx/served.ts';
import { siteServer } from '../configs/nginx/site.ts';
import { NginxSyntaxError, parseNginx } from '../configs/nginx/tree.ts';
import type { Host } from '../host/host.ts';
import { throughLinksOfRoot } from '../host/trusted-path.ts';
import { SETTINGS, WWW } from './layout.ts';

/**
 * @param served what settings.py says: STATIC_URL with STATIC_ROOT, MEDIA_URL with MEDIA_ROOT
 * @param names of the site
 * @param siteFile the site's own file of nginx, as far as it is known
 * @returns those for which the common file needs a location: an address of this very site by its path; none that the site's
 *   own file has already, as nginx takes no second; and no folder that holds the settings
 */
export async function servedHere(
  host: Pick<Host, 'status' | 'warn'>,
  served: readonly Served[],
  names: readonly string[],
  siteFile: unknown,
): Promise<readonly Served[]> {
  // Django says where /var/www really is, when it is a link of root's to another disk.
  const www = await throughLinksOfRoot(host, WWW);
  const elsewhere = typeof siteFile === 'string' ? locationsOf(siteFile) : [];
  return served.flatMap(({ url, root: real }) => {
    const root = `${real}/`.startsWith(`${www}/`) ? `${WWW}${real.slice(www.length)}` : real;
    const path = pathHere(url, names);
    if (path === undefined || elsewhere.includes(path.replace(/\/+$/, ''))) return [];
    if (!SETTINGS.startsWith(`${root.replace(/\/+$/, '')}/`)) return [{ url: path, root }];
    host.warn(
      `settings.py has ${root} for the files at ${url}. nginx must not serve that folder: settings.py itself is in it. Give STATIC_ROOT and MEDIA_ROOT folders of their own, then run again.`,
    );
    return [];
  });
}

/** @returns the path of an address on this site; `undefined` for one of another server (a CDN) */
function pathHere(url: string, names: readonly string[]): string | undefined {
  if (!/^(https?:)?\/\//i.test(url)) return url;
  if (!URL.canParse(url, 'https://x')) return undefined;
  const { hostname, port, pathname } = new URL(url, 'https://x');
  return names.includes(hostname) && port === '' ? pathname : undefined;
}

function locationsOf(source: string): readonly string[] {
  try {
    return locationPaths(siteServer(parseNginx(source))?.block.nodes ?? []);
  } catch (error) {
    // nginx says so itself, with the line.
    if (error instanceof NginxSyntaxError) return [];
    throw error;
  }
}
