import { expect, test } from 'vitest';
import { SettingsSyntaxError } from '../../src/python/errors.ts';
import { parseSettings } from '../../src/python/settings-file.ts';

function failure(source: string): SettingsSyntaxError {
  try {
    parseSettings(source);
  } catch (error) {
    if (error instanceof SettingsSyntaxError) return error;
    throw error;
  }
  throw new Error(`parsed: ${source}`);
}

test.each<[what: string, source: string, line: number, column: number, excerpt: string]>([
  ['no value', 'X = 1\nSECRET_KEY = \nY = 2\n', 2, 14, 'SECRET_KEY = ••••'],
  ['a string that is not closed', "SECRET_KEY = 'hidden\nY = 1\n", 1, 14, 'SECRET_KEY = ••••'],
  ['a string whose end is escaped', "SECRET_KEY = 'hidden\\'\nY = 1\n", 1, 14, 'SECRET_KEY = ••••'],
  ['an f-string that is not closed', "SECRET_KEY = f'hidden\nY = 1\n", 1, 14, 'SECRET_KEY = ••••'],
  ['no quotes', 'SECRET_KEY = hid$den\n', 1, 17, 'SECRET_KEY = ••••'],
  ['a bracket that is not closed', "X = {\n    'hidden': 1\nY = 2\n", 2, 16, "'hidden': ••••"],
  ['two strings without a comma', "X = {'a': 'hidden' 'b': 'hidden'}\n", 1, 23, 'X = ••••'],
  ['a quote too many', "A = 'x'\nSECRET_KEY = 'hid'den'\n", 2, 19, 'SECRET_KEY = ••••'],
  ['an indented line', "A = 'x'\n  SECRET_KEY = 'hidden'\n", 2, 3, 'SECRET_KEY = ••••'],
  ['an import', 'import os\nfrom a imprt b\n', 2, 8, '••••'],
  ['letters of two units', "é = '😀' hidden\r\n", 1, 9, '••••'],
  ['a bracket too many', 'A = 1\r\n)\r\n', 2, 1, '••••'],
])('%s', (_, source, line, column, excerpt) => {
  const error = failure(source);
  expect([error.line, error.column, error.excerpt]).toEqual([line, column, excerpt]);
  expect(error.message).toContain(`Line ${line}, column ${column}`);
  if (!excerpt.includes('hidden')) expect(error.message).not.toMatch(/hid/);
});

test('a triple-quoted string that is not closed shows none of it', () => {
  const error = failure(`KEY = """${'abc=\nDEF==\nghi = \n'.repeat(3)}\nX = 'pass'\n`);
  expect(error.message).not.toMatch(/abc|DEF|ghi|pass/);
});

test.each([
  "A = '''x'''\n",
  "A = 'x\\\n y'\n",
  "A = 'x\\\r\n y'\r\n",
  'A = 1.\n',
  '\f\nA = 1\n \f \nB = 2\n',
  'A = 1\rB = 2\r',
  '@x\ndef f(): pass\n',
  'if x: A = 1; B = 2\n',
  '    # an indented comment\nA = 1\n',
  '\n   \n',
])('%j is read', (source) => {
  expect(parseSettings(source).source).toBe(source);
});
