import type { Edit } from '../../text/edits.ts';
import { hostPattern, removal } from './names.ts';
import { type Directive, descendants, directives, type NginxBlock } from './tree.ts';

/** A host name in a condition, with or without the backslashes of a pattern. */
const HOST_NAME = /[a-z0-9-]+(?:\\?\.[a-z0-9-]+)+/gi;

/** What stands between `if` and its block. */
function condition(source: string, { start, end, block }: Directive): string {
  return source.slice(start + 'if'.length, block?.open ?? end);
}

/** The host names that an `if` compares `$host` with; none for any other test. */
export function testedHosts(source: string, directive: Directive): string[] {
  const text = directive.name === 'if' ? condition(source, directive) : '';
  if (!/\$(?:http_)?host\b/.test(text)) return [];
  return [...text.matchAll(HOST_NAME)].map(([match]) => match.replaceAll('\\', '').toLowerCase());
}

const GUARD = /^(\s*\(\s*\$(?:http_)?host\s+)(!~\*?|!=)(\s+)([\s\S]*?)(\s*\)\s*)$/;

/**
 * Rewrites `if ($host !~* ^(…)$)`, and `!=` when there are several names, to the given names.
 * Such a test turns away every name that it does not list, so a name skipped would be a dead site.
 */
export function guardEdits(source: string, block: NginxBlock, names: readonly string[]): Edit[] {
  return [...descendants(block.nodes)].flatMap((directive) => {
    if (directive.name !== 'if' || !directive.block) return [];
    const [, before = '', operator, blanks = '', pattern = ''] =
      GUARD.exec(condition(source, directive)) ?? [];
    if (operator === undefined || (operator === '!=' && !(names.length > 1 && turnsAway(directive.block))))
      return [];
    const start = directive.start + 'if'.length + before.length;
    const end = start + operator.length + blanks.length + pattern.length;
    const quote = /^["']/.exec(pattern)?.[0] ?? '';
    const matching = operator === '!=' ? '!~*' : operator;
    return [{ start, end, text: `${matching}${blanks}${quote}^(${hostPattern(names)})$${quote}` }];
  });
}

function turnsAway({ nodes }: NginxBlock): boolean {
  return directives(nodes, 'return').some(({ args }) => /^4\d\d$/.test(args[0]?.text ?? ''));
}

const CHOICE = /^\s*\(\s*\$(?:http_)?host\s+(?:=|~\*?)\s/;

/** Takes out what is done for somebody else's names only, a redirect say: `if ($host = www.blender.org) { … }`. */
export function foreignTestEdits(source: string, block: NginxBlock, known: readonly string[]): Edit[] {
  return [...descendants(block.nodes)].flatMap((directive) => {
    const hosts = testedHosts(source, directive);
    if (hosts.length === 0 || hosts.some((host) => known.includes(host))) return [];
    return CHOICE.test(condition(source, directive)) ? [removal(source, directive)] : [];
  });
}
