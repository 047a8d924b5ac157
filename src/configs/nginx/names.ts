import type { Edit } from '../../text/edits.ts';
import { behindLine, startOfLine } from '../lines.ts';
import type { Server } from './site.ts';
import { type Directive, descendants, directives, type NginxNode } from './tree.ts';

/** A pattern for `$host` that matches the names and nothing else: a bare dot would match any character. */
export function hostPattern(names: readonly string[]): string {
  return names.map((name) => name.replaceAll('.', '\\.')).join('|');
}

/** Takes a directive out, with its line when it stands alone there (a comment behind it does not count). */
export function removal(source: string, { start, end }: Directive): Edit {
  const from = startOfLine(source, start);
  const to = behindLine(source, end);
  const alone =
    source.slice(from, start).trim() === '' && /^[ \t]*(#[^\n]*)?\r?\n?$/.test(source.slice(end, to));
  return alone ? { start: from, end: to, text: '' } : { start, end, text: '' };
}

/** The first `server_name` gets all the names, further ones go. */
export function serverNameEdits(source: string, server: Server, names: readonly string[]): Edit[] {
  const [first, ...others] = directives(server.block.nodes, 'server_name');
  if (!first)
    return [
      {
        start: server.block.open + 1,
        end: server.block.open + 1,
        text: `\n    server_name ${names.join(' ')};`,
      },
    ];
  return [replaceArguments(first, names.join(' ')), ...others.map((directive) => removal(source, directive))];
}

/** Replaces everything between a directive's name and its semicolon, the blanks after the name excepted. */
export function replaceArguments({ args, start, end, name }: Directive, text: string): Edit {
  return { start: args[0]?.start ?? start + name.length, end: args.at(-1)?.end ?? end - 1, text };
}

/**
 * Gives the site its new name wherever a directive says the old one: a redirect, a header, a `map`.
 * Comments are left alone, and so is a longer name that merely contains the old one.
 * @param within directives that other edits take care of; they are passed over.
 */
export function renameEdits(
  source: string,
  nodes: readonly NginxNode[],
  from: string,
  to: string,
  within: readonly Edit[],
): Edit[] {
  const dotted = from.split('.').join('(\\\\?)\\.');
  const pattern = new RegExp(`(?<![A-Za-z0-9.-])${dotted}(?![A-Za-z0-9-]|\\\\?\\.[A-Za-z0-9])`, 'gi');
  return [...descendants(nodes)]
    .flatMap(({ words }) => words)
    .flatMap(({ start, end }) =>
      [...source.slice(start, end).matchAll(pattern)].map((match) => ({
        start: start + match.index,
        end: start + match.index + match[0].length,
        text: match[1] === '\\' ? hostPattern([to]) : to,
      })),
    )
    .filter((edit) => !within.some((other) => edit.start < other.end && other.start < edit.end));
}
