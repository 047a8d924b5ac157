import { parser } from '@lezer/python';
import { childrenOf } from './syntax.ts';
import { isDict, isExpression, isList, type PythonValue } from './value.ts';

const NAME = /^[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)*$/u;

/** @throws {TypeError} when the path does not begin with a name that Python can assign */
export function checkPath(path: readonly string[]): readonly string[] {
  const name = path[0] ?? '';
  const [statement] = childrenOf(parser.parse(`${name} = 0`).topNode);
  const target = statement && childrenOf(statement)[0]?.name;
  const assignable = target === 'VariableName' || target === 'MemberExpression';
  if (!NAME.test(name) || !assignable)
    throw new TypeError(`not the name of a setting: ${JSON.stringify(name)}`);
  return path;
}

/**
 * Makes sure that every expression in the value is exactly one: nothing in it can begin a second statement.
 * @throws {TypeError} without the expression's text
 */
export function checkExpressions<T extends PythonValue>(value: T): T {
  if (isExpression(value) && !isOneExpression(value.source.trim()))
    throw new TypeError('not one Python expression');
  if (isList(value)) value.forEach(checkExpressions);
  if (isDict(value)) value.forEach(checkExpressions);
  return value;
}

/** Whether `dict(key=…)` can hold the key. */
export function isKeywordName(key: string): boolean {
  return (
    /^[A-Za-z_]\w*$/.test(key) && !/^(?:None|True|False)$/.test(key) && isOneExpression(`dict(${key}=0)`)
  );
}

function isOneExpression(source: string): boolean {
  const prefix = 'X = ';
  const tree = parser.parse(prefix + source);
  let broken = false;
  tree.iterate({
    enter: ({ type }) => {
      broken = broken || type.isError;
    },
  });
  const statements = childrenOf(tree.topNode);
  const children = statements[0] ? childrenOf(statements[0]) : [];
  const value = children[2];
  return (
    !broken &&
    statements.length === 1 &&
    children.length === 3 &&
    value?.from === prefix.length &&
    value.to === prefix.length + source.length
  );
}
