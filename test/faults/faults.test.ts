import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { campaign, faultsOf, fullFrom, type Subject, type Whole, whole } from './campaign.ts';
import { MUTANTS, type Mutant } from './mutants.ts';
import { ERRORS, kindOf, Preload } from './preload.ts';

let preload: Preload;
beforeAll(() => {
  preload = new Preload();
});
afterAll(() => preload.remove());

/** @returns `open 12, write 3`, the most frequent first */
function inWords(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .sort(([, one], [, other]) => other - one)
    .map(([kind, count]) => `${kind} ${count}`)
    .join(', ');
}

/** What every run must have heard: a kind that is not there would say that the shim is deaf for it. */
const KINDS = ['open', 'write', 'rename', 'fsync', 'exec', 'mkdir', 'unlink', 'chmod', 'chown'];

describe.each<{ name: string; subject: Subject; changes: number; kinds: readonly string[] }>([
  { name: 'a run', subject: { args: ['run'] }, changes: 11, kinds: [...KINDS, 'symlink'] },
  { name: 'a rotation', subject: { args: ['rotate', 'secret-key'] }, changes: 4, kinds: KINDS },
])('$name', ({ name, subject, changes, kinds }) => {
  test(`each call fails once, with each of ${ERRORS.join(', ')}, and the disk is full from each on`, {
    timeout: 60 * 60_000,
  }, async () => {
    const reference = await whole(preload, subject);
    expect(reference.changes).toBe(changes);
    expect([...new Set(reference.calls.map(kindOf))].sort()).toEqual([...kinds].sort());
    const each = faultsOf(reference);
    const full = fullFrom(reference);
    const faults = [...each, ...full];
    const { injected, missed, wrong } = await campaign(preload, subject, reference, faults);
    console.log(
      `${name} with ${changes} changes: ${reference.calls.length} calls, ${each.length} faults of one call, ${full.length} disks full from then on (${inWords(injected)}), ${wrong.length} wrong`,
    );
    expect(missed).toEqual([]);
    expect(wrong).toEqual([]);
    expect([...injected.values()].reduce((sum, count) => sum + count, 0)).toBe(faults.length);
  });
});

describe('what must never be is noticed when it is planted', () => {
  const subjectOf = (planted: Mutant): Subject => ({ args: ['run'], planted, hangsMs: 10_000 });
  let reference: Whole;
  beforeAll(async () => {
    reference = await whole(preload, subjectOf('torn'));
  }, 60_000);

  test.each(MUTANTS)('%s', { timeout: 120_000 }, async (planted) => {
    const faults = faultsOf(reference, ['ENOSPC'], (name) => name === 'write /mutant');
    const { wrong, missed } = await campaign(preload, subjectOf(planted), reference, faults);
    expect([faults.length, missed]).toEqual([1, []]);
    const noticed = {
      torn: 'torn: mutant',
      'false done': 'false done',
      hangs: 'it hung',
      'stack trace': 'a stack trace',
    };
    expect(wrong.join('\n')).toContain(noticed[planted]);
  });
});
