import { template } from '../../templates/index.ts';
import type { LiveHost } from '../host/host.ts';
import { inSite, manage, unitEnvironment } from '../site/django.ts';
import { CHECKOUT, SITE_USER } from '../site/layout.ts';

/**
 * Runs one of the site's management commands, as the services would: as www-data, under the unit's environment. It may be started a
 * second time.
 * @param args `migrate --no-input`, say
 * @throws ProblemError with its last lines
 */
export async function runManage(live: LiveHost, ...args: readonly string[]): Promise<void> {
  await live.run(manage(...args), {
    as: SITE_USER,
    cwd: CHECKOUT,
    env: await unitEnvironment(live),
    prepared: inSite(`${template('python/manage.py')}manage(${JSON.stringify(args)})\n`),
  });
}
