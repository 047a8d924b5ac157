import type { Host } from '../host/host.ts';
import { Secret } from '../output/secret.ts';
import type { SettingPath, SettingsFile } from '../python/settings-file.ts';
import { installedSettings } from './installed-settings.ts';
import { valueAt } from './integrations.ts';

/**
 * @param file the settings in force, if there are any
 * @returns the text at a path, `undefined` for none, for an empty one, and for a CHANGE_ME that nobody has replaced
 */
export function filledIn(file: SettingsFile | undefined, path: SettingPath): string | undefined {
  const value = file && valueAt(file, path);
  return typeof value === 'string' && value !== '' && !/CHANGE[_-]ME/.test(value) ? value : undefined;
}

/** @returns Django's SECRET_KEY, as this host's settings.py has it */
export async function currentSecretKey(host: Host): Promise<Secret | undefined> {
  const value = filledIn(await installedSettings(host), ['SECRET_KEY']);
  return value === undefined ? undefined : new Secret(value);
}

/** @param key of DATABASES, `HOST` @returns its value; the port may stand there as a number */
export async function databaseSetting(host: Host, key: string): Promise<string | undefined> {
  const file = await installedSettings(host);
  const value = file && valueAt(file, ['DATABASES', 'default', key]);
  return typeof value === 'number' ? String(value) : filledIn(file, ['DATABASES', 'default', key]);
}
