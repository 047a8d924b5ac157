import { template } from '../../templates/index.ts';
import type { Answers } from '../answers/answers.ts';
import { fill } from '../configs/fill.ts';
import { ACME_WEBROOT } from '../site/layout.ts';
import { namesOf } from '../site/names.ts';

/** Python that stands in an exported script: what shell can't do with confidence. Named as the script calls it. */
export const PROGRAMS = ['settings', 'vhost', 'served', 'search_keys', 'verifier'] as const;
export type ProgramName = (typeof PROGRAMS)[number];

/**
 * @param answers those of the site's own names where the program needs them
 * @returns the program's source
 */
export function programSource(name: ProgramName, answers: Answers): string {
  const source = template(`script/${name}.py`);
  if (name !== 'vhost') return source;
  const site = fill(template('snippets/http.conf'), {
    names: namesOf(answers).join(' '),
    webroot: ACME_WEBROOT,
  });
  return source.replace('@http_site@', () => site);
}
