import type { SyntaxNode } from '@lezer/common';
import { bracketsOf } from './brackets.ts';
import { plainString } from './string-node.ts';
import { childrenOf, type PythonModule, sourceTextOf } from './syntax.ts';
import { importedNames, targetsIn } from './targets.ts';

/** One place of the module that gives a setting, or a part of it, a value. */
export interface NameBinding {
  /** `['DATABASES', 'default', 'NAME']` for `DATABASES['default']['NAME'] = …`; a dotted root is one name: `os.environ`. */
  readonly path: readonly string[];
  readonly statement: SyntaxNode;
  /** What is assigned, added or appended, where there is such an expression. */
  readonly value?: Span;
  /** Why this place cannot be edited with confidence; reads on from "line 12 of the settings …". */
  readonly obstacle?: string;
}

/** An expression; `node` is missing for a bare tuple (`'a', 'b'`), which the tree holds in pieces. */
export interface Span {
  readonly from: number;
  readonly to: number;
  readonly node?: SyntaxNode;
}

export const SEVERAL_NAMES = 'assigns several names at once';
const BLOCK_OBSTACLE = 'assigns it inside an if, try, for or with block';
const MUTATORS = /^(?:append|clear|extend|insert|pop|popitem|remove|setdefault|update)$/;

/** Some forty settings are looked for in one module, which never changes. */
const found = new WeakMap<PythonModule, readonly NameBinding[]>();

/** All bindings at module level in the order in which they run; function and class bodies are no settings. */
export function nameBindingsOf(module: PythonModule): readonly NameBinding[] {
  const known = found.get(module) ?? bindingsIn(module);
  found.set(module, known);
  return known;
}

function bindingsIn(module: PythonModule): readonly NameBinding[] {
  return statementsIn(module.root).flatMap(({ statement, nested }) =>
    bindingsAt(module, statement).map((binding) =>
      nested ? { ...binding, obstacle: binding.obstacle ?? BLOCK_OBSTACLE } : binding,
    ),
  );
}

/** The simple statements at module level, those in blocks (`nested`) included, and each block's own head. */
export function statementsIn(
  parent: SyntaxNode,
  nested = false,
): { statement: SyntaxNode; nested: boolean }[] {
  return childrenOf(parent).flatMap((node) => {
    if (node.name === 'StatementGroup') return statementsIn(node, nested);
    if (!node.name.endsWith('Statement')) return isDefinition(node) ? [{ statement: node, nested }] : [];
    const bodies = childrenOf(node).filter(({ name }) => name === 'Body' || name === 'MatchBody');
    const inner = bodies.flatMap((body) =>
      body.name === 'Body'
        ? statementsIn(body, true)
        : childrenOf(body).flatMap((clause) => matchClause(clause)),
    );
    return [{ statement: node, nested }, ...inner];
  });
}

function matchClause(clause: SyntaxNode): { statement: SyntaxNode; nested: boolean }[] {
  return childrenOf(clause).flatMap((body) => (body.name === 'Body' ? statementsIn(body, true) : []));
}

function isDefinition(node: SyntaxNode): boolean {
  return node.name === 'FunctionDefinition' || node.name === 'ClassDefinition';
}

function bindingsAt(module: PythonModule, statement: SyntaxNode): NameBinding[] {
  const children = childrenOf(statement);
  const opaque = (nodes: readonly SyntaxNode[], obstacle: string) =>
    nodes.flatMap((node) => targetsIn(module, node)).map(({ path }) => ({ path, statement, obstacle }));
  const between = (first: string, last: string) => {
    const from = children.findIndex(({ name }) => name === first) + 1;
    return children.slice(
      from,
      children.findIndex(({ name }) => name === last),
    );
  };
  switch (statement.name) {
    case 'AssignStatement':
      return assignment(module, statement);
    case 'UpdateStatement': {
      const [target, , node] = children;
      if (target === undefined || node === undefined) return [];
      const value = { from: node.from, to: node.to, node };
      return opaque([target], 'changes it in place (as += does)').map((binding) => ({ ...binding, value }));
    }
    case 'ExpressionStatement':
      return mutation(module, statement);
    case 'DeleteStatement':
      return opaque(children.slice(1), 'deletes it');
    case 'ForStatement':
      return opaque(between('for', 'in'), 'binds it in a loop');
    case 'WithStatement':
      return opaque(
        children.filter((_, index) => children[index - 1]?.name === 'as'),
        'binds it in a with statement',
      );
    case 'ImportStatement':
      return opaque(importedNames(children), 'imports it');
    case 'FunctionDefinition':
    case 'ClassDefinition':
      return opaque(
        children.filter(({ name }) => name === 'VariableName').slice(0, 1),
        'defines it as a function or class',
      );
    default:
      return [];
  }
}

/** `A = 1`, `A: int = 1`; `A = B = 1` and `A, B = 1, 2` are bindings with an obstacle; `A: int` alone is none. */
function assignment(module: PythonModule, statement: SyntaxNode): NameBinding[] {
  const sides: SyntaxNode[][] = [[]];
  for (const child of childrenOf(statement)) {
    if (child.name === 'AssignOp') sides.push([]);
    else if (child.name !== 'TypeDef') sides.at(-1)?.push(child);
  }
  const values = sides.pop() ?? [];
  const [first, last] = [values[0], values.at(-1)];
  if (first === undefined || last === undefined || sides.length === 0) return [];
  const value = { from: first.from, to: last.to, ...(values.length === 1 && { node: first }) };
  const [target, ...others] = sides.flat();
  const single = target !== undefined && others.length === 0 && bracketsOf(target) === undefined;
  return sides.flat().flatMap((side) =>
    targetsIn(module, side).map(({ path, whole }) => {
      const obstacle = !single
        ? SEVERAL_NAMES
        : !whole
          ? 'assigns a part of it under a computed key'
          : undefined;
      return { path, statement, value, ...(obstacle && { obstacle }) };
    }),
  );
}

/** `NAME.update(…)` and the like. `setdefault('KEY', value)` binds only that key. */
function mutation(module: PythonModule, statement: SyntaxNode): NameBinding[] {
  const call = childrenOf(statement)[0];
  if (call?.name !== 'CallExpression') return [];
  const [callee, args] = childrenOf(call);
  const [object, , method] = callee?.name === 'MemberExpression' ? childrenOf(callee) : [];
  if (object === undefined || method?.name !== 'PropertyName' || args === undefined) return [];
  const verb = sourceTextOf(module, method);
  if (!MUTATORS.test(verb)) return [];
  const [first, second] = bracketsOf(args)?.items.map(({ nodes }) => nodes[0]) ?? [];
  const key = verb === 'setdefault' && first ? plainString(module, first) : undefined;
  const node = /^(?:setdefault|insert)$/.test(verb)
    ? second
    : /^(?:append|extend)$/.test(verb)
      ? first
      : undefined;
  return targetsIn(module, object).map(({ path, whole }) => ({
    path: whole && key !== undefined ? [...path, key] : path,
    statement,
    ...(node && { value: { from: node.from, to: node.to, node } }),
    obstacle: `changes it in place (by ${verb})`,
  }));
}
