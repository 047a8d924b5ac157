import type { SyntaxNode } from '@lezer/common';
import type { Edit } from '../text/edits.ts';
import { nameBindingsOf } from './bindings.ts';
import { type LiteralStyle, renderKey, renderLiteral } from './literal.ts';
import { blockStyle } from './style.ts';
import { childrenOf, type PythonModule, sourceTextOf } from './syntax.ts';
import { lineEnd, lineStart } from './text.ts';
import { isDict, nestedDict, type PythonValue } from './value.ts';

/**
 * A new assignment for a name that the module does not assign.
 *
 * - A key of a mapping that comes from elsewhere (`os.environ`, or a dict of `settings_common` that the module only adds to)
 *   is assigned by subscript, behind the last such line: a new dict would throw the other keys away.
 * - A name that a later line needs goes before that line: `SEARCH_CLIENT` is built from `MEILISEARCH_*`.
 * - Any other goes to the end of the file.
 */
export function addStatement(module: PythonModule, path: readonly string[], value: PythonValue): Edit[] {
  const [root = '', ...keys] = path;
  const plain: LiteralStyle = { lineBreak: module.lineBreak, quote: module.quote };
  const siblings = nameBindingsOf(module).filter(
    (binding) => binding.path[0] === root && binding.path.length > 1,
  );
  if (keys.length > 0 && (siblings.length > 0 || root.includes('.'))) {
    const target = root + keys.map((key) => `[${renderKey(key, plain)}]`).join('');
    const sibling = siblings.findLast(({ obstacle }) => obstacle === undefined)?.statement;
    const line = `${target} = ${renderLiteral(value, isDict(value) ? blockStyle(module, plain, '') : plain)}`;
    return [sibling === undefined ? atEnd(module, line) : behind(module, sibling, line)];
  }
  const whole = nestedDict(keys, value);
  const line = `${root} = ${renderLiteral(whole, isDict(whole) ? blockStyle(module, plain, '') : plain)}`;
  const user = childrenOf(module.root).find(
    (statement) => statement.name !== 'ImportStatement' && mentions(module, statement, root),
  );
  if (user === undefined) return [atEnd(module, line)];
  const at = lineStart(module.text, user.from);
  return [{ start: at, end: at, text: line + module.lineBreak }];
}

/** Whether the statement reads the name (`f(NAME=1)` does not). */
function mentions(module: PythonModule, statement: SyntaxNode, name: string): boolean {
  let found = false;
  statement.cursor().iterate((node) => {
    if (node.name !== 'VariableName' || sourceTextOf(module, node) !== name) return;
    const keyword = node.node.parent?.name === 'ArgList' && node.node.nextSibling?.name === 'AssignOp';
    if (!keyword) found = true;
  });
  return found;
}

function behind(module: PythonModule, statement: SyntaxNode, line: string): Edit {
  // A statement's group shares its lines: `a = 1; b = 2`.
  const whole = statement.parent?.name === 'StatementGroup' ? statement.parent : statement;
  const end = module.text.slice(0, whole.to).trimEnd().length;
  const at = lineEnd(module.text, Math.max(end, statement.to));
  return { start: at, end: at, text: module.lineBreak + line };
}

/** A file without a line break at its end has none afterwards either. */
function atEnd({ text, lineBreak }: PythonModule, line: string): Edit {
  const at = text.length;
  const ended = at === 0 || /[\r\n]$/.test(text);
  return { start: at, end: at, text: ended ? line + lineBreak : lineBreak + line };
}
