import type { MeilisearchVersion } from './meilisearch/release.ts';
import { Proof, product, type Ran, type Record, records } from './proof.ts';
import { suite } from './recipe.ts';
import type { Rehearsal } from './rehearsal.ts';
import { Scorecard } from './report.ts';

/**
 * Installs the site without asking, and proves on the way what the product promises; prints a scorecard.
 * @returns whether everything holds
 */
export async function unattended(
  host: Rehearsal,
  { meilisearch }: { meilisearch: MeilisearchVersion },
): Promise<boolean> {
  console.log(`\nA rehearsal on Debian ${suite} with Meilisearch ${meilisearch}, unattended\n`);
  const proof = new Proof(host, 'studio.example.org', meilisearch);
  const card = new Scorecard(console.log);
  const site = async () => {
    await card.line('HTTPS by name', () => proof.https(['studio.example.org', 'www.studio.example.org']));
    await card.line('A page from the database', () => proof.databasePage());
    await card.line('A search through /s/', () => proof.search());
    await card.line('Services active', () => proof.services());
  };

  await card.line('The plan on the bare host', () => plan(host, 3));
  if (!(await card.line('The run', () => firstRun(host)))) {
    card.without('All else', 'because the run failed.');
    return card.end();
  }
  await site();
  await card.line('The plan afterwards', () => plan(host, 0));
  await card.line('A second run', () => secondRun(host, proof));
  await card.line('The doctor', () => doctor(host));
  await card.line('A forced renewal reaches nginx', () => proof.renewal());
  await card.line('A reboot', async () => {
    await host.reboot();
    return 'the host is up again';
  });
  await card.line('Timers active after the reboot', () => proof.timers());
  await site();
  await card.line('A run after the reboot', () => secondRun(host, proof));
  return card.end();
}

async function plan(host: Rehearsal, wanted: 0 | 3): Promise<string> {
  const ran = await product(host, 'plan', '--json');
  expectExit(ran, wanted);
  const finished = last(ran, 'plan-finished');
  const changes = Number(finished.changes) + Number(finished.later);
  if ((changes === 0) !== (wanted === 0)) throw new Error(`It lists ${changes} changes.`);
  return `${changes} changes, exit code ${ran.code}, in ${ran.seconds.toFixed(1)} s`;
}

async function firstRun(host: Rehearsal): Promise<string> {
  const ran = await product(host, 'run', '--json');
  expectExit(ran, 0);
  return `${last(ran, 'run-finished').changed} changes in ${ran.seconds.toFixed(0)} s`;
}

async function secondRun(host: Rehearsal, proof: Proof): Promise<string> {
  const before = await proof.starts();
  const ran = await product(host, 'run', '--json');
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

async function doctor(host: Rehearsal): Promise<string> {
  const ran = await product(host, 'doctor', '--json');
  expectExit(ran, 0);
  return `${last(ran, 'doctor-finished').checks} checks, exit code 0, in ${ran.seconds.toFixed(1)} s`;
}

function last(ran: Ran, type: string): Record {
  const found = records(ran).findLast((record) => record.type === type);
  if (found === undefined) throw new Error(`It printed no ${type} record.`);
  return found;
}

function expectExit(ran: Ran, wanted: number): void {
  if (ran.code === wanted) return;
  const problems = records(ran).flatMap((record) => {
    const problem = record.type === 'check' && record.ok === false ? record : record.problem;
    return problem === undefined ? [] : [JSON.stringify(problem)];
  });
  throw new Error([`Exit code ${ran.code}, not ${wanted}.`, ...problems, ran.stderr.trim()].join('\n'));
}
