import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import type { SettingPath } from '../python/settings-file.ts';
import { site } from './django.ts';
import { SETTINGS } from './layout.ts';

/** What the site works with, as Django has it after settings.py has run. */
export interface SettingsInForce {
  readonly secretKey: string;
  readonly allowedHosts: readonly string[];
  /** Keys of DATABASES['default'] in force, as text. */
  readonly database: Readonly<Record<string, string>>;
}

const PROBE = `
from django.conf import settings
default = settings.DATABASES['default']
answer({
    'secretKey': str(settings.SECRET_KEY),
    'allowedHosts': [str(name) for name in settings.ALLOWED_HOSTS],
    'database': {key: str(default.get(key) or '') for key in ('NAME', 'USER', 'PASSWORD', 'HOST', 'PORT')},
})
`;

/**
 * Asks Django for what settings.py computes (\`os.environ[…]\`, \`update()\`, an import): as www-data, under the unit's
 * environment, so that it is what the site really has. Holds secrets: what takes one makes a \`Secret\` of it.
 * @param path the setting that it is asked for, and \`where\` it stands, for the message
 * @throws ProblemError when Django can't be asked: a default must not take the place of what is not known
 */
export async function settingsInForce(
  host: Host,
  path: SettingPath,
  where: string,
): Promise<SettingsInForce> {
  const answer = await host.once('settings-in-force', () => site<SettingsInForce>(host, PROBE));
  if (!('wrong' in answer)) return answer;
  throw new ProblemError({
    what: `${path.join('.')} in ${SETTINGS} is not a plain value (${where}), and Django could not be asked for it: ${answer.wrong}`,
    remedy:
      'Fix the error that Django gave (as www-data, with the variables of studio.service), or write that setting as one plain assignment. Then run again. Nothing was changed.',
  });
}
