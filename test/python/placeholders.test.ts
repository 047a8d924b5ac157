import { expect, test } from 'vitest';
import { parseSettings } from '../../src/python/settings-file.ts';

const found = (source: string) =>
  parseSettings(source)
    .placeholders()
    .map(
      ({ path, line, text, overridden }) =>
        `${line} ${path.join('.')} ${text}${overridden ? ' overridden' : ''}`,
    );

test.each<[what: string, source: string, found: string[]]>([
  ['a whole string', "A = 'CHANGE_ME'\n", ['1 A CHANGE_ME']],
  ['a part of a string, with a hyphen', '# c\nA = "CHANGE-ME/x.mmdb"\n', ['2 A CHANGE-ME']],
  ['twice in one string', "A = {'w': 'CHANGE_ME:CHANGE_ME'}\n", ['1 A.w CHANGE_ME']],
  ['bytes', "A = {\n  'b': {'c': b'CHANGE_ME'}}\n", ['2 A.b.c CHANGE_ME']],
  ['parts in a row', "A = ('CHANGE'\n  '_ME')\n", ['1 A CHANGE_ME']],
  ['escapes', "A = 'CHANGE\\x5fME'\n", ['1 A CHANGE_ME']],
  ['an f-string', "A = f'CHANGE_ME{x}'\n", ['1 A CHANGE_ME']],
  ['inside of an expression', "A = os.environ.get('X', 'CHANGE_ME')\n", ['1 A CHANGE_ME']],
  ['a list is one setting', "A = ['x', 'CHANGE_ME', 'CHANGE_ME']\n", ['1 A CHANGE_ME', '1 A CHANGE_ME']],
  ['by subscript', "D['a']['b'] = 'CHANGE_ME'\n", ['1 D.a.b CHANGE_ME']],
  ['an addition', "A += ['CHANGE_ME']\n", ['1 A CHANGE_ME']],
  ['a block', "if x:\n    A = 'CHANGE_ME'\n", ['2 A CHANGE_ME']],
  ['dict(…)', "A = dict(b='CHANGE_ME')\n", ['1 A.b CHANGE_ME']],
  ['a call', "configure(key='CHANGE_ME')\n", ['1  CHANGE_ME']],
  ['assigned again', "A = 'CHANGE_ME'\nA = ''\n", ['1 A CHANGE_ME overridden']],
  [
    'a key assigned again',
    "D = {'a': 'CHANGE_ME', 'b': 'CHANGE_ME'}\nD['a'] = ''\n",
    ['1 D.a CHANGE_ME overridden', '1 D.b CHANGE_ME'],
  ],
  ['assigned again only perhaps', "A = 'CHANGE_ME'\nif x:\n    A = ''\n", ['1 A CHANGE_ME']],
  ['several names', "A = B = 'CHANGE_ME'\n", ['1 A CHANGE_ME']],
  [
    'in the order of the file',
    "B = 'CHANGE_ME'\nf('CHANGE_ME')\nA = 'CHANGE-ME'\n",
    ['1 B CHANGE_ME', '2  CHANGE_ME', '3 A CHANGE-ME'],
  ],
  ['neither comments nor docstrings', '"""CHANGE_ME"""\n# A = \'CHANGE_ME\'\nA = 1  # CHANGE_ME\n', []],
  ['nor docstrings of functions', 'def f():\n    "CHANGE_ME"\n    return "CHANGE_ME"\n', ['3  CHANGE_ME']],
  ['without a sign in between', "A = 'https://CHANGEME@x'\n", ['1 A CHANGEME']],
  [
    'other marks, as a whole string',
    "A = 'TODO'\nB = 'replace-me'\nC = 'xxx'\n",
    ['1 A TODO', '2 B replace-me', '3 C xxx'],
  ],
  ['nor other words', "A = 'change_mexico CHANGE MEN to do: TODO list, XXX Main Street exchangement'\n", []],
])('%s', (_, source, expected) => {
  expect(found(source)).toEqual(expected);
});
