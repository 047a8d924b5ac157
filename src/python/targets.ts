import type { SyntaxNode } from '@lezer/common';
import { bracketsOf } from './brackets.ts';
import { plainString } from './string-node.ts';
import { childrenOf, insideParentheses, type PythonModule, sourceTextOf } from './syntax.ts';

/** The paths that a target binds; `whole` is false when only something below the path is bound (`D[name]`). */
export function targetsIn(module: PythonModule, target: SyntaxNode): { path: string[]; whole: boolean }[] {
  const node = insideParentheses(target);
  if (node.name === 'VariableName') return [{ path: [sourceTextOf(module, node)], whole: true }];
  if (node.name !== 'MemberExpression')
    return (
      bracketsOf(node)?.items.flatMap(({ nodes }) => nodes.flatMap((own) => targetsIn(module, own))) ?? []
    );
  const [object, mark, key, ...rest] = childrenOf(node);
  if (object === undefined || key === undefined) return [];
  return targetsIn(module, object).map(({ path, whole }) => {
    const [root, ...below] = path;
    if (!whole || root === undefined) return { path, whole };
    if (mark?.name === '.') {
      return below.length === 0
        ? { path: [`${root}.${sourceTextOf(module, key)}`], whole }
        : { path, whole: false };
    }
    const name = rest.length === 1 ? plainString(module, key) : undefined;
    return name === undefined ? { path, whole: false } : { path: [...path, name], whole };
  });
}

/** The names that an import binds; those of `from x import *` cannot be known and are none. */
export function importedNames(children: readonly SyntaxNode[]): SyntaxNode[] {
  const listed = children.slice(children.findIndex(({ name }) => name === 'import') + 1);
  return listed.filter((node, index) => {
    const before = listed[index - 1]?.name;
    if (node.name !== 'VariableName' || before === '.') return false;
    // `import a.b as c` binds only c; `import a.b` binds a.
    const end = listed.findIndex(({ name }, at) => at > index && name === ',');
    const renamed = listed.slice(index, end === -1 ? undefined : end).some(({ name }) => name === 'as');
    return !renamed;
  });
}
