import type { NotYet, Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { CannotManage, SettingsSyntaxError } from '../python/errors.ts';
import { parseSettings, type SettingsFile } from '../python/settings-file.ts';
import { settingsSource } from '../site/installed-settings.ts';
import { SETTINGS, SETTINGS_EXAMPLE, SITE_USER } from '../site/layout.ts';
import { diffOf } from './diff.ts';
import { noLink } from './no-link.ts';

/** What may be read of www-data's settings by others: nothing; they hold every secret of the site. */
const MODE = 0o640;

export interface ManagedSettings
  extends Pick<Operation, 'id' | 'title' | 'after' | 'covers' | 'departure' | 'script'> {
  /** @returns the file with the wanted assignments; everything else as it was. */
  readonly edit: (file: SettingsFile, host: Host) => Promise<SettingsFile | NotYet>;
  readonly shell: readonly string[];
}

/** Named assignments in the site's settings.py, which begins as a copy of settings.example.py. */
export function settings(wanted: ManagedSettings): Operation {
  return {
    id: wanted.id,
    title: wanted.title,
    ...(wanted.after ? { after: wanted.after } : {}),
    ...(wanted.covers ? { covers: wanted.covers } : {}),
    ...(wanted.departure ? { departure: wanted.departure } : {}),
    ...(wanted.script ? { script: wanted.script } : {}),
    async observe(host) {
      const status = await noLink(host, SETTINGS, 'file');
      const before = await settingsSource(host, SETTINGS);
      const source = before ?? (await settingsSource(host, SETTINGS_EXAMPLE));
      if (source === undefined)
        return { later: 'needs the checkout', summary: wanted.title, shell: wanted.shell };
      const file = await edited(before === undefined ? SETTINGS_EXAMPLE : SETTINGS, source, (parsed) =>
        wanted.edit(parsed, host),
      );
      if ('later' in file) return { later: file.later, summary: wanted.title, shell: wanted.shell };
      const exposed = status !== undefined && (status.mode & 0o007) !== 0;
      if (before === file.source && !exposed) return undefined;
      return {
        kind: before === undefined ? 'create' : 'update',
        summary:
          before === file.source
            ? `${SETTINGS} (mode ${status?.mode.toString(8)} → ${MODE.toString(8)})`
            : `${SETTINGS}: ${wanted.title}`,
        ...(before === file.source ? {} : { diff: diffOf(SETTINGS, source, file.source, 0) }),
        shell: before === undefined ? [`cp ${SETTINGS_EXAMPLE} ${SETTINGS}`, ...wanted.shell] : wanted.shell,
        ...(before === file.source ? {} : { touches: [SETTINGS] }),
        async apply(live) {
          if (before === file.source) await live.setMode(SETTINGS, MODE, { as: SITE_USER });
          else await live.write(SETTINGS, file.source, { as: SITE_USER, mode: MODE, secret: true });
        },
      };
    },
  };
}

async function edited<Result>(
  path: string,
  source: string,
  edit: (file: SettingsFile) => Promise<Result>,
): Promise<Result> {
  try {
    return await edit(parseSettings(source));
  } catch (error) {
    if (error instanceof SettingsSyntaxError) {
      throw new ProblemError({
        what: `${path} is not valid Python: line ${error.line}, column ${error.column}.`,
        remedy: `Fix that line as www-data (sudo -Hu www-data editor ${path}), then run again. Nothing was written.`,
        detail: [error.excerpt],
      });
    }
    if (error instanceof CannotManage) {
      throw new ProblemError({
        what: `${path}: ${error.message}`,
        remedy: `Write that setting as one plain assignment (sudo -Hu www-data editor ${path}), then run again. Nothing was written.`,
      });
    }
    throw error;
  }
}
