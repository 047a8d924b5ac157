import type { MeilisearchVersion } from './meilisearch/release.ts';
import { Operator } from './operator.ts';
import { Proof } from './proof.ts';
import type { Release } from './recipe.ts';
import type { Rehearsal } from './rehearsal.ts';
import { Scorecard } from './report.ts';

/**
 * Installs the site without asking, and proves on the way what the product promises; prints a scorecard.
 * @returns whether everything holds
 */
export async function unattended(
  host: Rehearsal,
  { meilisearch, release }: { meilisearch: MeilisearchVersion; release: Release },
): Promise<boolean> {
  console.log(`\nA rehearsal on Debian ${release} with Meilisearch ${meilisearch}, unattended\n`);
  const proof = new Proof(host, 'studio.example.org', meilisearch);
  const operator = new Operator(host);
  const card = new Scorecard(console.log);
  const site = async () => {
    await card.line('HTTPS by name', () => proof.https(['studio.example.org', 'www.studio.example.org']));
    await card.line('A page from the database', () => proof.databasePage());
    await card.line('A search through /s/', () => proof.search());
    await card.line('Services active', () => proof.services());
  };

  await card.line('The plan on the bare host', () => operator.plan('bare'));
  if (!(await card.line('The run', () => operator.run()))) {
    card.without('All else', 'because the run failed.');
    return card.end();
  }
  await site();
  await card.line('The plan afterwards', () => operator.plan('up to date'));
  await card.line('A second run', () => operator.runAgain(proof));
  await card.line('The doctor', () => operator.doctor());
  await card.line('A forced renewal reaches nginx', () => proof.renewal());
  await card.line('A reboot', async () => {
    await host.reboot();
    return 'the host is up again';
  });
  await card.line('Timers active after the reboot', () => proof.timers());
  await site();
  await card.line('A run after the reboot', () => operator.runAgain(proof));
  return card.end();
}
