import type { Host } from '../host/host.ts';
import { CHECKOUT, SITE_USER } from './layout.ts';

/** The site's addresses, as `ROOT_URLCONF` of the repository's settings names them. */
const URLS = `${CHECKOUT}/studio/urls.py`;

/**
 * @returns where the site takes the webhooks of mail services, without slashes at its ends, as its urls.py includes anymail's;
 *   `undefined` where it does in no way that is known here. The site's own account writes that file: only a path is taken of it.
 */
export async function anymailPrefix(host: Host): Promise<string | undefined> {
  const text = await host.read(URLS, { as: SITE_USER });
  const [, prefix] =
    /\bpath\(\s*r?['"]([\w/-]+)['"]\s*,\s*include\(\s*['"]anymail\.urls['"]/.exec(text ?? '') ?? [];
  return prefix?.replace(/^\/|\/$/g, '');
}
