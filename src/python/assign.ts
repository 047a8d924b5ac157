import type { SyntaxNode } from '@lezer/common';
import { addStatement } from './add-statement.ts';
import type { NameBinding, Span } from './bindings.ts';
import { bracketEntriesOf, bracketsOf, mappingOf } from './brackets.ts';
import { isKeywordName } from './checks.ts';
import { CannotManage } from './errors.ts';
import { addItem, removeItem } from './items.ts';
import { joinStrings } from './join-strings.ts';
import { renderKey, renderLiteral } from './literal.ts';
import { locate, type Path } from './locate.ts';
import { readValue } from './read-value.ts';
import { isFormatString } from './string-node.ts';
import { blockStyle, layoutOf, styleOf } from './style.ts';
import { edited, type PythonModule } from './syntax.ts';
import { indentOf, lineNumber } from './text.ts';
import { holds, isDict, isList, nestedDict, type PythonValue, pythonBytes } from './value.ts';

/**
 * Gives the setting at `path` the value with the least possible edit; the module itself when it holds that value already.
 * @throws {CannotManage}
 */
export function assign(module: PythonModule, path: Path, value: PythonValue): PythonModule {
  const location = locate(module, path);
  if (location.found !== undefined) return replace(module, path, location.found, location.binding, value);
  const { container, keys } = location;
  if (container === undefined) return edited(module, addStatement(module, path.map(String), value));
  const [key, ...below] = keys.map(String);
  const name = key ?? '';
  // dict(key=value) takes only names as keys.
  if (container.kind === 'call' && !isKeywordName(name)) {
    throw new CannotManage(
      path.map(String),
      lineNumber(module.text, container.open.from),
      'builds it with dict(…)',
    );
  }
  return addItem(module, container, (style) => {
    const literal = renderLiteral(nestedDict(below, value), style);
    return container.kind === 'call' ? `${name}=${literal}` : `${renderKey(name, style)}: ${literal}`;
  });
}

function replace(
  module: PythonModule,
  path: Path,
  found: Span,
  binding: NameBinding,
  value: PythonValue,
): PythonModule {
  const { node } = found;
  if (node !== undefined) {
    const current = readValue(module, node);
    if (holds(current, value)) return module;
    if (isFormatString(node)) {
      throw new CannotManage(
        path.map(String),
        lineNumber(module.text, node.from),
        'builds it with an f-string',
      );
    }
    if (isDict(current) && isDict(value) && canHold(node, value)) {
      return replaceDict(module, path, current, value);
    }
    if (isList(current) && isList(value)) return replaceList(module, path, current, value);
  }
  const style = styleOf(module, node);
  // A string for a setting that holds bytes stays bytes (a webhook secret): the site would fail on text.
  const kept = typeof value === 'string' && /b/i.test(style.prefix ?? '') ? pythonBytes(value) : value;
  const topLevelDict = node !== undefined && path.length === 1 && isDict(value);
  const layout = topLevelDict
    ? blockStyle(module, style, indentOf(module.text, binding.statement.from))
    : layoutOf(module, style, found.from, found.to);
  const literal = renderLiteral(kept, layout);
  if (node?.name === 'ContinuedString') return edited(module, joinStrings(module, node, literal));
  return edited(module, [{ start: found.from, end: found.to, text: literal }]);
}

function canHold(node: SyntaxNode, value: ReadonlyMap<string, PythonValue>): boolean {
  return node.name === 'DictionaryExpression' || [...value.keys()].every(isKeywordName);
}

/** Key by key, so that comments, order and the other entries' looks survive. */
function replaceDict(
  module: PythonModule,
  path: Path,
  current: ReadonlyMap<string, PythonValue>,
  wanted: ReadonlyMap<string, PythonValue>,
): PythonModule {
  let result = module;
  for (const [key, value] of wanted) result = assign(result, [...path, key], value);
  for (const key of current.keys()) {
    if (!wanted.has(key)) result = removeKey(result, path, key);
  }
  return result;
}

function removeKey(module: PythonModule, path: Path, key: string): PythonModule {
  const node = locate(module, path).found?.node;
  const mapping = node && mappingOf(module, node);
  if (mapping === undefined) return module;
  const index = bracketEntriesOf(module, mapping).findIndex((entry) => entry.key === key);
  if (index === -1) return module;
  return removeKey(edited(module, [removeItem(module, mapping, index)]), path, key);
}

function replaceList(
  module: PythonModule,
  path: Path,
  current: readonly PythonValue[],
  wanted: readonly PythonValue[],
): PythonModule {
  let result = module;
  wanted.forEach((value, index) => {
    if (index < current.length) result = assign(result, [...path, index], value);
  });
  for (let length = current.length; length > wanted.length; length--) {
    result = edited(result, [removeItem(result, listAt(result, path), length - 1)]);
  }
  for (const value of wanted.slice(current.length)) {
    result = addItem(result, listAt(result, path), (style) => renderLiteral(value, style));
  }
  return result;
}

function listAt(module: PythonModule, path: Path) {
  const node = locate(module, path).found?.node;
  const brackets = node && bracketsOf(node);
  if (brackets === undefined) throw new RangeError('not a list');
  return brackets;
}
