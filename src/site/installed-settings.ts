import type { Host } from '../host/host.ts';
import { parsedSettings, type SettingsFile } from '../python/settings-file.ts';
import { SETTINGS, SETTINGS_COMMON, SETTINGS_EXAMPLE, SITE_USER } from './layout.ts';

/** @returns the text of a settings file as www-data reads it, `undefined` when there is none. */
export function settingsSource(host: Host, path: string): Promise<string | undefined> {
  return host.once(`text:${path}`, () => host.read(path, { as: SITE_USER }));
}

/** @returns the settings in force on this server, `undefined` when there are none or they can't be read as Python. */
export function installedSettings(host: Host): Promise<SettingsFile | undefined> {
  return parsedOnce(host, SETTINGS);
}

/** @returns the checkout's example, to tell what an operator changed from what was never touched. */
export function exampleSettings(host: Host): Promise<SettingsFile | undefined> {
  return parsedOnce(host, SETTINGS_EXAMPLE);
}

/** @returns what tells which settings this version of the site has, beside the ones that are installed. */
export async function settingsOfVersion(host: Host): Promise<readonly SettingsFile[]> {
  const files = [await exampleSettings(host), await parsedOnce(host, SETTINGS_COMMON)];
  return files.filter((file) => file !== undefined);
}

/** Some forty questions look into the file: to read it as Python for each of them took longer than all else. */
function parsedOnce(host: Host, path: string): Promise<SettingsFile | undefined> {
  return host.once(`parsed:${path}`, async () => {
    const source = await settingsSource(host, path);
    return source === undefined ? undefined : parsedSettings(source);
  });
}
