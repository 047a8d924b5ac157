import { template } from '../../templates/index.ts';
import { fill } from '../configs/fill.ts';
import { ACME_WEBROOT } from '../site/layout.ts';

/** Python that stands in an exported script: what shell can't do with confidence. Named as the script calls it. */
export const PROGRAMS = ['settings', 'vhost', 'search_keys', 'verifier'] as const;
export type ProgramName = (typeof PROGRAMS)[number];

/**
 * @param names the site's own, its domain first; checked by the caller's `ownNames`
 * @returns the program's source
 */
export function programSource(name: ProgramName, names: readonly string[]): string {
  const source = template(`script/${name}.py`);
  if (name !== 'vhost') return source;
  const site = fill(template('snippets/http.conf'), { names: names.join(' '), webroot: ACME_WEBROOT });
  return source.replace('@http_site@', () => site);
}
