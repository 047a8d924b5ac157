import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Change, isLater, type Operation } from '../../src/engine/operation.ts';
import { ProblemError, StoppedError } from '../../src/output/problem.ts';
import { coreutils } from '../host/fake/coreutils.ts';
import { entryOf, type Given } from '../host/fake/entries.ts';
import { type Failure, Killed } from '../host/fake/failures.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { Systemd } from '../host/fake/systemd.ts';
import { unlessAbsent } from '../host/fake/tree.ts';
import { passTime, stopTime } from './virtual-time.ts';

type Files = Readonly<Record<string, Given | null>>;

/** A host in memory with systemd. */
export interface Machine {
  readonly host: FakeHost;
  readonly systemd: Systemd;
}

/** What an operator reads of a problem. */
interface Says {
  readonly what: RegExp;
  readonly remedy?: RegExp;
}

interface Midway {
  readonly plant: Failure;
  readonly fails?: RegExp;
  /** What stands there when it failed. */
  readonly left: Files;
}

/** One host and what an operation makes of it. Exactly one of `change`, `upToDate`, `later`, `conflict` and `refused` says what observing tells. */
export interface Row {
  readonly title: string;
  readonly operation: Operation;
  /** Path → what stands there. */
  readonly before?: Files;
  readonly arrange?: (machine: Machine) => void | Promise<void>;
  readonly change?: Partial<Omit<Change, 'apply' | 'conflict'>>;
  readonly upToDate?: true;
  readonly later?: string;
  readonly conflict?: { readonly path: string; readonly diff: RegExp; readonly edited?: RegExp };
  readonly refused?: Says;
  /** Applying fails, on a host where nothing else goes wrong. */
  readonly fails?: Says;
  /** Applying ends well and has brought nothing: the engine takes that for a failure. */
  readonly stillMissing?: true;
  /** The operator stops the run at once. */
  readonly stopped?: true;
  /** What stands there when it is done, or has failed. */
  readonly after?: Files;
  /** All commands that it ran, as root would type them. */
  readonly ran?: readonly string[];
  /** What else is to be seen on the host then. */
  readonly check?: (machine: Machine) => void;
  readonly midway?: readonly Midway[];
}

/**
 * A table of tests for one kind of operation. Each change is applied, observed again, and then cut off at every one of its
 * steps, by a kill and by a failure: the next run must come to the same end.
 */
export function table(kind: string, rows: readonly Row[]): void {
  describe(kind, () => {
    beforeEach(stopTime);
    afterEach(() => void vi.useRealTimers());
    it.each(rows)('$title', observed);
    const changes = rows.filter(
      ({ change, fails, stopped, stillMissing }) =>
        change !== undefined && fails === undefined && !stopped && !stillMissing,
    );
    it.each(changes)('$title: wherever it is cut off, the next run comes to the same end', resumed);
    const halfway = changes.flatMap((row) => (row.midway ?? []).map((midway) => ({ ...row, midway })));
    if (halfway.length > 0)
      it.each(halfway)('$title: what a failure in the middle leaves ($midway.plant)', failedMidway);
  });
}

async function observed(row: Row): Promise<void> {
  const machine = await machineOf(row);
  const { host } = machine;
  const before = snapshot(host);
  const result = await row.operation.observe(host).catch((error: unknown) => error);
  expect(snapshot(host), 'observing changes nothing').toEqual(before);
  expect(host.ran, 'observing runs nothing').toEqual([]);
  if (row.refused !== undefined) return says(result, row.refused);
  if (result instanceof Error) throw result;
  const observation = result as Awaited<ReturnType<Operation['observe']>>;
  if (row.upToDate) return expect(observation).toBeUndefined();
  if (row.later !== undefined) return expect(observation).toMatchObject({ later: row.later });
  const change = changeOf(observation);
  if (row.conflict !== undefined) {
    const { path, diff, edited } = row.conflict;
    expect(change.conflict).toMatchObject({ path, diff: expect.stringMatching(diff) });
    expect(change.conflict?.edited).toEqual(edited === undefined ? undefined : expect.stringMatching(edited));
    return;
  }
  expect(change.conflict).toBeUndefined();
  expect(change).toMatchObject(row.change ?? {});
  const failure = await change.apply(host).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (row.stopped) expect(failure).toBeInstanceOf(StoppedError);
  else if (row.fails === undefined) expect(failure).toBeUndefined();
  else says(failure, row.fails);
  stands(host, row.after ?? {});
  if (row.ran !== undefined) expect(host.ran).toEqual(row.ran);
  row.check?.(machine);
  if (failure !== undefined) return;
  host.forget();
  const again = await row.operation.observe(host);
  if (row.stillMissing) expect(again, 'observed again').toBeDefined();
  else expect(again, 'observed again').toBeUndefined();
}

/** Cut off at each step in turn, by a kill and by an error; then run again by a new process, which knows nothing. */
async function resumed(row: Row): Promise<void> {
  const { host: whole } = await machineOf(row);
  await changeOf(await row.operation.observe(whole)).apply(whole);
  const { writes, execs } = whole.steps;
  const end = snapshot(whole);
  expect(writes + execs).toBeGreaterThan(0);
  const failures: Failure[] = [
    ...steps(writes).flatMap((write): Failure[] => [
      { write, code: 'killed' },
      { write, code: 'ENOSPC' },
    ]),
    ...steps(execs).flatMap((exec): Failure[] => [
      { exec, result: 'killed' },
      { exec, result: { code: 137 } },
    ]),
  ];
  for (const failure of failures) {
    const { host } = await machineOf(row);
    await cutOff(row.operation, host, failure);
    host.plant();
    host.forget();
    const left = await row.operation.observe(host);
    const where = JSON.stringify(failure);
    if (left !== undefined) {
      const change = changeOf(left);
      expect(change.conflict, `no conflict after ${where}`).toBeUndefined();
      await change.apply(host);
    }
    host.forget();
    expect(await row.operation.observe(host), `up to date after ${where}`).toBeUndefined();
    expect(snapshot(host), `the same files after ${where}`).toEqual(end);
  }
}

async function failedMidway({
  midway,
  ...row
}: Omit<Row, 'midway'> & { readonly midway: Midway }): Promise<void> {
  const { host } = await machineOf(row);
  const failure = await cutOff(row.operation, host, midway.plant);
  if (midway.fails === undefined) expect(failure).toBeInstanceOf(Killed);
  else expect((failure as Error).message).toMatch(midway.fails);
  stands(host, midway.left);
}

async function cutOff(operation: Operation, host: FakeHost, failure: Failure): Promise<unknown> {
  const change = changeOf(await operation.observe(host));
  host.plant(failure);
  try {
    await change.apply(host);
    return undefined;
  } catch (error) {
    if (error instanceof Killed || error instanceof ProblemError) return error;
    // The disk's own errors come through as they are: problemOf() has the words for them.
    if ('code' in (error as Error)) return error;
    throw error;
  }
}

async function machineOf({ before = {}, arrange }: Pick<Row, 'before' | 'arrange'>): Promise<Machine> {
  const host = new FakeHost({ advance: passTime, accounts: { postgres: 'postgres' } });
  host.programs.add(coreutils(host));
  const machine = { host, systemd: new Systemd(host) };
  host.arrange(before);
  passTime(1000);
  await arrange?.(machine);
  passTime(1000);
  return machine;
}

function changeOf(observation: Awaited<ReturnType<Operation['observe']>>): Change {
  if (observation === undefined || isLater(observation))
    throw new Error(`No change, but ${JSON.stringify(observation)}`);
  return observation;
}

function says(error: unknown, { what, remedy = /./ }: Says): void {
  if (!(error instanceof ProblemError)) throw error ?? new Error('It did not fail.');
  expect(error.problem.what).toMatch(what);
  expect(error.problem.remedy).toMatch(remedy);
}

/** Content and rights, as far as a row says them. */
function stands(host: FakeHost, files: Files): void {
  for (const [file, given] of Object.entries(files)) {
    const found = unlessAbsent(() => host.tree.find(file));
    if (given === null) {
      expect(found, file).toBeUndefined();
      continue;
    }
    const { modified: _, ...wanted } = entryOf(given, 0);
    expect(found, file).toMatchObject(wanted);
  }
}

/** Every file with its rights. */
function snapshot(host: FakeHost): readonly string[] {
  return host.tree.below('/').map((file) => {
    const entry = host.tree.find(file);
    const what =
      entry?.type === 'file' ? entry.bytes.toString('latin1') : entry?.type === 'link' ? entry.target : '';
    return `${file} ${entry?.type} ${entry?.mode.toString(8)} ${entry?.owner}:${entry?.group} ${what}`;
  });
}

function steps(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
