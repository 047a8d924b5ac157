import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import { applyEdits, type Edit } from '../text/edits.ts';
import { SettingsSyntaxError } from './errors.ts';
import { redactedExcerpt } from './excerpt.ts';
import { splitString } from './string-token.ts';
import { lineBreakOf, lineEnd, lineNumber, lineStart, startsLine } from './text.ts';

const SYNTAX = 'syntax error';

/** A parsed module; offsets count from behind the byte order mark. */
export interface PythonModule {
  readonly byteOrderMark: string;
  readonly text: string;
  readonly root: SyntaxNode;
  readonly lineBreak: string;
  /** The quotes that most strings of the module stand in. */
  readonly quote: "'" | '"';
}

/**
 * Parses a module. The parser is error tolerant, so what it skipped, and what it lets pass although Python does not
 * (a string that is not closed, an indented line at the top level), is looked for here.
 * @throws {SettingsSyntaxError}
 */
export function parseModule(source: string): PythonModule {
  const byteOrderMark = source.startsWith('\ufeff') ? '\ufeff' : '';
  const text = source.slice(byteOrderMark.length);
  const tree = parser.parse(forTheGrammar(text));
  const root = tree.topNode;
  let single = 0;
  let double = 0;
  tree.iterate({
    enter({ type, from, to, node }) {
      if (type.isError && !isBareFloat(text, node)) fail(text, from, SYNTAX);
      if (type.name === 'FormatString' && !/^[A-Za-z]*(['"])[\s\S]*\1$/.test(text.slice(from, to)))
        fail(text, from, 'string not closed');
      if (type.name !== 'String') return;
      const token = splitString(text.slice(from, to));
      if (token === undefined) fail(text, from, 'string not closed');
      if (token.quote === '"') double++;
      else single++;
    },
  });
  for (const statement of childrenOf(root)) {
    const before = text.slice(lineStart(text, statement.from), statement.from);
    if (startsLine(text, statement.from) && /[ \t]/.test(before))
      fail(text, statement.from, 'unexpected indent');
  }
  return { byteOrderMark, text, root, lineBreak: lineBreakOf(text), quote: double > single ? '"' : "'" };
}

/** The module with these edits made. */
export function edited(module: PythonModule, edits: readonly Edit[]): PythonModule {
  return edits.length === 0 ? module : parseModule(module.byteOrderMark + applyEdits(module.text, edits));
}

/**
 * The text, offsets unchanged, without what the grammar does not know: a form feed alone on a line (it separates pages in
 * old files), and a backslash before a line break of two characters.
 */
function forTheGrammar(text: string): string {
  return text.replace(/\f(?=[ \t\f]*(?:[\r\n]|$))/g, ' ').replaceAll('\\\r\n', ' \\\n');
}

/** A node's children without comments. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== 'Comment') children.push(child);
  }
  return children;
}

export function sourceTextOf(module: PythonModule, node: { from: number; to: number }): string {
  return module.text.slice(node.from, node.to);
}

/** The expression inside of any number of parentheses. */
export function insideParentheses(node: SyntaxNode): SyntaxNode {
  if (node.name !== 'ParenthesizedExpression') return node;
  const inner = childrenOf(node)[1];
  return inner === undefined ? node : insideParentheses(inner);
}

/** `1.` is a number, which the grammar does not know. */
function isBareFloat(text: string, error: SyntaxNode): boolean {
  const parent = error.parent;
  return parent?.name === 'MemberExpression' && /^\d[\d_]*\.$/.test(text.slice(parent.from, parent.to));
}

function fail(text: string, offset: number, problem: string): never {
  // An unclosed bracket is noticed at the next line's start; the line before is the one to look at.
  const early =
    problem === SYNTAX && lineStart(text, offset) === offset && !/[)\]}=]/.test(text[offset] ?? '');
  const at = early ? text.slice(0, offset).trimEnd().length : offset;
  const start = lineStart(text, at);
  const column = [...text.slice(start, at)].length + 1;
  throw new SettingsSyntaxError(
    problem,
    lineNumber(text, at),
    column,
    redactedExcerpt(text.slice(start, lineEnd(text, at))),
  );
}
