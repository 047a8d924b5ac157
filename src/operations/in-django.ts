import type { Host, LiveHost } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import {
  type DjangoState,
  djangoState,
  inSite,
  siteProgram,
  unitEnvironment,
  withValues,
} from '../site/django.ts';
import { CHECKOUT, SITE_USER, VENV } from '../site/layout.ts';

/** @returns what `judge` says of the site's state, or that it can't be told yet. */
export async function askedOfDjango<Result>(
  host: Host,
  judge: (state: DjangoState) => Result,
  needsDatabase = true,
): Promise<Result | { later: string } | undefined> {
  const state = await djangoState(host);
  if (state === undefined) return { later: 'needs settings.py and the virtualenv' };
  if (state.importError !== undefined) return { later: 'needs a settings.py that imports' };
  if (needsDatabase && state.databaseError !== undefined)
    return { later: `needs the database (${state.databaseError.split('\n')[0]})` };
  return judge(state);
}

/**
 * Has the site's own Django change something in its database.
 * @param body Python, to which `values` is a dict of these values. It may be started a second time, so that must do no harm
 * @throws ProblemError with what Python said last
 */
export async function inDjango(
  live: LiveHost,
  body: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const program = siteProgram(withValues(values, body));
  const result = await live.run([`${VENV}/bin/python`, '-'], {
    as: SITE_USER,
    cwd: CHECKOUT,
    env: await unitEnvironment(live),
    input: program,
    prepared: inSite(program),
    accept: [0, 1],
    quiet: true,
  });
  if (result.code === 0) return;
  throw new ProblemError({
    what: `The site's database did not take the change: ${result.stderr.trim().split('\n').at(-1) ?? ''}`,
    remedy: 'Fix the cause, then run again.',
  });
}
