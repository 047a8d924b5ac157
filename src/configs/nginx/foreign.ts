import { parseDomain } from '../domain.ts';
import { testedHosts } from './host-conditions.ts';
import { type Directive, descendants, parseNginx } from './tree.ts';

export interface ForeignName {
  readonly name: string;
  /** Line of the directive, from 1. */
  readonly line: number;
}

const LINEAGE = /\/etc\/letsencrypt\/live\/([^/]+)\//g;
const BLENDER = /(?:[a-z0-9-]+\\?\.)*blender\\?\.(?:org|studio|cloud)(?![a-z0-9-]|\\?\.[a-z0-9])/gi;

/**
 * Host names in a config that are not the operator's: in `server_name`, in a test of `$host`, in the path of a
 * certificate, and names of Blender's own hosts in any directive. Comments do not count.
 * @param ownNames the operator's names, as `parseDomain` gives them.
 * @returns each name once per line, in the order of the source.
 * @throws {NginxSyntaxError} for a config that can not be read.
 */
export function foreignNames(source: string, ownNames: readonly string[]): ForeignName[] {
  const own = new Set(ownNames.map((name) => name.toLowerCase()));
  return [...descendants(parseNginx(source))].flatMap((directive) =>
    [...new Set(namesIn(source, directive))]
      .filter((name) => !isOwn(name, own))
      .map((name) => ({ name, line: directive.line })),
  );
}

function namesIn(source: string, directive: Directive): string[] {
  const { name } = directive;
  const words = directive.words.map(({ text }) => text);
  const everywhere = words.flatMap((word) => matches(word, BLENDER));
  if (name === 'server_name')
    return [...words.slice(1).filter((word) => word !== '_' && word !== ''), ...everywhere];
  if (name.startsWith('ssl_'))
    return words.flatMap((word) => [...word.matchAll(LINEAGE)].map(([, lineage = '']) => lineage));
  return [...testedHosts(source, directive), ...everywhere];
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([match]) => match.replaceAll('\\', '').toLowerCase());
}

function isOwn(name: string, own: ReadonlySet<string>): boolean {
  const parsed = parseDomain(name);
  // certbot calls a second certificate for a name NAME-0001.
  return own.has(parsed.ok ? parsed.domain : name) || own.has(name.replace(/-\d{4}$/, ''));
}
