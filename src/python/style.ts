import type { SyntaxNode } from '@lezer/common';
import type { LiteralStyle } from './literal.ts';
import { stringParts } from './string-node.ts';
import { splitString } from './string-token.ts';
import { type PythonModule, sourceTextOf } from './syntax.ts';
import { indentOf } from './text.ts';

/** How a literal in place of `node` looks: its quotes and prefix, or the module's quotes when it is no string. */
export function styleOf(module: PythonModule, node: SyntaxNode | undefined): LiteralStyle {
  const { lineBreak } = module;
  const first = node && stringParts(node)[0];
  const token = first?.name === 'String' ? splitString(sourceTextOf(module, first)) : undefined;
  if (token === undefined) return { lineBreak, quote: module.quote };
  const { quote, triple, prefix } = token;
  return { lineBreak, quote, triple, prefix };
}

/** The same on several lines, indented like the line of `offset`. */
export function blockStyle(module: PythonModule, style: LiteralStyle, indent: string): LiteralStyle {
  return { ...style, block: { indent, unit: indentUnit(module) } };
}

/** One level of indentation: a tab when the module indents with tabs, else four spaces. */
export function indentUnit(module: PythonModule): string {
  return /^\t/m.test(module.text) && !/^ {2,}\S/m.test(module.text) ? '\t' : '    ';
}

/** The block style where `from` to `to` stands on several lines. */
export function layoutOf(module: PythonModule, style: LiteralStyle, from: number, to: number): LiteralStyle {
  const several = /[\r\n]/.test(module.text.slice(from, to));
  return several ? blockStyle(module, style, indentOf(module.text, from)) : style;
}
