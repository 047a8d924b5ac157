import { ProblemError } from '../output/problem.ts';
import { irreversibleOf } from './irreversible.ts';
import type { Entry, RunRecord } from './runs.ts';

/** What is to be taken back. */
export interface Target {
  readonly run: RunRecord;
  /** Oldest first. Of an undo that was cut off and then finished, those of all its starts. */
  readonly entries: readonly Entry[];
  /** The runs in effect that were made after it: they may build on it. */
  readonly later: readonly RunRecord[];
}

/** @returns whether the run changed anything that a person would want back */
export function changedSomething({ entries }: RunRecord): boolean {
  return entries.length > 0;
}

/**
 * @returns whether `undo` can put anything of it back. Of an undo always: its own notes tell less than the run that it undid.
 */
export function isUndoable({ procedure, undoes, entries }: RunRecord): boolean {
  return !procedure && (undoes !== undefined || entries.some(({ kind }) => kind !== 'change'));
}

/** @returns numbers of the runs that were taken back in full, and not brought about again since */
export function takenBack(runs: readonly RunRecord[]): ReadonlySet<string> {
  const back = new Set<string>();
  for (const run of runs.toReversed()) {
    if (run.undoes !== undefined && run.complete && !back.has(run.number)) back.add(run.undoes);
  }
  return back;
}

/**
 * @param runs oldest first
 * @param asked number as typed; absent: an undo that was cut off goes on, else the last run that is in effect and no undo
 * @throws ProblemError when there is none, or it is not one that can be undone
 */
export function targetOf(runs: readonly RunRecord[], asked?: string): Target {
  const back = takenBack(runs);
  const run = asked === undefined ? usual(runs, back) : named(runs, asked);
  if (run.procedure) throw isProcedure(run);
  if (back.has(run.number)) {
    const by = runs.findLast(({ undoes, complete }) => undoes === run.number && complete);
    throw new ProblemError({
      what: `Run ${run.number} was undone already, by run ${by?.number}.`,
      remedy: `To make its changes again: studio-setup undo ${Number(by?.number)}. All runs: studio-setup undo --list`,
    });
  }
  if (!isUndoable(run)) throw isIrreversible(run);
  const later = runs.filter(
    (each) =>
      Number(each.number) > Number(run.number) &&
      each.undoes === undefined &&
      !back.has(each.number) &&
      changedSomething(each),
  );
  return { run, entries: startsOf(run, runs).flatMap(({ entries }) => entries), later };
}

/** @returns the runs that took `number` back so far, when the last of them was cut off; oldest first */
export function begun(runs: readonly RunRecord[], number: string): readonly RunRecord[] {
  const undos = runs.filter(({ undoes }) => undoes === number);
  return undos.slice(undos.findLastIndex(({ complete }) => complete) + 1);
}

function usual(runs: readonly RunRecord[], back: ReadonlySet<string>): RunRecord {
  const cutOff = runs.findLast(changedSomething);
  if (cutOff?.undoes !== undefined && !cutOff.complete) return named(runs, cutOff.undoes);
  const last = runs.findLast(
    (run) => run.undoes === undefined && !back.has(run.number) && changedSomething(run),
  );
  if (last !== undefined) return last;
  throw new ProblemError({
    what:
      runs.length === 0
        ? 'No run is recorded on this server: there is nothing to undo.'
        : 'All runs were undone already: there is nothing to undo.',
    remedy: 'All runs: studio-setup undo --list.',
  });
}

function named(runs: readonly RunRecord[], asked: string): RunRecord {
  const run = runs.find(({ number }) => Number(number) === Number(asked));
  if (run === undefined) {
    throw new ProblemError({
      what: `There is no run ${asked} on this server.`,
      remedy: 'For the numbers: studio-setup undo --list',
    });
  }
  const whole = endOf(run, runs);
  if (startsOf(whole, runs).some(changedSomething)) return whole;
  throw new ProblemError({ what: `Run ${run.number} changed nothing.`, remedy: 'There is nothing to undo.' });
}

function isProcedure({ number, command }: RunRecord): ProblemError {
  const back = wayBackOf(command);
  return new ProblemError({
    what: `Run ${number} (${command}) can't be undone: ${back === undefined ? 'what it replaced was not kept, and no longer works' : 'it has a way back of its own'}.`,
    remedy: `${back ?? insteadOfUndo(command)}. ${EARLIER}`,
  });
}

const EARLIER =
  'To undo an earlier run, see the numbers: studio-setup undo --list, then studio-setup undo NUMBER';

/** Nothing of it is put back, so that it must not count as undone. */
function isIrreversible({ number, command, entries }: RunRecord): ProblemError {
  return new ProblemError({
    what: `Run ${number} (${command}) can't be undone: undo can put back nothing of what it changed.`,
    detail: irreversibleOf(entries, [], '').map(({ what, why }) => `${what}: ${why}`),
    remedy: EARLIER,
  });
}

function wayBackOf(command: string): string | undefined {
  const [name, state] = command.split(' ');
  if (name === 'update') return 'Go back to the release before it: studio-setup update --rollback';
  if (name === 'maintenance')
    return `Take it back: studio-setup maintenance ${state === 'off' ? 'on' : 'off'}`;
  return undefined;
}

function insteadOfUndo(command: string): string {
  const [name] = command.split(' ');
  if (name === 'change-domain') return 'Change it back: studio-setup change-domain, with the former name';
  return `Run it again: studio-setup ${command}`;
}

/** Of an undo that was cut off, the one that brought it to its end; else the run itself. */
function endOf(run: RunRecord, runs: readonly RunRecord[]): RunRecord {
  if (run.undoes === undefined || run.complete) return run;
  const later = runs.slice(runs.indexOf(run));
  return later.find(({ undoes, complete }) => undoes === run.undoes && complete) ?? run;
}

/** An undo that was cut off did a part, and the next one the rest: whoever undoes it wants both. */
function startsOf(run: RunRecord, runs: readonly RunRecord[]): readonly RunRecord[] {
  if (run.undoes === undefined) return [run];
  const undos = runs.filter(
    ({ undoes, number }) => undoes === run.undoes && Number(number) <= Number(run.number),
  );
  return undos.slice(undos.findLastIndex((each) => each.complete && each !== run) + 1);
}
