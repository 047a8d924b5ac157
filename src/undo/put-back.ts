import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Change, Conflict, Operation } from '../engine/operation.ts';
import type { FileStatus, Host, LiveHost } from '../host/host.ts';
import { sumOf } from '../host/journal.ts';
import { quote } from '../host/shell.ts';
import { ProblemError } from '../output/problem.ts';
import { type History, historiesOf } from './histories.ts';
import type { Renewed } from './in-force.ts';
import { maskedDiff } from './masked-diff.ts';
import { changedAgainBy, type RunRecord } from './runs.ts';

/** What stands at a path now. */
interface Now {
  readonly status: FileStatus | undefined;
  readonly bytes: Uint8Array | undefined;
}

/** @param copies the folder of all copies @returns the file with what stood there; `undefined` when it is not kept */
export function copyOf({ copy }: History, copies: string): string | undefined {
  if (copy === undefined) return undefined;
  const file = path.join(copies, copy.run, copy.name);
  return existsSync(file) ? file : undefined;
}

/**
 * A file or link as it was before the run. What is neither as the run left it nor as it was before is the operator's
 * work since, or that of a run that was made after it: a conflict, until they say that it may go.
 * @param later the runs in effect that were made after it
 */
export function putBack(
  history: History,
  copies: string,
  renewed: Renewed,
  later: readonly RunRecord[],
  id: string,
): Operation {
  const { path: file, before } = history;
  return {
    id,
    title: file,
    async observe(host) {
      const now = await read(host, history);
      const copy = copyOf(history, copies);
      const kept = copy === undefined || history.rightsOnly ? undefined : readFileSync(copy);
      const bytes = kept && (await renewed(host, file, kept));
      const isRenewed = bytes !== kept;
      const sha256 = bytes && isRenewed ? sumOf(bytes) : before?.sha256;
      if (isAsBefore(now, history, sha256)) return undefined;
      if (now.status?.type === 'directory') throw notAFile(file);
      return changeTo({ bytes, isRenewed, sha256, copy }, now, history, later, host.mayOverwrite(file));
    },
  };
}

/** What is to stand there again. */
interface Then {
  /** Absent where nothing, a link, or rights alone go back. */
  readonly bytes: Uint8Array | undefined;
  /** They have the secrets of today. */
  readonly isRenewed: boolean;
  readonly sha256: string | undefined;
  readonly copy: string | undefined;
}

function changeTo(
  then: Then,
  now: Now,
  history: History,
  later: readonly RunRecord[],
  mayOverwrite: boolean,
): Change {
  const { path: file, before } = history;
  const diff = diffBetween(now, then, history);
  const edited = now.status !== undefined && !isAsLeft(now, history) && !mayOverwrite;
  return {
    kind: now.status === undefined ? 'create' : 'update',
    summary: `${file}: ${summaryOf(now, history, then.sha256)}${then.isRenewed ? ', with the current secrets' : ''}`,
    ...(diff === '' ? {} : { diff }),
    shell: shellOf(history, then.copy),
    touches: [file],
    ...(before === null ? { removes: [file] } : {}),
    ...(edited ? { conflict: conflictOf(now, history, later, diff) } : {}),
    apply: (live) => apply(live, { ...history, secret: history.secret || then.isRenewed }, then.bytes),
  };
}

function conflictOf(now: Now, history: History, later: readonly RunRecord[], diff: string): Conflict {
  const { path: file, before } = history;
  const since = changedAgainBy(file, later);
  // What somebody edited after that run is theirs, too.
  const itsOwn = since && historiesOf(since.entries).find(({ path }) => path === file);
  const isItsOwn = itsOwn !== undefined && isAsLeft(now, itsOwn);
  return {
    path: file,
    diff: diff === '' ? rightsOf(now, history) : diff,
    ...(since === undefined || !isItsOwn
      ? {}
      : { changedBy: `run ${Number(since.number)} (${since.command})` }),
    ...(before === null ? { removed: true } : {}),
  };
}

/** @returns nothing where no text goes back, or where what stands there now is none */
function diffBetween(now: Now, then: Then, { path: file, before, rightsOnly, secret }: History): string {
  if (before === null || rightsOnly || (now.status?.type ?? 'file') !== 'file') return '';
  const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('utf8');
  return maskedDiff(file, text(now.bytes), text(then.bytes), secret || then.isRenewed);
}

async function read(host: Host, { path: file, as, rightsOnly }: History): Promise<Now> {
  const status = await host.status(file);
  const bytes =
    status?.type === 'file' && !rightsOnly
      ? await host.bytes(file, as === undefined ? {} : { as })
      : undefined;
  return { status, bytes };
}

function isAsBefore(now: Now, { before, rightsOnly }: History, wanted: string | undefined): boolean {
  const { status } = now;
  // What is gone has no rights any more, and somebody else may have put something else in its place.
  if (rightsOnly && status?.type !== before?.type) return true;
  if (before === null || status === undefined) return before === null && status === undefined;
  if (before.type === 'link') return status.type === 'link' && status.target === before.target;
  const sameRights =
    status.mode === before.mode && status.owner === before.owner && status.group === before.group;
  return status.type === before.type && sameRights && (rightsOnly || hasSum(now, wanted));
}

function isAsLeft(now: Now, { before, afters, rightsOnly }: History): boolean {
  const { status } = now;
  if (rightsOnly) {
    return afters.some(
      (after) =>
        after !== null &&
        (after.mode === undefined || after.mode === status?.mode) &&
        (after.owner === undefined || after.owner === status?.owner),
    );
  }
  if (status?.type === 'link') return afters.some((after) => after?.target === status.target);
  return hasSum(now, before?.sha256) || afters.some((after) => after !== null && hasSum(now, after.sha256));
}

function hasSum({ bytes }: Now, sha256: string | undefined): boolean {
  return bytes !== undefined && sha256 !== undefined && sumOf(bytes) === sha256;
}

async function apply(live: LiveHost, history: History, then: Uint8Array | undefined): Promise<void> {
  const { path: file, before, as, secret } = history;
  const options = { ...(as === undefined ? {} : { as }), ...(secret ? { secret } : {}) };
  if (before === null) return live.remove(file, options);
  if (before.type === 'link') return live.link(before.target ?? '', file, options);
  const { mode, owner, group } = before;
  if (!history.rightsOnly) {
    if (then === undefined) throw new TypeError(`There is no copy of ${file}`);
    await live.write(file, then, { ...options, mode, owner, group, foreign: !history.own });
  }
  const now = await live.status(file);
  const itself = as !== undefined && now?.owner === as ? { as } : {};
  const setMode = now?.mode === mode ? async () => {} : () => live.setMode(file, mode, itself);
  const setOwner =
    now?.owner === owner && now.group === group ? async () => {} : () => live.setOwner(file, owner, group);
  // What another account owns it changes itself, as long as it does: root would follow a link that it plants.
  if ('as' in itself) await setMode().then(setOwner);
  else await setOwner().then(setMode);
}

function summaryOf(now: Now, { before, rightsOnly }: History, wanted: string | undefined): string {
  if (before === null) return 'removed';
  if (before.type === 'link') return `→ ${before.target} again`;
  const rights = `${before.owner}:${before.group} ${before.mode.toString(8)}`;
  return rightsOnly || hasSum(now, wanted) ? `${rights} again` : 'as before';
}

function shellOf({ path: file, before, rightsOnly }: History, copy: string | undefined): string[] {
  if (before === null) return [`rm ${quote(file)}`];
  if (before.type === 'link') return [`ln -sfnT ${quote(before.target ?? '')} ${quote(file)}`];
  const { mode, owner, group } = before;
  const octal = mode.toString(8);
  return rightsOnly || copy === undefined
    ? [`chown ${owner}:${group} ${quote(file)}`, `chmod ${octal} ${quote(file)}`]
    : [`install -m ${octal} -o ${owner} -g ${group} ${copy} ${quote(file)}`];
}

function rightsOf({ status }: Now, { before }: History): string {
  const line = (of: FileStatus | null | undefined) =>
    of
      ? `${of.type === 'link' ? `→ ${of.target}` : `${of.owner}:${of.group} ${of.mode.toString(8)}`}`
      : 'nothing';
  return `-${line(status)}\n+${line(before)}`;
}

function notAFile(file: string): ProblemError {
  return new ProblemError({
    what: `${file} is a folder now; the run left a file there.`,
    remedy: 'Check what it is. If it is not needed, move it away (mv, not rm), then undo again.',
  });
}
