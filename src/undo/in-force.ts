import { isUtf8 } from 'node:buffer';
import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { procedures } from '../procedures/index.ts';
import { withMasterKey } from '../procedures/master-key.ts';
import { parsedSettings, type SettingPath, type SettingsFile } from '../python/settings-file.ts';
import { isList } from '../python/value.ts';
import { installedSettings } from '../site/installed-settings.ts';
import { valueAt } from '../site/integrations.ts';
import { SETTINGS } from '../site/layout.ts';
import { currentMasterKey } from '../site/meilisearch.ts';
import type { RunRecord } from './runs.ts';

/**
 * @param then bytes of a file as it was before the run
 * @returns them with the secrets of today, the same bytes when no secret in them was rotated since
 * @throws ProblemError when that can't be told
 */
export type Renewed = (host: Host, file: string, then: Uint8Array) => Promise<Uint8Array>;

const DATABASE = ['DATABASES', 'default'];
/** Where the password of the database is one: another role, or another server, has another. */
const SAME_ROLE = ['HOST', 'PORT', 'USER'].map((key) => [...DATABASE, key]);

/**
 * A secret that was rotated after a run is refused by now, or was to be worth nothing: with it an older file would take the
 * site down, or give it back to whom it was rotated for. So the file goes back with the one that is in force.
 * @param later the runs in effect after the one that is taken back
 */
export function renewedSecrets(later: readonly RunRecord[]): Renewed {
  const commands = later.filter(({ procedure }) => procedure).map(({ command }) => `${command} `);
  const rotated = procedures.flatMap(({ id, rotates }) =>
    rotates && commands.some((command) => command.startsWith(`${id} `)) ? rotates : [],
  );
  const paths = rotated.flatMap(({ settings }) => settings);
  return async (host, file, then) => {
    if (file === SETTINGS && paths.length > 0) return settingsOf(host, then, paths);
    const key = rotated.some(({ masterKey }) => masterKey) ? await currentMasterKey(host) : undefined;
    return key === undefined ? then : bytesOf(withMasterKey(file, textOf(then), key));
  };
}

async function settingsOf(host: Host, then: Uint8Array, paths: readonly SettingPath[]): Promise<Uint8Array> {
  if ((await host.status(SETTINGS)) === undefined) return then;
  const now = await installedSettings(host);
  const before = isUtf8(then) ? parsedSettings(Buffer.from(then).toString('utf8')) : undefined;
  if (now === undefined || before === undefined) throw untold(now === undefined);
  const wanted = paths.reduce((file, path) => withValue(file, now, path), before);
  return wanted === before ? then : Buffer.from(wanted.source, 'utf8');
}

/** Only what stands there as a plain text: from elsewhere, the environment say, it comes as it does now. */
function withValue(file: SettingsFile, now: SettingsFile, path: SettingPath): SettingsFile {
  const value = valueAt(now, path);
  if (isList(value ?? '')) return file.set(path, value ?? []);
  if (typeof value !== 'string' || typeof valueAt(file, path) !== 'string') return file;
  const isPassword = path[0] === DATABASE[0];
  const other = SAME_ROLE.some((each) => String(valueAt(file, each)) !== String(valueAt(now, each)));
  return isPassword && other ? file : file.set(path, value);
}

function untold(now: boolean): ProblemError {
  return new ProblemError({
    what: `${SETTINGS} would be put back with secrets that were rotated since. They can't be replaced in it: ${now ? 'the current file' : 'the file of that time'} is not valid Python.`,
    remedy: now
      ? `Fix its syntax (sudo -Hu www-data editor ${SETTINGS}), then undo again.`
      : 'That run can no longer be undone. Change by hand what you want as before. All other runs: studio-setup undo --list',
  });
}

/** Byte for byte: a unit, or whatever else root wrote, need not be UTF-8. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
