import { describe, expect, it } from 'vitest';
import { diffOf } from '../../src/operations/diff.ts';
import { file } from '../../src/operations/file.ts';
import { Secret } from '../../src/output/secret.ts';
import { table } from './table.ts';

const lines = (...each: readonly string[]) => `${each.join('\n')}\n`;

describe('a diff', () => {
  it.each([
    [
      'of one line',
      lines('a', 'b', 'c'),
      lines('a', 'x', 'c'),
      undefined,
      ['@@ -1,3 +1,3 @@', ' a', '-b', '+x', ' c'],
    ],
    ['of nothing before', '', 'a\n', undefined, ['@@ -0,0 +1,1 @@', '+a']],
    ['of nothing afterwards', 'a\n', '', undefined, ['@@ -1,1 +0,0 @@', '-a']],
    [
      'with two lines around it',
      lines('1', '2', '3', '4', '5', '6', '7'),
      lines('1', '2', '3', 'x', '5', '6', '7'),
      undefined,
      ['@@ -2,5 +2,5 @@', ' 2', ' 3', '-4', '+x', ' 5', ' 6'],
    ],
    ['with none around it', lines('1', '2', '3'), lines('1', 'x', '3'), 0, ['@@ -2,1 +2,1 @@', '-2', '+x']],
    [
      'of a last line that does not end',
      'a',
      'a\n',
      undefined,
      ['@@ -1,1 +1,1 @@', '-a', '\\ No newline at end of file', '+a'],
    ],
    ['of what is the same', 'a\n', 'a\n', undefined, []],
  ] as const)('%s', (_, before, after, context, expected) => {
    const shown = diffOf('/etc/conf', before, after, context).split('\n');
    expect(shown.filter((line) => !/^(---|\+\+\+) /.test(line) && line !== '')).toEqual(expected);
  });
});

const secret = new Secret('a-word-that-nobody-sees');
table('a diff of a file', [
  {
    title: 'masks secrets, old and new',
    operation: file({
      id: 'site/env',
      path: '/etc/site.env',
      content: async () => `KEY=${secret.reveal()}\nNAME=two\n`,
      pristine: async () => [`KEY=${secret.reveal()}\nNAME=one\n`],
      shell: [],
    }),
    before: { '/etc/site.env': `KEY=${secret.reveal()}\nNAME=one\n` },
    change: { diff: expect.stringMatching(/ KEY=••••\n-NAME=one\n\+NAME=two$/) },
    after: { '/etc/site.env': `KEY=${secret.reveal()}\nNAME=two\n` },
  },
]);
