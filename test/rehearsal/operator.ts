import { answersFile } from './answers.ts';
import type { Finished } from './process.ts';
import type { Proof } from './proof.ts';
import type { Rehearsal } from './rehearsal.ts';

/** One start of the product on the host, ended. */
export interface Ran extends Finished {
  readonly seconds: number;
}

/** One record of `--json`. */
export type Record = { readonly type: string } & { readonly [field: string]: unknown };

/** An operator who gives the product an answers file and then leaves it alone. */
export class Operator {
  /** Everything that the product showed so far. */
  readonly transcripts: Ran[] = [];
  readonly #host: Rehearsal;

  /** @param before what the product showed on this host already */
  constructor(host: Rehearsal, before: readonly Ran[] = []) {
    this.#host = host;
    this.transcripts.push(...before);
  }

  /** Starts the product, and waits for its end. */
  async start(...args: readonly string[]): Promise<Ran> {
    const started = performance.now();
    const argv = ['studio-setup', ...args, '--answers', answersFile, '--yes'];
    const finished = await this.#host.exec(argv);
    const ran = { ...finished, seconds: (performance.now() - started) / 1000 };
    this.transcripts.push(ran);
    return ran;
  }

  /** @throws {Error} unless the plan lists changes for a `bare` host, and none for one that is up to date */
  async plan(host: 'bare' | 'up to date'): Promise<string> {
    const ran = await this.start('plan', '--json');
    expectExit(ran, host === 'bare' ? 3 : 0);
    const { changes, later } = last(ran, 'plan-finished');
    const listed = Number(changes) + Number(later);
    if ((listed === 0) === (host === 'bare')) throw new Error(`It lists ${listed} changes.`);
    return `${listed} changes, exit code ${ran.code}, in ${ran.seconds.toFixed(1)} s`;
  }

  /** @throws {Error} unless the run brings everything to what is wanted */
  async run(): Promise<string> {
    const ran = await this.start('run', '--json');
    expectExit(ran, 0);
    return `${last(ran, 'run-finished').changed} changes in ${ran.seconds.toFixed(1)} s`;
  }

  /** @throws {Error} when the run changes or restarts anything, whatever it says of it */
  async runAgain(proof: Proof): Promise<string> {
    const before = await proof.starts();
    const ran = await this.start('run', '--json');
    expectExit(ran, 0);
    const changes = records(ran).filter(({ type }) => type === 'change');
    if (changes.length > 0)
      throw new Error(
        changes.map(({ operation, summary }) => `It changed ${operation}: ${summary}`).join('\n'),
      );
    const { changed, restarts } = last(ran, 'run-finished');
    if (changed !== 0 || !Array.isArray(restarts) || restarts.length > 0)
      throw new Error(`It counts ${changed} changes, and as restarted ${restarts}.`);
    if ((await proof.starts()) !== before)
      throw new Error('It says that it restarted nothing, and a service was.');
    return `0 changes, 0 restarts, in ${ran.seconds.toFixed(1)} s`;
  }

  /** @throws {Error} unless every check is well */
  async doctor(): Promise<string> {
    const ran = await this.start('doctor', '--json');
    expectExit(ran, 0);
    return `${last(ran, 'doctor-finished').checks} checks, exit code 0, in ${ran.seconds.toFixed(1)} s`;
  }
}

export function records({ stdout }: Finished): readonly Record[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record);
}

function last(ran: Ran, type: string): Record {
  const found = records(ran).findLast((record) => record.type === type);
  if (found === undefined) throw new Error(`It printed no ${type} record.`);
  return found;
}

/** @throws {Error} with what the product named as wrong, when it ended with another exit code */
export function expectExit(ran: Ran, wanted: number): void {
  if (ran.code === wanted) return;
  const problems = records(ran).flatMap((record) => {
    const problem =
      (record.type === 'check' && record.ok === false) || record.type === 'problem' ? record : record.problem;
    return problem === undefined ? [] : [JSON.stringify(problem)];
  });
  throw new Error([`Exit code ${ran.code}, not ${wanted}.`, ...problems, ran.stderr.trim()].join('\n'));
}
