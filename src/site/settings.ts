import type { Host } from '../host/host.ts';
import { DEFAULT_SOCKETS } from '../host/postgres.ts';
import { Secret } from '../output/secret.ts';
import { placeholderIn } from '../python/placeholders.ts';
import type { SettingPath, SettingsFile } from '../python/settings-file.ts';
import { settingsInForce } from './computed-settings.ts';
import { DEFAULT_PORT } from './database.ts';
import { installedSettings } from './installed-settings.ts';
import { valueAt } from './integrations.ts';
import { standing } from './standing.ts';

/**
 * @param file the settings in force, if there are any
 * @returns the text at a path, `undefined` for none, for an empty one, and for a CHANGE_ME that nobody has replaced
 */
export function filledIn(file: SettingsFile | undefined, path: SettingPath): string | undefined {
  const value = file && valueAt(file, path);
  return typeof value === 'string' && value !== '' && placeholderIn(value) === undefined ? value : undefined;
}

/** @returns Django's SECRET_KEY, as this server's settings.py has it @throws ProblemError when only Django knows, and can't be asked */
export async function currentSecretKey(host: Host): Promise<Secret | undefined> {
  const path = ['SECRET_KEY'];
  const file = await installedSettings(host);
  const stands = standing(file, path);
  const value =
    stands.kind === 'computed'
      ? (await settingsInForce(host, path, stands.where)).secretKey
      : filledIn(file, path);
  return value === undefined || value === '' ? undefined : new Secret(value);
}

/**
 * @param key of DATABASES, `HOST`
 * @returns its value, empty where the settings leave it so; `undefined` where they have no such key, or a CHANGE_ME
 * @throws ProblemError when only Django knows, and can't be asked
 */
async function databaseSetting(host: Host, key: string): Promise<string | undefined> {
  const path = ['DATABASES', 'default', key];
  const file = await installedSettings(host);
  const stands = standing(file, path);
  if (stands.kind === 'computed')
    return (await settingsInForce(host, path, stands.where)).database[key] ?? '';
  const value = stands.kind === 'literal' ? stands.value : undefined;
  if (typeof value === 'number') return String(value);
  return value === '' || value === null ? '' : filledIn(file, path);
}

/** The site's database as settings.py names it; a part is `undefined` where it names none yet. */
export interface DatabaseInForce {
  readonly host: string | undefined;
  readonly port: string | undefined;
  readonly name: string | undefined;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** The site logs in, and its settings have no password for it. */
  readonly withoutPassword: boolean;
}

/**
 * What is empty in settings that are in use is an answer: Django hands it to libpq, which takes the socket for no host, and 5432
 * for no port. In a copy of the example, whose password is still CHANGE_ME, it is none.
 * @throws ProblemError when only Django knows a part of it, and can't be asked
 */
export async function databaseInForce(host: Host): Promise<DatabaseInForce> {
  const [server, port, name, user, password] = await Promise.all(
    ['HOST', 'PORT', 'NAME', 'USER', 'PASSWORD'].map((key) => databaseSetting(host, key)),
  );
  const placeholder =
    password === undefined &&
    standing(await installedSettings(host), ['DATABASES', 'default', 'PASSWORD']).kind !== 'none';
  const inUse = Boolean(name) && Boolean(user) && !placeholder;
  const unset = (value: string) => (inUse ? value : undefined);
  return {
    host: server || unset(DEFAULT_SOCKETS),
    port: port || unset(DEFAULT_PORT),
    name: name || undefined,
    user: user || undefined,
    password: password || undefined,
    withoutPassword: inUse && !password,
  };
}
