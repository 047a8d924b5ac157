import { template } from '../../templates/index.ts';
import type { Answers } from '../answers/answers.ts';
import { fill } from '../configs/fill.ts';
import { NGINX_RULES } from '../configs/nginx/trust.ts';
import { UNIT_RULES } from '../configs/unit-trust.ts';
import { siteProgram } from '../site/django.ts';
import { ACME_WEBROOT } from '../site/layout.ts';
import { namesOf } from '../site/names.ts';

/** What the site's own Django runs, and the names of the values that it reads, each ended by a NUL. */
const IN_DJANGO = {
  site_record: ['domain'],
  first_admin: ['username', 'email', 'password'],
} as const;
export type DjangoProgram = keyof typeof IN_DJANGO;

/** Python that stands in an exported script: what shell can't do with confidence. Named as the script calls it. */
export const PROGRAMS = [
  'settings',
  'judge',
  'certificate',
  'vhost',
  'addresses',
  'served',
  'search_keys',
  'verifier',
  'site_record',
  'first_admin',
] as const;
export type ProgramName = (typeof PROGRAMS)[number];

/**
 * @param answers those of the site's own names where the program needs them
 * @returns the program's source
 */
export function programSource(name: ProgramName, answers: Answers): string {
  if (name === 'site_record' || name === 'first_admin') return djangoProgram(name);
  const source = template(`script/${name}.py`);
  if (name === 'judge') return source.replace('@rules@', () => RULES);
  if (name !== 'vhost') return source;
  const site = fill(template('snippets/http.conf'), {
    names: namesOf(answers).join(' '),
    webroot: ACME_WEBROOT,
  });
  return source.replace('@http_site@', () => site);
}

/** A line each, as far as they go: a script is read. */
const RULES = JSON.stringify({ unit: UNIT_RULES, nginx: NGINX_RULES }, undefined, 1);

/** As a run has it carried out, but for the way in which the values come. */
function djangoProgram(name: DjangoProgram): string {
  const names = IN_DJANGO[name].map((each) => `'${each}', `).join('');
  const values = `values = dict(zip((${names.trimEnd()}), sys.stdin.buffer.read().decode().split('\\0')))`;
  return siteProgram(`${values}\n${template(`python/${name}.py`)}`);
}
