import { execFileSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { asAccount, shellOf } from '../../src/host/shell.ts';

const words = [
  'plain',
  '',
  'two words',
  "it's",
  '$HOME',
  '`id`',
  'a\nb',
  '*',
  '"',
  '\\',
  '-n',
  ';',
  '~',
  '#x',
  'ü',
];

it.each(words)('a real shell reads back %j', (word) => {
  const output = execFileSync('/bin/sh', ['-c', shellOf(['printf', '%s.', word])], { encoding: 'utf8' });
  expect(output).toBe(`${word}.`);
});

it('a command for another account is shown as root types it', () => {
  expect(asAccount('www-data', 'git status')).toBe('sudo -Hu www-data git status');
  expect(asAccount('root', 'git status')).toBe('git status');
  expect(asAccount(undefined, 'git status')).toBe('git status');
});
