import { describe, expect, it } from 'vitest';
import { ProblemError } from '../../src/output/problem.ts';
import type { RunRecord } from '../../src/undo/runs.ts';
import { isUndoable, takenBack, targetOf } from '../../src/undo/target.ts';

const entry = { kind: 'start', unit: 'studio.service', operation: 'a/b', sequence: 1 } as const;
const change = { kind: 'change', title: 'account ada', summary: 'x', operation: 'a/c', sequence: 1 } as const;
const LOST = 'the old password is not kept';
let made = 0;
function aRun(number: number, more: Partial<RunRecord> = {}): RunRecord {
  const name = String(number).padStart(4, '0');
  made += 1;
  return {
    number: name,
    command: more.undoes === undefined ? 'run' : `undo ${Number(more.undoes)}`,
    at: `2026-05-04T03:02:${String(made).padStart(2, '0')}Z`,
    procedure: false,
    complete: true,
    entries: [{ ...entry, run: name }],
    ...more,
  };
}
const undoOf = (number: number, of: string, more: Partial<RunRecord> = {}) =>
  aRun(number, { undoes: of, ...more });

const refusal = (runs: readonly RunRecord[], asked?: string) => {
  try {
    return targetOf(runs, asked).run.number;
  } catch (error) {
    if (error instanceof ProblemError) return error.problem.what;
    throw error;
  }
};

describe('without a number', () => {
  it.each([
    ['the last', [aRun(1), aRun(2)], '0002'],
    ['the last that changed something', [aRun(1), aRun(2, { entries: [] })], '0001'],
    ['one further back after each undo', [aRun(1), aRun(2), undoOf(3, '0002')], '0001'],
    ['it again, once its undo is undone', [aRun(1), aRun(2), undoOf(3, '0002'), undoOf(4, '0003')], '0002'],
    ['an undo that was cut off goes on', [aRun(1), aRun(2), undoOf(3, '0001', { complete: false })], '0001'],
    [
      'an undo of an undo that was cut off goes on',
      [aRun(1), undoOf(2, '0001'), undoOf(3, '0002', { complete: false })],
      '0002',
    ],
    [
      'nothing is left',
      [aRun(1), undoOf(2, '0001')],
      expect.stringContaining('All runs were undone already'),
    ],
    ['nothing was ever done', [], expect.stringContaining('No run is recorded')],
  ])('%s', (_, runs, expected) => {
    expect(refusal(runs)).toEqual(expected);
  });
});

describe('refused', () => {
  it.each([
    ['a number that is none', [aRun(1)], '7', 'There is no run 7'],
    ['a run that changed nothing', [aRun(1, { entries: [] })], '1', 'changed nothing'],
    ['one that is undone', [aRun(1), undoOf(2, '0001')], '1', 'Run 0001 was undone already, by run 0002.'],
    ['a procedure', [aRun(1, { procedure: true, command: 'rotate secret-key' })], '0001', "can't be undone"],
    [
      'the maintenance page, which is taken back otherwise',
      [aRun(1, { procedure: true, command: 'maintenance on --retry-after 300' })],
      '1',
      'it has a way back of its own',
    ],
    ['a procedure that is the last', [aRun(1), aRun(2, { procedure: true })], undefined, "can't be undone"],
  ])('%s', (_, runs, asked, expected) => {
    expect(refusal(runs, asked)).toContain(expected);
  });
});

it('both starts of an undo that was cut off are taken back together', () => {
  const runs = [aRun(1), undoOf(2, '0001', { complete: false }), undoOf(3, '0001'), undoOf(4, '0003')];
  expect(targetOf(runs.slice(0, 3), '3').entries.map(({ run }) => run)).toEqual(['0002', '0003']);
  expect(targetOf(runs.slice(0, 3), '2').run.number).toBe('0003');
  const nothingLeft = [...runs.slice(0, 2), undoOf(3, '0001', { entries: [] })];
  expect(targetOf(nothingLeft, '3').entries.map(({ run }) => run)).toEqual(['0002']);
  expect([...takenBack(runs)]).toEqual(['0003']);
});

it('names the later runs that are in effect', () => {
  const runs = [aRun(1), aRun(2), aRun(3), undoOf(4, '0003')];
  expect(targetOf(runs, '1').later.map(({ number }) => number)).toEqual(['0002']);
});

describe('a run of which nothing can be put back', () => {
  const password = aRun(2, {
    command: 'admin ada',
    entries: [{ ...change, run: '0002', irreversible: LOST }],
  });

  it.each([undefined, '2'])('is refused, with what stays and why (asked for: %s)', (asked) => {
    expect(() => targetOf([aRun(1), password], asked)).toThrow(
      expect.objectContaining({
        problem: {
          what: "Run 0002 (admin ada) can't be undone: undo can put back nothing of what it changed.",
          detail: [`account ada: ${LOST}`],
          remedy: expect.stringContaining('studio-setup undo --list, then studio-setup undo NUMBER'),
        },
      }),
    );
  });

  it('is none that is marked so while there is anything to put back', () => {
    const some = aRun(3, { entries: [...password.entries, { ...entry, run: '0003' }] });
    const marks = [password, some, undoOf(4, '0003'), aRun(5, { procedure: true })].map(isUndoable);
    expect(marks).toEqual([false, true, true, false]);
  });
});
