import { template } from '../../../templates/index.ts';
import type { Host } from '../../host/host.ts';
import { ProblemError } from '../../output/problem.ts';
import { site } from '../../site/django.ts';
import type { Writes } from './state.ts';

/** What the database says of itself, by its own record. */
export interface DatabaseState {
  readonly bytes: number;
  /** `films.0001_initial` of each migration that it has. */
  readonly applied: readonly string[];
  readonly writes: Writes;
}

/** @throws ProblemError when the site can't ask its database */
export async function databaseState(host: Host): Promise<DatabaseState> {
  const state = await site<DatabaseState>(host, template('python/database_state.py'));
  if ('wrong' in state)
    throw new ProblemError({
      what: `The site can't be asked about its database: ${state.wrong}`,
      remedy: 'See what is wrong with it first: studio-setup doctor',
    });
  return state;
}
