import { setTimeout as sleep } from 'node:timers/promises';
import type { Host, LiveHost } from '../host/host.ts';
import type { LinuxHost } from '../host/linux-host.ts';
import { ConflictError, type Problem, ProblemError, problemOf, StoppedError } from '../output/problem.ts';
import { redactor } from '../output/redaction.ts';
import type { Emit, OperationOutline, Outcome, SectionOutline } from './events.ts';
import type { Node } from './graph.ts';
import { type Change, isLater, type Observation, type Operation } from './operation.ts';
import { PackagesAhead } from './packages-ahead.ts';
import { schedule } from './schedule.ts';

export interface RunControl {
  readonly host: Host & Pick<LinuxHost, 'forget'>;
  /** @returns the door through which one operation writes. */
  readonly live: (operation: string) => LiveHost;
  readonly emit: Emit;
  /** Aborted when the operator stops at once: what fails from then on was ended, it did not fail. */
  readonly signal: AbortSignal;
  /** The operator asked to stop after what is running. */
  readonly stopping: () => boolean;
  /** Most operations at the same time. */
  readonly concurrency: number;
}

export interface RunReport {
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly problems: ReadonlyMap<string, Problem>;
  /** What was changed, in order. */
  readonly changes: readonly { readonly operation: string; readonly summary: string }[];
  /** A file waits for the operator's word. */
  readonly conflict: boolean;
  /** So do all that did not come to their end: nothing failed. */
  readonly onlyConflicts: boolean;
  readonly stopped: boolean;
}

/**
 * Brings the host to what the nodes want: observe, apply, observe again. After a failure nothing new is
 * started, what is running ends, and the host can be resumed.
 */
export async function run(nodes: readonly Node[], control: RunControl): Promise<RunReport> {
  const outcomes = new Map<string, Outcome>();
  const problems = new Map<string, Problem>();
  const changes: { operation: string; summary: string }[] = [];
  let conflicts = 0;
  let stopped = false;
  const ended = () => problems.size > 0 || stopped || control.stopping();
  const packages = control.concurrency > 1 ? new PackagesAhead(nodes, control.live, ended) : undefined;

  const skipped = await schedule(
    nodes,
    async (node, usable) => {
      const { operation } = node;
      const started = performance.now();
      control.emit({ type: 'operation-started', at: Date.now(), operation: operation.id });
      let outcome: Outcome = 'unchanged';
      let problem: Problem | undefined;
      try {
        await packages?.turnOf(node);
        const change = await applyOperation(operation, control, usable);
        if (change) {
          outcome = 'changed';
          changes.push({ operation: operation.id, summary: change.summary });
        }
      } catch (error) {
        const ended = error instanceof StoppedError || control.signal.aborted;
        outcome = ended ? 'skipped' : 'failed';
        if (ended) stopped = true;
        else {
          problem = problemOf(error);
          problems.set(operation.id, problem);
          if (error instanceof ConflictError) conflicts += 1;
        }
      }
      outcomes.set(operation.id, outcome);
      control.emit({
        type: 'operation-finished',
        at: Date.now(),
        operation: operation.id,
        outcome,
        ms: performance.now() - started,
        ...(problem ? { problem } : {}),
      });
      return outcome === 'changed' || outcome === 'unchanged' ? 'done' : 'failed';
    },
    control.concurrency,
    ended,
  );
  await packages?.end();
  for (const { operation } of skipped) {
    outcomes.set(operation.id, 'skipped');
    control.emit({
      type: 'operation-finished',
      at: Date.now(),
      operation: operation.id,
      outcome: 'skipped',
      ms: 0,
    });
  }
  return {
    outcomes,
    problems,
    changes,
    conflict: conflicts > 0,
    onlyConflicts: conflicts > 0 && conflicts === problems.size,
    stopped: stopped || (control.stopping() && skipped.length > 0),
  };
}

/** @returns what was done, `undefined` when nothing was missing. */
async function applyOperation(
  operation: Operation,
  control: RunControl,
  usable: () => void,
): Promise<Change | undefined> {
  const observed = await operation.observe(control.host);
  if (observed === undefined) return undefined;
  if (isLater(observed)) {
    throw new ProblemError({
      what: `${operation.title}: ${observed.later}, although the step that provides this was done.`,
      remedy: 'Check the sections before this one (studio-setup status), then run again.',
    });
  }
  if (observed.conflict) throw new ConflictError(problemOfConflict(observed.conflict));
  let wanted = observed;
  let left = await applied(operation, wanted, control, usable);
  if (isOtherFile(left, wanted)) {
    wanted = left;
    left = await applied(operation, wanted, control, usable);
  }
  // An exit code is never proof: only a host that is now up to date is.
  if (left !== undefined) {
    throw new ProblemError({
      what: `${operation.title}: the change was made, but had no effect: ${isLater(left) ? left.later : left.summary}`,
      remedy:
        'Something on this server undoes or ignores the change. See in the log what was run, find the cause, then run again.',
      detail: redactor
        .redact(isLater(left) ? '' : (left.diff ?? ''))
        .split('\n')
        .filter((line) => line !== '')
        .slice(0, 20),
    });
  }
  return wanted;
}

/**
 * Whether the wanted text of a file has changed, as when an operation running beside it provides what it depends on. What was
 * changed by somebody else is a conflict, and what concerns a service is not done a second time.
 */
function isOtherFile(left: Observation, wanted: Change): left is Change {
  return (
    left !== undefined &&
    !isLater(left) &&
    left.diff !== undefined &&
    left.diff !== wanted.diff &&
    left.conflict === undefined &&
    left.restarts === undefined &&
    left.reloads === undefined
  );
}

/** @returns what is missing after it */
async function applied(
  operation: Operation,
  wanted: Change,
  control: RunControl,
  usable: () => void,
): Promise<Observation> {
  const { kind, summary, irreversible } = wanted;
  control.emit({
    type: 'change',
    at: Date.now(),
    operation: operation.id,
    kind,
    summary: redactor.redact(summary),
    departures: departuresOf(operation).map(({ id }) => id),
  });
  const live = control.live(operation.id);
  await live.note({
    kind: 'change',
    title: operation.title,
    summary,
    ...(irreversible === undefined ? {} : { irreversible }),
  });
  const over = new AbortController();
  void whenUsable(wanted, control.host, over.signal, () => {
    control.host.forget();
    usable();
  });
  try {
    await wanted.apply(live);
  } finally {
    over.abort();
  }
  control.host.forget();
  return await operation.observe(control.host);
}

/** How often a host is asked for something that is about to come, milliseconds. */
const ASKED_EVERY_MS = 200;

/** Tells that others can begin with what a change provides, until it is over. That it could not be asked is no answer. */
async function whenUsable(
  { usable }: Change,
  host: Host,
  over: AbortSignal,
  tell: () => void,
): Promise<void> {
  if (usable === undefined) return;
  for (;;) {
    await sleep(ASKED_EVERY_MS, undefined, { signal: over }).catch(() => {});
    if (over.aborted) return;
    if ((await usable(host).catch(() => false)) && !over.aborted) return tell();
  }
}

export function departuresOf(operation: Operation) {
  const { departure } = operation;
  if (departure === undefined) return [];
  return Array.isArray(departure) ? departure : [departure];
}

/**
 * @param planned ids of operations that a plan has a change of
 * @returns the outline that front ends draw, sections in the order given
 */
export function outlineOf(
  nodes: readonly Node[],
  planned: ReadonlySet<string> = new Set(),
): readonly SectionOutline[] {
  const sections = new Map<string, { id: string; title: string; operations: OperationOutline[] }>();
  for (const { section, operation } of nodes) {
    const outline = sections.get(section.id) ?? { id: section.id, title: section.title, operations: [] };
    const { id, title } = operation;
    outline.operations.push({ id, title, ...(planned.has(id) ? { planned: true } : {}) });
    sections.set(section.id, outline);
  }
  return [...sections.values()];
}

export function problemOfConflict(conflict: NonNullable<Change['conflict']>): Problem {
  return {
    ...(conflict.doubts === undefined ? edited(conflict.path) : doubtful(conflict.path, conflict.doubts)),
    detail: redactor
      .redact(conflict.diff)
      .split('\n')
      .filter((line) => line !== '' && !/^(Index: |={60})/.test(line))
      .slice(0, 60),
  };
}

function edited(path: string): Omit<Problem, 'detail'> {
  return {
    what: `${path} was edited by hand, and differs from what studio-setup would write. Nothing was overwritten.`,
    remedy: `To keep yours: make the change shown here by hand. To replace it: run again with --overwrite ${path} (a copy of yours is kept for studio-setup undo). To keep yours for good: --mine ${path}`,
  };
}

function doubtful(path: string, doubts: readonly string[]): Omit<Problem, 'detail'> {
  return {
    what: `${path} would come from the checkout, which accounts other than root can change, and needs your approval: ${doubts.join('; ')}. Nothing was installed.`,
    remedy: `Read the lines shown here, and find out who wrote them (git log -p in the checkout). To approve them: run again with --overwrite ${path}. Otherwise restore the file in the checkout, then run again.`,
  };
}
