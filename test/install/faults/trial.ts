import { expect } from 'vitest';
import type { Record } from '../../rehearsal/operator.ts';
import type { Rehearsal } from '../../rehearsal/rehearsal.ts';
import { shell } from '../operator.ts';
import type { Fault } from './fault.ts';

/** Its hour may strike while a fault is there, and then it has failed rightly. No fault is of this timer's run. */
const HOURLY = ['timer-studio-clock-tick'];

/** One look at all checks: the ids of those that failed, and what each said. */
type Scorecard = ReadonlyMap<string, string>;

/** @param records of `doctor --json` @returns each of its scorecards: two with `--fix`, before and after */
function scorecards(records: readonly Record[]): readonly Scorecard[] {
  const cards: Map<string, string>[] = [new Map()];
  for (const { type, id, ok, said } of records) {
    if (type === 'check' && ok === false) cards.at(-1)?.set(String(id), String(said));
    if (type === 'doctor-finished') cards.push(new Map());
  }
  return cards.slice(0, -1);
}

/** How the operator starts the doctor, months later: nobody has the answers file at hand. */
async function doctor(host: Rehearsal, ...options: readonly string[]) {
  const { code, stdout, stderr } = await host.exec(['studio-setup', 'doctor', '--yes', '--json', ...options]);
  const records = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Record);
  return { code, records, stderr, cards: scorecards(records) };
}

/** Plants a fault, or does by hand what takes it away. */
export function executeRun(host: Rehearsal, what: NonNullable<Fault['byHand']>): Promise<unknown> {
  return typeof what === 'string' ? shell(host, what) : what(host);
}

/**
 * Plants a fault, and has the doctor find and fix it; what it can't fix it has to leave, and a person fixes it.
 * The host must be well before, and is so after; also when this fails, or the faults that follow would fail with it.
 */
export async function trial(host: Rehearsal, fault: Fault): Promise<void> {
  await executeRun(host, fault.plant);
  try {
    await foundAndFixed(host, fault);
  } finally {
    if (fault.byHand !== undefined) await executeRun(host, fault.byHand);
  }
}

async function foundAndFixed(host: Rehearsal, fault: Fault): Promise<void> {
  const ran = await doctor(host, '--fix', ...(fault.options ?? []));
  const [before = new Map(), after = before] = ran.cards;
  const why = () =>
    `${JSON.stringify([...before])}\n${JSON.stringify(ran.records.slice(-60))}\n${ran.stderr}`;
  const perhaps = [...(fault.perhaps ?? []), ...HOURLY];
  const failed = [...before.keys()].filter((id) => !perhaps.includes(id));
  expect(failed.sort(), why()).toEqual([fault.found, ...(fault.also ?? [])].sort());
  expect(before.get(fault.found)).toMatch(fault.said);
  if (fault.byHand === undefined) {
    expect([...after], why()).toEqual([]);
    expect(ran.code, why()).toBe(0);
    return;
  }
  expect(after.has(fault.found), why()).toBe(true);
  expect(ran.code, why()).toBeGreaterThan(0);
}
