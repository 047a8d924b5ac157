import type { DjangoProgram } from './programs.ts';
import { fields } from './words.ts';

/**
 * @param program its name among those of an exported script
 * @param values words of bash, quoted already; standard input: argv and environment can be seen by others
 * @returns the bash that has the site's own Django change something in its database
 */
export function inDjangoScript(program: DjangoProgram, values: readonly string[]): readonly string[] {
  return [`${fields(...values)} | in_site -c "$${program}_program"`];
}
