import { applyEdits, type Edit } from '../../text/edits.ts';
import { indentation, lineBreak } from '../lines.ts';
import { type Directive, descendants, directives, type NginxNode, parseNginx } from './tree.ts';

/** Files that a web server hands out itself: at which address, and from which folder. */
export interface Served {
  /** As Django has it: `/static/`; another host's address is none of this server's. */
  readonly url: string;
  /** Absolute path of the folder. */
  readonly root: string;
}

/** The site's settings say it, and its account writes them: what could be anything else to nginx is skipped. */
const PLAIN_URL = /^\/[\w~-][\w./~-]*$/;
const PLAIN_FOLDER = /^\/[\w./+-]+$/;

/**
 * Brings the locations of a configuration into agreement with what the site's settings say. The repository's own names stay: a
 * location that serves the folder under another name gets a sibling for the address that the pages name; one for that address
 * that serves another folder gets the right one; without either, a location is added.
 * @param source of a file that is included in a server block
 * @throws {NginxSyntaxError} for a source that nginx would not read either
 */
export function servingFiles(source: string, served: readonly Served[]): string {
  return served.reduce(serving, source);
}

/** @returns the addresses that a configuration has locations for */
export function locationPaths(nodes: readonly NginxNode[]): readonly string[] {
  return [...descendants(nodes)]
    .filter(({ name }) => name === 'location')
    .flatMap((each) => bare(pathOf(each)) ?? []);
}

function serving(source: string, { url, root }: Served): string {
  const [address, folder] = [url.replace(/\/+$/, ''), root.replace(/\/+$/, '')];
  if (!PLAIN_URL.test(address) || !PLAIN_FOLDER.test(folder) || folder.split('/').includes('..'))
    return source;
  const locations = [...descendants(parseNginx(source))].filter(({ name }) => name === 'location');
  const at = locations.find((each) => bare(pathOf(each)) === address);
  if (at !== undefined) return applyEdits(source, withFolder(at, folder));
  const other = locations.find((each) => bare(aliasOf(each)?.text) === folder);
  const edit =
    other === undefined ? added(source, locations, address, folder) : sibling(source, other, address);
  return applyEdits(source, [edit]);
}

/** @returns the address of a location that takes all below it; of an exact one, or one by a pattern, none */
function pathOf({ args }: Directive): string | undefined {
  const [first, second] = args;
  if (first?.text === '^~') return second?.text;
  return args.length === 1 && first?.text.startsWith('/') ? first.text : undefined;
}

function aliasOf({ block }: Directive) {
  return directives(block?.nodes ?? [], 'alias')[0]?.args[0];
}

function bare(path: string | undefined): string | undefined {
  return path?.replace(/\/+$/, '');
}

/** Without an `alias` it is something else, a proxy say: that is the operator's or the repository's affair. */
function withFolder(location: Directive, folder: string): readonly Edit[] {
  const alias = aliasOf(location);
  if (alias === undefined || bare(alias.text) === folder) return [];
  const slash = pathOf(location)?.endsWith('/') ? '/' : '';
  return [{ start: alias.start, end: alias.end, text: `${folder}${slash}` }];
}

/** The same block under the other address: with the slash at the end that it has, or an alias would reach above its folder. */
function sibling(source: string, location: Directive, address: string): Edit {
  const word = location.args.at(-1);
  const slash = pathOf(location)?.endsWith('/') ? '/' : '';
  const { start, end } = location;
  const copy =
    word === undefined
      ? ''
      : `${source.slice(start, word.start)}${address}${slash}${source.slice(word.end, end)}`;
  const gap = `${lineBreak(source)}${lineBreak(source)}${indentation(source, start)}`;
  return { start: end, end, text: `${gap}${copy}` };
}

function added(source: string, locations: readonly Directive[], address: string, folder: string): Edit {
  const at = locations[0]?.start ?? source.length;
  const [newline, indent] = [lineBreak(source), indentation(source, at)];
  const lines = [`location ${address} {`, `    alias ${folder};`, '}'];
  const text = `${lines.join(`${newline}${indent}`)}${newline}${newline}${indent}`;
  return { start: at, end: at, text };
}
