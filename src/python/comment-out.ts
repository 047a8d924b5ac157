import type { SyntaxNode } from '@lezer/common';
import type { Edit } from '../text/edits.ts';
import { type NameBinding, nameBindingsOf, SEVERAL_NAMES } from './bindings.ts';
import { type Brackets, bracketsOf } from './brackets.ts';
import { CannotManage } from './errors.ts';
import { removeItem, tupleComma } from './items.ts';
import { plainString } from './string-node.ts';
import { childrenOf, edited, insideParentheses, type PythonModule, sourceTextOf } from './syntax.ts';
import { indentOf, lineEnd, lineNumber, lineStart, startsLine } from './text.ts';

/** Comments out every statement at module level that binds exactly this path, those in blocks included. */
export function commentOutBindings(module: PythonModule, path: readonly string[]): PythonModule {
  const binding = nameBindingsOf(module).find(
    (own) => samePath(own.path, path) && /^(?:Assign|Update|Expression)Statement$/.test(own.statement.name),
  );
  if (binding === undefined) return module;
  const { statement, obstacle } = binding;
  if (obstacle === SEVERAL_NAMES)
    throw new CannotManage(path, lineNumber(module.text, statement.from), obstacle);
  return commentOutBindings(edited(module, commentOut(module, statement)), path);
}

/**
 * Takes a string out of every list (or tuple) that the module assigns, adds or appends to the path. An addition that
 * would add nothing any more is commented out as a whole.
 */
export function removeFromLists(module: PythonModule, path: readonly string[], item: string): PythonModule {
  for (const binding of nameBindingsOf(module)) {
    if (!samePath(binding.path, path) || binding.value?.node === undefined) continue;
    const { statement, value } = binding;
    const node = insideParentheses(binding.value.node);
    const edits =
      plainString(module, node) === item
        ? commentOut(module, statement)
        : listEdits(module, binding, node, item);
    if (edits !== undefined && value !== undefined) return removeFromLists(edited(module, edits), path, item);
  }
  return module;
}

function listEdits(
  module: PythonModule,
  binding: NameBinding,
  node: SyntaxNode,
  item: string,
): Edit[] | undefined {
  for (const list of listsIn(node)) {
    const index = list.items.findIndex(
      ({ nodes: [own, more] }) => own && !more && plainString(module, own) === item,
    );
    const found = list.items[index];
    if (found === undefined) continue;
    const addsOnly = binding.statement.name !== 'AssignStatement' && bracketsOf(node) !== undefined;
    if (list.items.length === 1 && addsOnly) return commentOut(module, binding.statement);
    return [removeItem(module, list, index), ...tupleComma(list, found)];
  }
  return undefined;
}

/** The lists of `['a']`, `BASE + ['a']`, `(['a'] + ['b'])`. */
function listsIn(wrapped: SyntaxNode): Brackets[] {
  const node = insideParentheses(wrapped);
  if (node.name === 'BinaryExpression') return childrenOf(node).flatMap(listsIn);
  const brackets =
    node.name === 'ArrayExpression' || node.name === 'TupleExpression' ? bracketsOf(node) : undefined;
  return brackets === undefined ? [] : [brackets];
}

function samePath(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, index) => name === b[index]);
}

/** The statement's own text stays, behind `# `. */
function commentOut(module: PythonModule, statement: SyntaxNode): Edit[] {
  const { text, lineBreak } = module;
  const parent = statement.parent;
  const group =
    parent?.name === 'StatementGroup' ? childrenOf(parent).filter(({ name }) => name !== ';') : [statement];
  const block =
    (group.length > 1 ? undefined : parent?.name === 'StatementGroup' ? parent.parent : parent) ?? undefined;
  const alone = block?.name === 'Body' && childrenOf(block).filter(({ name }) => name !== ':').length === 1;
  const indent = indentOf(text, statement.from);
  const lines = sourceTextOf(module, statement).split(/\r\n|\r|\n/);
  if (group.length === 1 && startsLine(text, statement.from)) {
    const edits: Edit[] = [];
    // A block must not be left without a statement.
    if (alone) edits.push({ start: statement.from, end: statement.from, text: `pass${lineBreak}${indent}` });
    for (let at = statement.from; at < statement.to; ) {
      edits.push({ start: at, end: at, text: '# ' });
      const next = lineEnd(text, at) + (text.startsWith('\r\n', lineEnd(text, at)) ? 2 : 1);
      at = text.startsWith(indent, next) ? next + indent.length : next;
    }
    return edits;
  }
  // It shares its line with others: the comment goes above the first line of them all.
  let first: SyntaxNode = statement;
  while (!startsLine(text, first.from) && first.parent !== null) first = first.parent;
  const at = lineStart(text, first.from);
  const above = indentOf(text, first.from);
  const comment = lines.map((line) => `${above}# ${line}${lineBreak}`).join('');
  return [{ start: at, end: at, text: comment }, takenOut(group, statement, alone)];
}

function takenOut(group: readonly SyntaxNode[], statement: SyntaxNode, alone: boolean): Edit {
  const index = group.findIndex(({ from }) => from === statement.from);
  const [before, next] = [group[index - 1], group[index + 1]];
  if (next !== undefined) return { start: statement.from, end: next.from, text: '' };
  if (before !== undefined) return { start: before.to, end: statement.to, text: '' };
  return { start: statement.from, end: statement.to, text: alone ? 'pass' : '' };
}
