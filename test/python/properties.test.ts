import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseSettings } from '../../src/python/settings-file.ts';
import { splitString, stringValue } from '../../src/python/string-token.ts';
import { holds, isBytes, type PythonValue, pythonBytes } from '../../src/python/value.ts';
import { literalsOf, readingsOf } from './python.ts';

const NASTY = [
  "'",
  '"',
  '\\',
  '\n',
  '\r',
  '\r\n',
  '\t',
  '\0',
  '{',
  '}',
  '#',
  '%',
  "'''",
  '"""',
  '\\N',
  '\\x',
  '\\u12',
  '\ud800',
  '\udc00',
  '\u2028',
  '\u202e',
  '\ufeff',
  '\f',
  'é',
  '😀',
  'CHANGE_ME',
  ' ',
];
const text = fc
  .array(fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary' })), { maxLength: 12 })
  .map((parts) => parts.join(''));
const bytes = fc.uint8Array({ maxLength: 40 }).map(pythonBytes);
const number = fc.oneof(fc.maxSafeInteger(), fc.double({ noNaN: true, noDefaultInfinity: true }));
const value: fc.Arbitrary<PythonValue> = fc.letrec<{ value: PythonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.oneof(text, bytes, number, fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(text, tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
  ),
})).value;

/** What may stand in the file before. */
const before = fc.constantFrom(
  "''",
  '"a"',
  "'''a\nb'''",
  'b"x"',
  "r'\\d'",
  "U'u'",
  '0x1f',
  'None',
  "os.environ.get('A', 'b')",
  "['a', 'c']",
  "[\n    'a',  # one\n    'b'\n]",
  '{}',
  '{\n    # none\n}',
  "{'a': 1}",
  "{\n\t'a': 1,\n\t'b': {'c': 'd'},  # e\n}",
  "('a'\n   'b')",
  "('a', 'b')",
  "'a' \\\n  'b'",
  "{'a': {'b': [1, 2, 3]}, 'z': -1.5}",
  "dict(a='b')",
);
const around = fc.constantFrom<[string, string]>(
  ['', ''],
  ['# CHANGE_ME\n', '\n# after\nOTHER = NAME\n'],
  ['NAME = \'first\'\nX = """\nNAME = \'no\'\n"""\n', '  # the end'],
  ['import os;\tY=1 ; ', ' ; Z = 2\n'],
  ['def NAME_():\n    NAME = 1\n', '\n\n\n'],
);

function json(own: PythonValue): unknown {
  if (own === null || typeof own !== 'object') return own;
  if (isBytes(own)) return { bytes: [...own.bytes] };
  if (own instanceof Map) return Object.fromEntries([...own].map(([key, inner]) => [key, json(inner)]));
  return (own as readonly PythonValue[]).map(json);
}

test('what is set is got, only the value changes, and Python reads the same', () => {
  const sources: string[] = [];
  const wanted: unknown[] = [];
  const body = fc.tuple(before, value, around, fc.boolean(), fc.boolean());
  fc.assert(
    fc.property(body, ([start, own, [head, tail], mark, crlf]) => {
      const shape = (part: string) => (crlf ? part.replaceAll('\n', '\r\n') : part);
      const [left, right] = [(mark ? '\ufeff' : '') + shape(`${head}NAME = `), shape(tail)];
      const file = parseSettings(left + shape(start) + right).set(['NAME'], own);
      expect(file.source.startsWith(left)).toBe(true);
      expect(file.source.endsWith(right)).toBe(true);
      expect(holds(file.get(['NAME']) ?? null, own)).toBe(true);
      expect(file.set(['NAME'], own)).toBe(file);
      sources.push(file.source.replace('\ufeff', ''));
      const kept = typeof own === 'string' && start.startsWith('b') ? pythonBytes(own) : own;
      wanted.push(json(kept));
    }),
    { numRuns: 1500 },
  );
  const read = literalsOf(sources);
  read.forEach((actual, index) => {
    expect(actual, sources[index] ?? '').toEqual(wanted[index]);
  });
});

test('keys set in any order under a dict are all there, and nothing else changed', () => {
  const key = fc.oneof(fc.constantFrom('a', 'b', "it's", '__proto__', '0', 'é'), text);
  const entries = fc.uniqueArray(fc.tuple(key, fc.oneof(text, value)), {
    selector: ([own]) => own,
    maxLength: 5,
  });
  fc.assert(
    fc.property(
      before.filter((start) => start.startsWith('{')),
      entries,
      fc.boolean(),
      (start, list, deep) => {
        const path = deep ? ['NAME', 'level'] : ['NAME'];
        const original = parseSettings(`# head\nNAME = ${start}  # tail\n`);
        const file = list.reduce((own, [name, item]) => own.set([...path, name], item), original);
        for (const [name, item] of list) expect(holds(file.get([...path, name]) ?? null, item)).toBe(true);
        for (const name of ['a', 'b']) {
          if (deep || !list.some(([own]) => own === name)) {
            expect(file.get(['NAME', name])).toEqual(original.get(['NAME', name]));
          }
        }
        const comments = (source: string) => [...source.matchAll(/# (?:head|tail|none|e)$/gm)].length;
        expect(comments(file.source)).toBeGreaterThanOrEqual(comments(original.source));
      },
    ),
    { numRuns: 400 },
  );
});

test('literals are read as Python reads them', () => {
  const piece = fc.constantFrom(
    '\\',
    "'",
    '"',
    'n',
    'x',
    'u',
    'U',
    'N',
    '{',
    '}',
    '0',
    '7',
    '4',
    '1',
    'a',
    'f',
    '\n',
    '\r\n',
    'é',
    '😀',
    '\\\n',
    '\\x41',
    '\\u00e9',
    '\\U0001f600',
    '\\777',
    '\\0',
  );
  const literal = fc
    .tuple(
      fc.constantFrom('', '', 'r', 'b', 'Rb', 'u', 'BR'),
      fc.constantFrom("'", '"', "'''", '"""'),
      fc.array(piece, { maxLength: 8 }),
    )
    .map(([prefix, quote, parts]) => `${prefix}${quote}${parts.join('')}${quote}`);
  const literals = fc.sample(literal, 4000);
  const readings = readingsOf(literals);
  let compared = 0;
  literals.forEach((source, index) => {
    const token = splitString(source);
    const own = token && stringValue(token);
    const reading = readings[index];
    if (own === undefined || !reading) return;
    compared++;
    expect(json(own), source).toEqual(reading.value);
  });
  expect(compared).toBeGreaterThan(500);
});
