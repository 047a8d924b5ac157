import type { SettingsFile } from '../../python/settings-file.ts';
import type { PythonValue } from '../../python/value.ts';
import { covers } from '../../site/covers.ts';
import { valueAt } from '../../site/integrations.ts';
import type { SiteNames } from '../../site/vhost.ts';
import { ownNames, without } from './names.ts';

const HOSTS = ['ALLOWED_HOSTS'];

/** The site answers to the names of `to` as well; all else stays. */
export function answeringTo(file: SettingsFile, to: SiteNames): SettingsFile {
  const allowed = allowedHosts(file);
  const lacking = ownNames(to).filter((name) => !allowed.some((word) => covers(word, name)));
  return lacking.length === 0 ? file : file.set(HOSTS, [...lacking, ...allowed]);
}

/** The site takes the names of `to` for its own, and those of `from` no more; what was added by hand stays. */
export function knownAs(file: SettingsFile, to: SiteNames, from: SiteNames): SettingsFile {
  const gone = without([...ownNames(from), ...from.formerNames, ...to.formerNames], ownNames(to));
  const edited = answeringTo(file, to);
  const allowed = allowedHosts(edited);
  const kept = without(allowed, gone);
  return calledBack(kept.length === allowed.length ? edited : edited.set(HOSTS, kept), gone, to.domain).set(
    ['MEILISEARCH_API_ADDRESS'],
    `https://${to.domain}/s/`,
  );
}

/** Coconut reports to the site by its name; an address of somebody else's is left alone. */
function calledBack(file: SettingsFile, gone: readonly string[], domain: string): SettingsFile {
  const path = ['COCONUT_DECLARED_HOSTNAME'];
  const value = valueAt(file, path);
  if (typeof value !== 'string') return file;
  const name = /^(?:https?:\/\/)?([^/:]+)/.exec(value)?.[1];
  return name !== undefined && gone.includes(name) ? file.set(path, value.replace(name, domain)) : file;
}

/**
 * @returns the lines, from 1, in which names of `from` stand after the change, or a domain above them, also as a pattern:
 *   nobody but the operator knows whether they should
 */
export function linesLeft(file: SettingsFile, to: SiteNames, from: SiteNames): readonly number[] {
  const gone = without(ownNames(from), ownNames(to));
  const above = gone
    .flatMap(parents)
    .filter((domain) => !ownNames(to).some((name) => name.endsWith(`.${domain}`)));
  return knownAs(file, to, from)
    .source.split(/\r?\n/)
    .flatMap((line, index) =>
      !/^\s*#/.test(line) &&
      (gone.some((name) => names(line, name)) || above.some((name) => covering(line, name)))
        ? [index + 1]
        : [],
    );
}

/** `a.b.example.org`: `b.example.org` and `example.org`; a name of one label covers strangers. */
function parents(name: string): readonly string[] {
  const [, ...rest] = name.split('.');
  return rest.length < 2 ? [] : [rest.join('.'), ...parents(rest.join('.'))];
}

/** In a pattern the dots have backslashes before them; behind a label it is a longer name, and somebody else's. */
function covering(line: string, domain: string): boolean {
  const escaped = domain.split('.').join('\\\\?\\.');
  return new RegExp(`(?:(?<![A-Za-z0-9-])\\\\?\\.|['"/])${escaped}(?![\\w-]|\\.\\w)`, 'i').test(line);
}

function names(line: string, name: string): boolean {
  const escaped = name.split('.').join('\\\\?\\.');
  return new RegExp(`(?<![\\w.-])${escaped}(?![\\w-]|\\.\\w)`, 'i').test(line);
}

function allowedHosts(file: SettingsFile): readonly string[] {
  const value: PythonValue | undefined = valueAt(file, HOSTS);
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}
