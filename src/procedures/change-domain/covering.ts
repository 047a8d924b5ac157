import type { SettingsFile } from '../../python/settings-file.ts';
import { covers } from '../../site/covers.ts';
import { valueAt } from '../../site/integrations.ts';
import type { SiteNames } from '../../site/vhost.ts';
import { ownNames } from './names.ts';

/** Settings by which browsers send a cookie to more names than one: with one of another domain nobody can log in. */
const COOKIES = ['SESSION_COOKIE_DOMAIN', 'CSRF_COOKIE_DOMAIN', 'LANGUAGE_COOKIE_DOMAIN'];

const ORIGINS = 'CSRF_TRUSTED_ORIGINS';

type Value = string | null | readonly string[];

/** A setting that covers the old names without spelling them, before and after the change. */
export interface Covering {
  readonly name: string;
  readonly before: Value;
  readonly after: Value;
}

/** @returns settings that cover a name of `from` by a domain above it, and no longer would the names of `to` */
export function coveringSettings(file: SettingsFile, to: SiteNames, from: SiteNames): readonly Covering[] {
  const names = ownNames(to);
  const cookies = COOKIES.flatMap((name): Covering[] => {
    const before = valueAt(file, [name]);
    if (typeof before !== 'string' || before === '') return [];
    // A browser takes a domain without its first dot as one with it (RFC 6265, 5.2.3).
    const domain = `.${before.replace(/^\./, '')}`;
    if (!covers(domain, from.domain) || names.every((each) => covers(domain, each))) return [];
    const wider = `.${to.domain}`;
    // Without a domain each name has a cookie of its own.
    return [{ name, before, after: names.every((each) => covers(wider, each)) ? wider : null }];
  });
  const origins = valueAt(file, [ORIGINS]);
  if (!Array.isArray(origins) || !origins.every((each): each is string => typeof each === 'string'))
    return cookies;
  const [of] = origins.filter((each) => originCovers(each, from.domain));
  const lacking = names.filter((name) => !origins.some((each) => originCovers(each, name)));
  if (of === undefined || lacking.length === 0) return cookies;
  // From Django 4.0 on with the scheme, before without it.
  const scheme = /^https?:\/\//.exec(of)?.[0] ?? '';
  const after = [...lacking.map((name) => `${scheme}${name}`), ...origins];
  return [...cookies, { name: ORIGINS, before: origins, after }];
}

function originCovers(origin: string, name: string): boolean {
  return covers(origin.replace(/^https?:\/\//, '').replace(/^\*(?=\.)/, ''), name);
}

/** @returns the file with these settings as they are to be `before` or `after` the change; all else stays */
export function withCovering(
  file: SettingsFile,
  settings: readonly Covering[],
  side: 'before' | 'after',
): SettingsFile {
  return settings.reduce(
    (edited, setting) =>
      valueAt(edited, [setting.name]) === undefined ? edited : edited.set([setting.name], setting[side]),
    file,
  );
}
