import { describe, expect, it } from 'vitest';
import { count, duration } from '../../src/output/duration.ts';
import { problemText } from '../../src/output/problem-text.ts';
import { wrap } from '../../src/output/wrap.ts';
import { planSummary, planText } from '../../src/reporters/plan-text.ts';
import { section } from '../engine/nodes.ts';
import { entry } from './entry.ts';

it.each([
  [0, '0.0 s'],
  [1849, '1.8 s'],
  [51_200, '51 s'],
  [59_900, '60 s'],
  [72_000, '1 min 12 s'],
  [3_599_000, '59 min 59 s'],
  [19_200_000, '5 h 20 min'],
  [4 * 86_400_000 + 1, '4 days'],
  [119_900, '2 min 0 s'],
])('%d ms are %s', (ms, text) => {
  expect(duration(ms)).toBe(text);
});

it.each([
  [0, '0 changes'],
  [1, '1 change'],
  [2, '2 changes'],
])('%d', (number, text) => {
  expect(count(number, 'change')).toBe(text);
});

describe('wrap', () => {
  it('breaks at spaces, within 80 columns, and indents', () => {
    const lines = wrap('word '.repeat(40).trim(), { first: '- ', rest: '  ' });
    expect(lines.every((line) => line.length <= 80)).toBe(true);
    expect(lines[0]?.startsWith('- word')).toBe(true);
    expect(lines.slice(1).every((line) => line.startsWith('  word'))).toBe(true);
  });

  it('leaves a long path whole', () => {
    const path = `/${'folder/'.repeat(20)}file`;
    expect(wrap(`see ${path}`)).toEqual(['see', path]);
  });
});

it('a problem says what, the command, its last lines, the code, what to do and where the log is', () => {
  const problem = {
    what: 'nginx refuses its configuration.',
    remedy: 'Run the certificate section.',
    command: 'nginx -t',
    exitCode: 1,
    detail: ['[emerg] cannot load certificate\u001b[2J'],
  };
  expect(
    problemText(problem, { at: 'Nginx › test the configuration', log: '/var/log/x.log, line 7' }),
  ).toEqual([
    '✗ Nginx › test the configuration',
    '  nginx refuses its configuration.',
    '  $ nginx -t',
    '    [emerg] cannot load certificate',
    '  exit code 1',
    '  What to do: Run the certificate section.',
    '  Log: /var/log/x.log, line 7',
  ]);
});

describe('a plan', () => {
  const entries = [
    entry({}),
    entry({
      kind: 'update',
      summary: '/etc/y',
      departures: ['d'],
      diff: '--- a\n+++ b\n@@ -1 +1 @@\n-old\n+new\n',
    }),
    entry({ kind: 'run', summary: 'poetry install' }),
    entry({ kind: 'later', summary: 'migrate', after: 'after settings.py', departures: ['d', 'e'] }),
  ];

  it('is listed with its signs, differences and departures', () => {
    expect(planText(entries, [section('other', []), section('site', [])], { diff: true })).toEqual([
      '',
      'site  4 changes',
      '  + /etc/x',
      '  ~ /etc/y  ≠',
      '      @@ -1 +1 @@',
      '      -old',
      '      +new',
      '  ▸ poetry install',
      '  ▸ migrate  (after settings.py)  ≠',
    ]);
  });

  it('is summed up, each departure counted once', () => {
    expect(planSummary(entries)).toBe('4 changes in 1 section, 2 departures from the document (≠)');
    expect(planSummary([])).toBe('0 changes in 0 sections');
  });
});
