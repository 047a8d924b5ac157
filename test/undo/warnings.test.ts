import { expect, it } from 'vitest';
import { type UndoPreview, undoWarnings } from '../../src/app/undo.ts';
import type { Change } from '../../src/engine/operation.ts';

/** A preview that stops units, with later runs: procedures where it says so. */
function preview(
  stops: readonly string[],
  later: readonly { readonly number: string; readonly command: string; readonly procedure: boolean }[] = [],
): UndoPreview {
  const section = { id: 'undo', title: 'Undo', heading: '', summary: '', needs: [], questions: [] };
  const planned = stops.map((unit) => {
    const change: Change = { kind: 'run', summary: unit, shell: [], stops: [unit], apply: async () => {} };
    const operation = { id: `undo/${unit}`, title: unit, observe: async () => change };
    return {
      node: { section: { ...section, operations: () => [] }, operation, needs: new Set<string>() },
      observation: change,
    };
  });
  const started = { kind: 'start', unit: 'x.service', operation: 'a/b', run: '0003', sequence: 1 } as const;
  const run = {
    number: '0003',
    command: 'run',
    at: '',
    procedure: false,
    complete: true,
    entries: [started],
  };
  const runs = later.map((each) => ({ ...run, ...each }));
  return { target: { run, entries: [], later: runs }, sections: [], nodes: [], planned, irreversible: [] };
}

it('says that the site will be down when what serves it is stopped', () => {
  expect(undoWarnings(preview(['studio-stats.timer', 'studio.service']))).toEqual([
    'The site will be down afterwards: this stops studio-stats.timer, studio.service.',
  ]);
  expect(undoWarnings(preview(['studio-stats.timer']))).toEqual([]);
});

it('advises to undo a later run first only where that can be done', () => {
  const rotation = { number: '0004', command: 'rotate secret-key', procedure: true };
  const run = { number: '0005', command: 'run', procedure: false };
  expect(undoWarnings(preview([], [rotation]))).toEqual([
    'Later runs may depend on it: 4 (rotate secret-key).',
  ]);
  expect(undoWarnings(preview([], [rotation, run]))).toEqual([
    'Later runs may depend on it: 4 (rotate secret-key), 5 (run). Undoing the newest run first is safer.',
  ]);
});
