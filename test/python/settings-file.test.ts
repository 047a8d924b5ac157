import { expect, test } from 'vitest';
import { CannotManage } from '../../src/python/errors.ts';
import { parseSettings } from '../../src/python/settings-file.ts';
import { type PythonValue, pythonBytes, pythonExpression } from '../../src/python/value.ts';

const D = ['DATABASES', 'default'];
const map = (entries: Record<string, PythonValue>) => new Map(Object.entries(entries));

const READ: readonly [source: string, path: string[], value: PythonValue | undefined][] = [
  ["A = 'x'", ['A'], 'x'],
  ["A = 'x'", ['B'], undefined],
  ["A: str = 'x'", ['A'], 'x'],
  ['A: str', ['A'], undefined],
  ["A = 'x'\nA = ''", ['A'], ''],
  ["if DEBUG:\n    A = 'x'\nA = 'y'", ['A'], 'y'],
  ["def f():\n    A = 'x'\nclass B:\n    A = 'y'\n", ['A'], undefined],
  ["A = ('x'  # one\n     'y')", ['A'], 'xy'],
  ['A = ((5432))', ['A'], 5432],
  ['A = 1_000', ['A'], 1000],
  ['A = 0x10', ['A'], 16],
  ['A = 1.', ['A'], 1],
  ['A = - 5', ['A'], -5],
  ['A = 12345678901234567890', ['A'], pythonExpression('12345678901234567890')],
  ['A = None; B = True', ['A'], null],
  ['A = None; B = True', ['B'], true],
  ["A = b'x' b'\\xff'", ['A'], pythonBytes(Uint8Array.of(120, 255))],
  ["A = '\\N{BULLET}'", ['A'], pythonExpression("'\\N{BULLET}'")],
  ["A = os.environ.get('X', 'y')", ['A'], pythonExpression("os.environ.get('X', 'y')")],
  ["A = ('x', 'y')", ['A'], pythonExpression("('x', 'y')")],
  ["A = 'x', 'y'", ['A'], pythonExpression("'x', 'y'")],
  ["A = f'{x}'", ['A'], pythonExpression("f'{x}'")],
  ["DATABASES = {'default': {'NAME': 'x'}}", [...D, 'NAME'], 'x'],
  ["DATABASES = {'default': {'NAME': 'x'}}", [...D, 'USER'], undefined],
  ["DATABASES = {'default': {'NAME': 'x', 'NAME': 'y'}}", [...D, 'NAME'], 'y'],
  ["DATABASES = {'default': {'NAME': 'x'}}\nDATABASES['default']['NAME'] = 'y'", [...D, 'NAME'], 'y'],
  ["DATABASES['default']['NAME'] = 'y'\nDATABASES = {'default': {}}", [...D, 'NAME'], undefined],
  ["DATABASES = {**base, 'default': {'NAME': 'x'}}", [...D, 'NAME'], 'x'],
  ["DATABASES = {'default': dict(base, NAME='x')}", [...D, 'NAME'], 'x'],
  ["A = {'b': [1, {'c': None}]}", ['A'], map({ b: [1, map({ c: null })] })],
  ["A = {1: 'x'}", ['A'], pythonExpression("{1: 'x'}")],
  ['os.environ["X"] = "1"', ['os.environ', 'X'], '1'],
];

test.each(READ)('%j: %j', (source, path, value) => {
  expect(parseSettings(source).get(path)).toEqual(value);
});

const CHANGED: readonly [what: string, before: string, path: string[], value: PythonValue, after: string][] =
  [
    ['quotes stay', 'A = "x"  # c\n', ['A'], 'y', 'A = "y"  # c\n'],
    ['the value in effect', "A = 'x'\nA = ''\n", ['A'], 'y', "A = 'x'\nA = 'y'\n"],
    ['an annotation', 'A: List[str] = []\n', ['A'], ['x'], "A: List[str] = ['x']\n"],
    ['bytes stay bytes', "A = {'W': b'CHANGE_ME'}\n", ['A', 'W'], 'é', "A = {'W': b'\\xc3\\xa9'}\n"],
    ['one of several on a line', 'A = 1; B = 2 ; C = 3\n', ['B'], 5, 'A = 1; B = 5 ; C = 3\n'],
    [
      'an expression',
      'E = os.environ.get(\n    "E"\n).encode("ascii")\n',
      ['E'],
      pythonBytes('k'),
      'E = b"k"\n',
    ],
    [
      'an expression for one',
      'A = b.Sandbox\n',
      ['A'],
      pythonExpression('b.Production'),
      'A = b.Production\n',
    ],
    ['a stray comma', "A = 'x',\n", ['A'], 'y', "A = 'y'\n"],
    ['backslashes between lines', "A = 'x' \\\n    'y'\n", ['A'], 'z', "A = 'z'\n"],
    [
      'comments between parts',
      "A = (\n    'x'  # 1\n    'y'\n    # 2\n    'z')\n",
      ['A'],
      'n',
      "A = (\n    'n'  # 1\n    # 2\n    )\n",
    ],
    [
      'a comment behind the last part',
      "A = (\n    'x'\n    'y'  # 1\n)\n",
      ['A'],
      'n',
      "A = (\n    'n'\n    # 1\n)\n",
    ],
    ['a PEM', "A = ''\n", ['A'], 'a\nb\n', "A = '''a\nb\n'''\n"],
    ['a new key on one line', "A = {'x': 1}\n", ['A', 'y'], 'z', "A = {'x': 1, 'y': 'z'}\n"],
    ['a new key behind a comma', 'A = {"x": 1,}\n', ['A', 'y'], 'z', 'A = {"x": 1, "y": "z",}\n'],
    ['a new key in nothing', 'A = {}\n', ['A', 'y'], 'z', "A = {'y': 'z'}\n"],
    [
      'a new key on its line',
      "A = {\n\t'x': 1,  # c\n}\n",
      ['A', 'y'],
      2,
      "A = {\n\t'x': 1,  # c\n\t'y': 2,\n}\n",
    ],
    [
      'a new key, no last comma',
      "A = {\n  'x': 1  # c\n}\n",
      ['A', 'y'],
      2,
      "A = {\n  'x': 1,  # c\n  'y': 2\n}\n",
    ],
    [
      'a new key, bracket on the line',
      "A = {'x': 1,\n     'y': 2}\n",
      ['A', 'z'],
      3,
      "A = {'x': 1,\n     'y': 2,\n     'z': 3}\n",
    ],
    [
      'a new key among comments only',
      "A = {\n    # 'x': 1,\n}\n",
      ['A', 'y'],
      2,
      "A = {\n    # 'x': 1,\n    'y': 2,\n}\n",
    ],
    [
      'a new key and the dict for it',
      "A = {\n    'x': 1,\n}\n",
      ['A', 'b', 'c'],
      2,
      "A = {\n    'x': 1,\n    'b': {\n        'c': 2,\n    },\n}\n",
    ],
    ['a new key wins over what is merged', 'A = {**base}\n', ['A', 'y'], 2, "A = {**base, 'y': 2}\n"],
    ['a new keyword', 'A = dict(\n    x=1,\n)\n', ['A', 'y'], 2, 'A = dict(\n    x=1,\n    y=2,\n)\n'],
    [
      'a dict key by key',
      "A = {\n    'x': 1,  # one\n    # two\n    'y': \"b\",\n    'z': 3,\n}\n",
      ['A'],
      map({ n: 0, y: 'c', x: 1 }),
      "A = {\n    'x': 1,  # one\n    # two\n    'y': \"c\",\n    'n': 0,\n}\n",
    ],
    [
      'a list item by item',
      'A = [\n    \'x\',  # one\n    "y",\n]\n',
      ['A'],
      ['x', 'z', 'n'],
      'A = [\n    \'x\',  # one\n    "z",\n    "n",\n]\n',
    ],
    ['a shorter list', "A = ['x', 'y', 'z']\n", ['A'], ['y'], "A = ['y']\n"],
    ['an empty list', "A = [\n    'x',  # one\n    'y'\n]\n", ['A'], [], 'A = [\n    # one\n]\n'],
    ['a new name at the end', 'X = 1\n', ['A'], 'x', "X = 1\nA = 'x'\n"],
    ['a new name, no line break at the end', '# c', ['A'], 'x', "# c\nA = 'x'"],
    ['a new name in an empty file', '', ['A'], 'x', "A = 'x'\n"],
    ['a new name behind a block', 'if x:\r\n\ty = 1\r\n', ['A'], 1, 'if x:\r\n\ty = 1\r\nA = 1\r\n'],
    [
      'a new name before its first use',
      'X = 1\nC = f(A=1)\nS = Client(A)\nT = A\n',
      ['A'],
      'x',
      "X = 1\nC = f(A=1)\nA = 'x'\nS = Client(A)\nT = A\n",
    ],
    [
      'an import is no use',
      'from A import A as B\nX = A\n',
      ['A'],
      1,
      'from A import A as B\nA = 1\nX = A\n',
    ],
    [
      'a new name before a block that uses it',
      'if x:\n    S = Client(A)\n',
      ['A'],
      1,
      'A = 1\nif x:\n    S = Client(A)\n',
    ],
    ['a new dict', 'X = 1\n', ['A', 'b'], 'c', "X = 1\nA = {\n    'b': 'c',\n}\n"],
    [
      'a key of a dict from elsewhere',
      "A['x'] = 1; Y = 2  # c\nB = A\n",
      ['A', 'y'],
      2,
      "A['x'] = 1; Y = 2  # c\nA['y'] = 2\nB = A\n",
    ],
    ['a key of a dotted name', 'import os\n', ['os.environ', 'X'], '1', "import os\nos.environ['X'] = '1'\n"],
    ['a byte order mark', "\ufeffA = 'x'\r\n", ['A'], 'y', "\ufeffA = 'y'\r\n"],
    ['a form feed between pages', "\f\nA = 'x'\n", ['A'], 'y', "\f\nA = 'y'\n"],
    ['a look-alike in a string', 'X = """\nA = 1\n"""\nA = 2\n', ['A'], 3, 'X = """\nA = 1\n"""\nA = 3\n'],
  ];

test.each(CHANGED)('%s', (_, before, path, value, after) => {
  const file = parseSettings(before).set(path, value);
  expect(file.source).toBe(after);
  expect(file.set(path, value)).toBe(file);
});

const HELD: readonly [source: string, path: string[], value: PythonValue][] = [
  ['A = "it\\x27s"', ['A'], "it's"],
  ["A = r'\\d'", ['A'], '\\d'],
  ["A = ('x'\n  'y')", ['A'], 'xy'],
  ["A = b'x'", ['A'], 'x'],
  ["A = {'x': 0x10, 'y': (None)}", ['A'], map({ y: null, x: 16 })],
  ['A = ( b.Production )', ['A'], pythonExpression('b.Production')],
  ["A = 'a\\\r\nb\\r\\n'\r\n", ['A'], 'ab\r\n'],
];

test.each(HELD)('%j holds %j %j already, in another spelling', (source, path, value) => {
  const file = parseSettings(source);
  expect(file.set(path, value)).toBe(file);
});

const REFUSED: readonly [source: string, path: string[], line: number, reason: RegExp][] = [
  ["A = 1\nif DEBUG:\n    A = 'x'\n", ['A'], 3, /inside an if/],
  ["try:\n    A = 'x'\nexcept E:\n    A = 'y'\n", ['A'], 4, /inside an if/],
  ["if x: D['a'] = 1\n", ['D', 'a', 'b'], 1, /inside an if/],
  ['match x:\n  case 1:\n    A = 1\n', ['A'], 3, /inside an if/],
  ['A = B = 1\n', ['B'], 1, /several names/],
  ['A, B = 1, 2\n', ['B'], 1, /several names/],
  ['(A, [B, *C]) = x\n', ['A'], 1, /several names/],
  ['A = []\nA += [1]\n', ['A'], 2, /in place/],
  ['A = {}\nA.update(x)\n', ['A', 'b'], 2, /in place/],
  ["A = {}\nA.setdefault('b', 1)\n", ['A', 'b'], 2, /in place/],
  ['A = {}\nA[x] = 1\n', ['A', 'b'], 2, /computed key/],
  ["A = {'b': {}}\nA['b']['c'] = 1\n", ['A'], 2, /part of it/],
  ["A = {'b': 1, **more}\n", ['A', 'b'], 1, /merges/],
  ['A = env.db()\n', ['A', 'b'], 1, /expression/],
  ['A = {k: 1 for k in x}\n', ['A', 'b'], 1, /expression/],
  ['A = 1\ndel A\n', ['A'], 2, /deletes/],
  ['for A in x:\n    pass\n', ['A'], 1, /loop/],
  ['with x as A:\n    pass\n', ['A'], 1, /with/],
  ['from x import y as A, B\n', ['A'], 1, /imports/],
  ['def A():\n    pass\n', ['A'], 1, /function/],
];

test.each(REFUSED)('%j: %j cannot be managed', (source, path, line, reason) => {
  const file = parseSettings(source);
  for (const attempt of [() => file.get(path), () => file.set(path, 'new')]) {
    expect(attempt).toThrow(CannotManage);
    expect(attempt).toThrow(expect.objectContaining({ path, line, message: expect.stringMatching(reason) }));
  }
});

test('an f-string is shown but not replaced', () => {
  const file = parseSettings("X = 1\nA = {'b': 'x' f'{X}'}\n");
  expect(file.get(['A', 'b'])).toEqual(pythonExpression("'x' f'{X}'"));
  expect(() => file.set(['A', 'b'], 'y')).toThrow(/^A\.b cannot be managed: line 2 .* f-string/);
});

test('what merged values bring in is not known', () => {
  const file = parseSettings('A = {**base}\nB = dict(base)\n');
  expect(() => file.get(['A', 'b'])).toThrow(CannotManage);
  expect(() => file.get(['B', 'b'])).toThrow(CannotManage);
});

test('a refusal says nothing of values', () => {
  const file = parseSettings("A = {}\nA.update({'b': 'hidden-value'})\n");
  expect(() => file.set(['A', 'b'], 'other-value')).toThrow(/^(?!.*(hidden|other)-value)/s);
});

test('dict(…) takes no key that is not a name', () => {
  const file = parseSettings('A = dict(x=1)\n');
  for (const key of ['a b', 'class', 'None', '']) expect(() => file.set(['A', key], 1)).toThrow(CannotManage);
});

test.each([[], [''], ['1A'], ['A B'], ['A = 1\nB'], ['class'], ['None'], ['A[0]'], ['A.']])(
  '%j is no setting',
  (...path) => {
    const file = parseSettings('X = 1\n');
    expect(() => file.set(path, 1)).toThrow(TypeError);
    expect(() => file.get(path)).toThrow(TypeError);
  },
);

test.each([
  '',
  '1; import os',
  '1\nimport os',
  '1, 2',
  'a b',
  '(',
  'x = 1',
  '1 # c',
  'a := 1',
  'import os',
  "'x",
])('the expression %j is refused', (source) => {
  const file = parseSettings('A = 1\n');
  expect(() => file.set(['A'], pythonExpression(source))).toThrow(TypeError);
  expect(() => file.set(['A'], [new Map([['x', pythonExpression(source)]])])).toThrow(TypeError);
});

test('a value that is set never changes the file that it came from', () => {
  const file = parseSettings("A = 'x'\n");
  file.set(['A'], 'y');
  expect(file.source).toBe("A = 'x'\n");
});
