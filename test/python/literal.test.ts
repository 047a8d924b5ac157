import { expect, test } from 'vitest';
import { type LiteralStyle, renderLiteral } from '../../src/python/literal.ts';
import { type PythonValue, pythonBytes, pythonExpression } from '../../src/python/value.ts';

const single: LiteralStyle = { quote: "'", lineBreak: '\n' };
const double: LiteralStyle = { quote: '"', lineBreak: '\n' };
const block: LiteralStyle = { ...single, block: { indent: '', unit: '    ' } };

const CASES: readonly [what: string, value: PythonValue, style: LiteralStyle, source: string][] = [
  ['a plain string', 'abc', single, `'abc'`],
  ['its own quote', `it's "so"`, single, `'it\\'s "so"'`],
  ['its own quote, double', `it's "so"`, double, `"it's \\"so\\""`],
  ['a backslash at the end', 'C:\\', single, `'C:\\\\'`],
  ['one line break', 'a\n', single, `'a\\n'`],
  ['a text of several lines', 'a\nb\n', single, `'''a\nb\n'''`],
  ['several lines, in a file with CRLF', 'a\nb\n', { ...single, lineBreak: '\r\n' }, `'''a\r\nb\r\n'''`],
  ['quotes inside triple quotes', `'a'\n'''\n'`, single, `'''\\'a\\'\n\\'\\'\\'\n\\''''`],
  ['triple quotes are kept', 'a', { ...double, triple: true }, `"""a"""`],
  ['a carriage return', 'a\r\nb\rc\n', single, `'''a\\r\nb\\rc\n'''`],
  ['control characters', '\0\x07\x1b\x7f\t', single, `'\\x00\\x07\\x1b\\x7f\\t'`],
  ['letters of the world', 'é 日本 😀', single, `'é 日本 😀'`],
  ['what cannot be seen', '\u00a0\u200b\u202e\u2028\ufeff', single, `'\\xa0\\u200b\\u202e\\u2028\\ufeff'`],
  ['half a surrogate pair', '\ud800', single, `'\\ud800'`],
  ['an invisible character beyond the first plane', '\u{e0001}', single, `'\\U000e0001'`],
  ['braces and percent signs', '{x} %(y)s $z `w`', single, `'{x} %(y)s $z \`w\`'`],
  ['a u in front', 'a', { ...single, prefix: 'u' }, `u'a'`],
  ['no raw string', 'a\\d', { ...single, prefix: 'r' }, `'a\\\\d'`],
  ['bytes', pythonBytes("it's é"), single, `b'it\\'s \\xc3\\xa9'`],
  ['bytes, a capital B', pythonBytes('a'), { ...double, prefix: 'BR' }, `B"a"`],
  ['bytes of several lines', pythonBytes('a\nb\n'), single, `b'''a\nb\n'''`],
  ['whole numbers', 5432, single, '5432'],
  ['negative numbers', -1.5, single, '-1.5'],
  ['negative zero', -0, single, '-0.0'],
  ['a whole number beyond 2^53', 2 ** 60, single, '1.152921504606847e+18'],
  ['true', true, single, 'True'],
  ['false', false, single, 'False'],
  ['nothing', null, single, 'None'],
  ['an expression', pythonExpression(' a.b '), single, 'a.b'],
  ['a list', ['a', 1, [null]], double, `["a", 1, [None]]`],
  ['an empty list', [], block, '[]'],
  ['a dict', new Map([["k'", ['v']]]), single, `{'k\\'': ['v']}`],
  ['a key of several lines', new Map([['a\nb\nc', 1]]), single, `{'a\\nb\\nc': 1}`],
  ['a list on lines of its own', ['a', 'b'], block, `[\n    'a',\n    'b',\n]`],
  [
    'a dict in a dict',
    new Map([['a', new Map([['b', 1]])]]),
    block,
    `{\n    'a': {\n        'b': 1,\n    },\n}`,
  ],
  [
    'neither prefix nor triple quotes pass to items',
    ['a'],
    { ...single, prefix: 'u', triple: true },
    `['a']`,
  ],
];

test.each(CASES)('%s', (_, value, style, source) => {
  expect(renderLiteral(value, style)).toBe(source);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%d has no literal', (value) => {
  expect(() => renderLiteral(value, single)).toThrow(TypeError);
});
