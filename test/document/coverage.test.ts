import { describe, expect, test } from 'vitest';
import { coverageMistakes, coverageOf } from '../../src/document/coverage.ts';
import { instructions } from '../../src/document/instructions.ts';
import { sections } from '../../steps/index.ts';
import { departure, operation, section } from './sample.ts';

describe('of the product', () => {
  test('every instruction has its operations, and every `covers` its instruction', () => {
    expect(coverageMistakes(sections)).toEqual([]);
  });

  test('instructions follow one another as the document has them', () => {
    const headings = instructions.map(({ heading }) => heading);
    const runs = headings.filter((heading, index) => heading !== headings[index - 1]);
    expect(runs).toEqual([...new Set(headings)]);
    for (const { id, text } of instructions) {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(text.trim()).not.toBe('');
    }
  });

  test('a timer is covered by the timer and by a run of its service', () => {
    const found = coverageOf(sections).find(({ instruction }) => instruction.id === 'timer-studio-stats');
    expect(found?.by.map((placed) => placed.operation.id)).toEqual([
      'periodic-tasks/studio-stats.timer',
      'periodic-tasks/studio-stats',
    ]);
  });

  test('operations that only other answers bring are counted too', () => {
    const found = coverageOf(sections).find(({ instruction }) => instruction.id === 'settings-database');
    const ids = found?.by.map((placed) => placed.operation.id);
    expect(ids).toContain('database/role');
    expect(ids).toContain('database/login');
  });
});

describe('mistakes are found:', () => {
  const enable = { id: 'enable', heading: 'Web', text: 'systemctl enable web' };
  const covered = section('web', operation('web/service', { covers: ['enable'] }));

  test.each([
    ['none where all matches', [covered], [enable], []],
    [
      'an instruction that nothing carries out',
      [section('web')],
      [enable],
      ['enable: no operation covers it'],
    ],
    [
      'an operation that covers what the document does not have',
      [section('web', operation('web/service', { covers: ['enable', 'enabel'] }))],
      [enable],
      ['web/service covers enabel, which is no instruction'],
    ],
    ['one id for two instructions', [covered], [enable, enable], ['enable is the id of two instructions']],
    [
      'a departure that is gone',
      [covered],
      [{ ...enable, departures: ['later'] }],
      ['later is named by an instruction, and no operation departs so'],
    ],
    [
      'a departure that stands at no instruction',
      [section('web', operation('web/service', { covers: ['enable'], departure: departure('later') }))],
      [enable],
      ['departure later is named by no instruction'],
    ],
    [
      'none for what the document has no word on',
      [
        section(
          'web',
          operation('web/service', {
            covers: ['enable'],
            departure: departure('extra', { document: 'no word on extras' }),
          }),
        ),
      ],
      [enable],
      [],
    ],
  ])('%s', (_, made, all, mistakes) => {
    expect(coverageMistakes(made, all)).toEqual(mistakes);
  });
});
