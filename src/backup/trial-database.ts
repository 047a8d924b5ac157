import { randomBytes } from 'node:crypto';
import type { LiveHost } from '../host/host.ts';
import type { SiteDatabase } from './database.ts';
import { TRIAL_DATABASE } from './places.ts';

const NAME = /^studio_setup_trial_[\da-f]{12}$/;

/**
 * Makes an empty database of the site's role beside the site's own. Its name is kept first: a kill at any moment leaves one that
 * the next backup or trial drops.
 * @returns its name
 */
export async function makeTrialDatabase(
  live: LiveHost,
  database: SiteDatabase,
  encoding: string,
): Promise<string> {
  await dropTrialDatabase(live, database);
  const name = `studio_setup_trial_${randomBytes(6).toString('hex')}`;
  live.remember(TRIAL_DATABASE, name);
  await database.administer(live, [
    ...['createdb', `--owner=${database.owner}`, '--template=template0'],
    // C goes with every encoding; what is compared does not depend on the order of texts.
    ...[`--encoding=${encoding}`, '--locale=C', name],
  ]);
  return name;
}

/** Drops what a trial left, and nothing else: only a name that the product made and kept. */
export async function dropTrialDatabase(live: LiveHost, database: SiteDatabase): Promise<void> {
  const name = live.hint(TRIAL_DATABASE) ?? '';
  if (!NAME.test(name)) return;
  await database.administer(live, ['dropdb', '--if-exists', name], { evenWhenStopped: true });
  live.remember(TRIAL_DATABASE, '');
}
