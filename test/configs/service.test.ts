import { describe, expect, test } from 'vitest';
import {
  execStartOption,
  execStartProgram,
  programsOfRoot,
  removeExecStartOption,
  setExecStartProgram,
} from '../../src/configs/service.ts';

const unit = (line: string): string => `[Service]\n${line}\nRestart=no\n`;

describe('the program', () => {
  test.each([
    ['ExecStart=/usr/bin/meilisearch-0.25.2 --env production', '/usr/bin/meilisearch-0.25.2'],
    ['ExecStart=-/usr/bin/a b', '/usr/bin/a'],
    ['ExecStart=!!/usr/bin/a', '/usr/bin/a'],
    ['ExecStart="/opt/a b/c" d', '/opt/a b/c'],
    ['ExecStart=\\\n  /usr/bin/a', '/usr/bin/a'],
    ['ExecStart=/bin/a\nExecStart=\nExecStart=/bin/b', '/bin/b'],
    ['Type=oneshot', undefined],
  ])('of %j is %j', (line, expected) => {
    expect(execStartProgram(unit(line))).toBe(expected);
  });

  test('is replaced, its prefix and all arguments stay', () => {
    expect(setExecStartProgram(unit('ExecStart=-/usr/bin/a  --x "y"'), '/opt/b')).toBe(
      unit('ExecStart=-/opt/b  --x "y"'),
    );
    expect(setExecStartProgram('[Unit]\n', '/opt/b')).toBe('[Unit]\n');
  });
});

describe('an option', () => {
  test.each([
    ['ExecStart=/m --no-analytics true --env production', 'true', 'ExecStart=/m --env production'],
    ['ExecStart=/m --no-analytics=true --env production', 'true', 'ExecStart=/m --env production'],
    ['ExecStart=/m --no-analytics --env production', '', 'ExecStart=/m --env production'],
    ['ExecStart=/m --env production --no-analytics', '', 'ExecStart=/m --env production'],
    ['ExecStart=/m --no-analytics-x 1', undefined, 'ExecStart=/m --no-analytics-x 1'],
    [
      'ExecStart=/m \\\n  --no-analytics true \\\n  --env production',
      'true',
      'ExecStart=/m \\\n  --env production',
    ],
  ])('of %j has the value %j', (line, value, without) => {
    expect(execStartOption(unit(line), '--no-analytics')).toBe(value);
    expect(removeExecStartOption(unit(line), '--no-analytics')).toBe(unit(without));
  });
});

describe('what a unit runs with the rights of root', () => {
  test.each([
    ['User=www-data\nExecStart=/usr/bin/a', []],
    ['ExecStart=/usr/bin/a', ['/usr/bin/a']],
    ['User=0\nExecStart=/usr/bin/a', ['/usr/bin/a']],
    ['User=www-data\nUser=\nExecStart=/usr/bin/a', ['/usr/bin/a']],
    ['User=www-data\nExecStartPre=-+/usr/bin/b x\nExecStart=/usr/bin/a', ['/usr/bin/b']],
    ['User=www-data\nExecStart=/usr/bin/a ; !!/usr/bin/b x', ['/usr/bin/b']],
    ['ExecStart=\nExecStartPost=/usr/bin/c', ['/usr/bin/c']],
    ['ExecStart=/bin/sh -eu /var/www/script x', ['/bin/sh', '/var/www/script']],
    ['ExecStart=/usr/bin/python3.11 /var/www/x.py', ['/usr/bin/python3.11', '/var/www/x.py']],
    ['ExecStart=/usr/bin/rsync /var/www /backup', ['/usr/bin/rsync']],
  ])('%s', (lines, programs) => {
    expect(programsOfRoot(unit(lines))).toEqual(programs);
  });
});
