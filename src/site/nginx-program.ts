import type { Host, LiveHost, ProgramResult, RunOptions } from '../host/host.ts';
import { foreignNginx, refuseForeignNginx } from './nginx-trust.ts';

/*
 * `nginx -t` and `nginx -T` do as root what the files say, and some of them are www-data's. Nothing else in the product calls
 * nginx: test/site/nginx-program.test.ts holds that.
 */

/** Asks nginx about its configuration. @throws ProblemError instead, where www-data wrote something for root into it */
export async function askNginx(
  host: Host,
  about: '-t' | '-T',
  options: RunOptions = {},
): Promise<ProgramResult> {
  await refuseForeignNginx(host);
  return host.query(['nginx', about], options);
}

/** The same for those who can do without. @returns `undefined` where www-data wrote something for root into it */
export async function askNginxIfSafe(
  host: Host,
  about: '-t' | '-T',
  options: RunOptions = {},
): Promise<ProgramResult | undefined> {
  return (await foreignNginx(host)).length > 0 ? undefined : host.query(['nginx', about], options);
}

/**
 * Lets nginx test its configuration before it is to load it.
 * @throws ProblemError when it refuses it, or when www-data wrote something for root into it
 */
export async function testNginx(live: LiveHost, explain?: RunOptions['explain']): Promise<void> {
  await refuseForeignNginx(live);
  await live.run(['nginx', '-t'], explain === undefined ? {} : { explain });
}
