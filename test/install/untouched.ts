import { expect } from 'vitest';
import { stringify } from 'yaml';
import { type AnswersOptions, makeAnswers } from '../rehearsal/answers.ts';
import type { ExecOptions } from '../rehearsal/guest.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { oneLine, shell } from './operator.ts';

/** How a run of the product ended: its exit code, and all that it said, as one line. */
export interface Verdict {
  readonly code: number;
  readonly said: string;
}

export interface Circumstances extends AnswersOptions {
  /** The answers file itself, in place of one made from the other options. */
  readonly yaml?: string;
  /** Options of the command line besides the usual ones. */
  readonly flags?: readonly string[];
  readonly exec?: ExecOptions;
}

/** Runs the product with an answers file on standard input. */
export async function attempt(host: Rehearsal, given: Circumstances = {}): Promise<Verdict> {
  const { yaml, flags = [], exec, ...options } = given;
  const input = yaml ?? stringify((await makeAnswers(host, options)).answers);
  const argv = ['studio-setup', 'run', '--answers', '-', '--yes', ...flags];
  const { code, stdout, stderr } = await host.exec(argv, { ...exec, input });
  return { code, said: oneLine(`${stdout}\n${stderr}`) };
}

/** The same of a run that has to be refused: nothing on the host may differ afterwards, and no service be restarted. */
export async function refused(host: Rehearsal, given: Circumstances = {}): Promise<Verdict> {
  const before = await state(host);
  const verdict = await attempt(host, given);
  const after = await state(host);
  const added = [...after].filter((line) => !before.has(line));
  const gone = [...before].filter((line) => !after.has(line));
  expect({ added, gone }, verdict.said).toEqual({ added: [], gone: [] });
  return verdict;
}

/** Where services write at any time by themselves; and the product's lock stands in a folder of /run. */
const restless = [
  '/run',
  '/var/log/journal',
  '/var/log/nginx',
  '/var/log/postgresql',
  '/var/lib/systemd',
  '/var/lib/postgresql',
  '/var/www/data.ms',
];

/** Every file with its times, sizes and rights, and every service with the number of its start. */
async function state(host: Rehearsal): Promise<ReadonlySet<string>> {
  const prune = restless.map((path) => `-path ${path}`).join(' -o ');
  const files = `find / -xdev \\( ${prune} \\) -prune -o -printf '%p %y %m %U:%G %s %T@ %l\\n'`;
  const services = `systemctl show --type=service,timer --state=active --property=Id,InvocationID '*' | paste - - -`;
  return new Set((await shell(host, `${files}; ${services}`)).split('\n'));
}
