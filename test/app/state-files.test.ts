import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readPending, writePending } from '../../src/app/pending-record.ts';
import { noteAtWork, stillAtWork } from '../../src/host/at-work.ts';
import { Ledger } from '../../src/host/ledger.ts';
import { lastLogged } from '../../src/reporters/run-log.ts';
import { readRuns } from '../../src/undo/runs.ts';
import { cuts, SHAPES, wrongShapes } from './shapes.ts';

let state: string;
beforeEach(() => {
  state = mkdtempSync(path.join(tmpdir(), 'studio-setup-state-'));
});
afterEach(() => rmSync(state, { recursive: true }));

function put(name: string, text: string): string {
  const file = path.join(state, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe('ledger.json', () => {
  const whole = JSON.stringify({
    written: { '/etc/a': ['00', '11'] },
    hints: { key: 'value' },
    answers: { domain: 'studio.example.org', flag: true, names: ['a'] },
    lastRun: 7,
  });
  const shapes = [
    ...SHAPES,
    ...['null', '[]', '"text"', '7', '{"key":null}', '{"key":7}'].flatMap((value) =>
      ['written', 'hints', 'answers'].map((part) => `{"${part}":${value}}`),
    ),
    ...['null', '"7"', '-1', '1.5', '1e300', '1e999', '9007199254740993'].map((run) => `{"lastRun":${run}}`),
  ];

  test.each([...shapes, ...cuts(whole)])('is read and written over without an error: %s', (text) => {
    put('ledger.json', text);
    const reading = new Ledger(state);
    for (const read of [() => reading.hint('key'), () => reading.answers(), () => reading.written('/etc/a')])
      expect(read).not.toThrow();
    expect(readFileSync(path.join(state, 'ledger.json'), 'utf8')).toBe(text);
    const writing = new Ledger(state);
    const run = writing.nextRun(41);
    expect(Number.isSafeInteger(run) && run >= 42).toBe(true);
    expect(new Ledger(state).nextRun()).toBe(run + 1);
    if (writing.damaged !== undefined) expect(readFileSync(writing.damaged, 'utf8')).toBe(text);
  });

  test('of every other shape it is read and written over without an error', () => {
    for (const shape of wrongShapes(JSON.parse(whole))) {
      const text = JSON.stringify(shape);
      put('ledger.json', text);
      const ledger = new Ledger(state);
      ledger.hint('key');
      ledger.answers();
      ledger.written('/etc/a');
      expect(Number.isSafeInteger(ledger.nextRun(41)), text).toBe(true);
      expect(new Ledger(state).nextRun(), text).toBeGreaterThanOrEqual(43);
    }
  });

  test('what is whole is not set aside', () => {
    put('ledger.json', whole);
    const ledger = new Ledger(state);
    expect([ledger.hint('key'), ledger.nextRun()]).toEqual(['value', 8]);
    expect(readdirSync(state).filter((name) => name.includes('damaged'))).toEqual([]);
  });
});

describe('pending.json', () => {
  const whole = {
    procedure: 'rotate',
    arguments: { secret: 'x' },
    direction: 'backward',
    run: '0007',
  } as const;

  test.each([
    ...SHAPES,
    '{"procedure":null}',
    '{"procedure":["rotate"]}',
    ...cuts(JSON.stringify(whole)).slice(0, -1),
  ])('that tells nothing is nothing pending: %s', (text) => {
    put('pending.json', text);
    expect(readPending(state)).toBeUndefined();
  });

  test.each(['null', '[]', '"a"', '{"secret":7}'])('arguments that are none are skipped: %s', (text) => {
    put('pending.json', `{"procedure":"rotate","arguments":${text},"direction":"sideways","run":7}`);
    expect(readPending(state)).toEqual({ procedure: 'rotate', arguments: {}, direction: 'forward', run: '' });
  });

  test('of every other shape it is nothing, or names a procedure', () => {
    for (const shape of wrongShapes(whole)) {
      put('pending.json', JSON.stringify(shape));
      const pending = readPending(state);
      if (pending === undefined) continue;
      expect([pending.procedure, pending.run].map((each) => typeof each)).toEqual(['string', 'string']);
      expect(Object.values(pending.arguments).every((each) => typeof each === 'string')).toBe(true);
    }
  });

  test('is read as it was written', () => {
    writePending(state, whole);
    expect(readPending(state)).toEqual(whole);
  });
});

describe('journal.jsonl', () => {
  const lines = [
    { sequence: 1, at: '2026-01-01T00:00:00Z', operation: '', kind: 'run', command: 'run' },
    { sequence: 2, operation: 'a/b', kind: 'change', title: 'a file', summary: '/etc/a' },
    { sequence: 3, operation: 'a/b', kind: 'write', path: '/etc/a', before: null, after: { sha256: '00' } },
    { sequence: 4, operation: 'a/c', kind: 'enable', unit: 'a.service', links: {} },
    { sequence: 5, operation: '', kind: 'end', changed: 1, unchanged: 0, failed: 0, skipped: 0 },
  ].map((line) => JSON.stringify(line));
  const read = (text: string) => {
    put('runs/0001/journal.jsonl', text);
    return readRuns(state)[0];
  };

  test.each([
    ...SHAPES,
    '{"kind":"write"}',
    '{"kind":"write","path":7,"before":null}',
    '{"kind":"enable","unit":null}',
    '{"kind":"rights","path":"/etc"}',
    '{"kind":7}',
  ])('a line that is no entry tells nothing: %s', (line) => {
    expect(read([...lines, line].join('\n'))?.entries).toEqual(read(lines.join('\n'))?.entries);
  });

  test('cut at every byte it has the entries that are whole', () => {
    const text = lines.join('\n');
    for (const cut of cuts(text)) {
      const entries = read(cut)?.entries.length ?? 0;
      const whole = cut.split('\n').filter((line) => lines.slice(1, 4).includes(line)).length;
      expect(entries).toBe(whole);
    }
  });
});

describe('journal.jsonl, each line of every other shape', () => {
  const lines = [
    {
      sequence: 2,
      operation: 'a/b',
      kind: 'write',
      path: '/etc/a',
      before: { type: 'file', mode: 420 },
      after: {},
    },
    { sequence: 3, operation: 'a/c', kind: 'enable', unit: 'a.service', links: { '/etc/x': '/y' } },
    { sequence: 4, operation: 'a/d', kind: 'rights', path: '/etc', was: [['/etc/a', 'root:root', 420]] },
  ];

  test.each(lines)('$kind', (line) => {
    for (const shape of wrongShapes(line)) {
      put('runs/0001/journal.jsonl', `${JSON.stringify(shape)}\n${JSON.stringify(lines[1])}\n`);
      const entries = readRuns(state)[0]?.entries ?? [];
      // What follows is not lost with it.
      expect(entries.at(-1), JSON.stringify(shape)).toMatchObject({ unit: 'a.service' });
    }
  });
});

describe('at-work', () => {
  test.each([...SHAPES, '', 'x '.repeat(100), '00000000-0000-0000-0000-000000000000 7'])(
    'a record of no process of this boot is removed: %s',
    (text) => {
      const file = put(`at-work/${process.pid}`, text);
      expect(stillAtWork(state)).toEqual([]);
      expect(existsSync(file)).toBe(false);
    },
  );

  test('cut at every byte it is of no process', () => {
    noteAtWork(state, process.pid);
    expect(stillAtWork(state)).toEqual([process.pid]);
    const whole = readFileSync(path.join(state, `at-work/${process.pid}`), 'utf8');
    for (const cut of cuts(whole).slice(0, -1)) {
      put(`at-work/${process.pid}`, cut);
      expect(stillAtWork(state)).toEqual([]);
    }
  });
});

test.each([
  [['run-0007.log', 'run-x.log', 'run-.log', 'run-0008.log.old', 'other'], 7],
  [[], 0],
] as const)('of the logs %j the last is %i', (names, last) => {
  mkdirSync(path.join(state, 'log'));
  for (const name of names) put(`log/${name}`, '');
  expect(lastLogged(path.join(state, 'log'))).toBe(last);
});
