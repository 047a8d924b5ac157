import { unitValues } from '../configs/unit.ts';
import type { UnitState } from '../engine/service.ts';
import { changedAt, wallClock } from '../host/clock.ts';
import type { Host } from '../host/host.ts';
import { UNITS } from '../site/layout.ts';
import { running } from '../site/units.ts';
import type { RunningUnit } from './unit-wanted.ts';

/** A unit as it is, compared with what is wanted of it. */
export interface Condition {
  readonly state: UnitState;
  readonly enabled: boolean;
  /** Files that it runs with an older version of. */
  readonly stale: readonly string[];
  /** What is wrong with its answers; asked only when nothing else would restart it. */
  readonly silent: string | undefined;
}

/** @param state as systemd has it */
export async function conditionOf(host: Host, wanted: RunningUnit, state: UnitState): Promise<Condition> {
  const enabled = await isEnabled(host, wanted);
  if (!running(state)) return { state, enabled, stale: [], silent: undefined };
  const started = wallClock(state.activeSince);
  const read = (await wanted.since?.(host, state)) ?? started;
  const stale = [
    ...(await newerThan(host, [`${UNITS}/${wanted.unit}`], started)),
    ...(await newerThan(host, await readFiles(host, wanted), read)),
  ];
  return { state, enabled, stale, silent: stale.length === 0 ? await wanted.answers?.(host) : undefined };
}

/** @returns what is not up to date, in words; none when all is */
export function reasonsOf({ state, enabled, stale, silent }: Condition): readonly string[] {
  return [
    ...(enabled ? [] : ['not enabled']),
    ...(running(state) ? [] : [state.active === 'failed' ? 'failed' : 'not running']),
    ...(running(state) && state.fileChanged ? ['its file changed'] : []),
    ...stale.map((path) => `${path} changed since the last start`),
    ...(silent === undefined ? [] : [silent]),
  ];
}

/** What has to be done with a unit besides enabling it. */
export type UnitAction =
  | { readonly kind: 'start' | 'restart' }
  | { readonly kind: 'reload'; readonly command: readonly string[] };

/** @returns `undefined` when it runs, and may go on as it does */
export async function actionFor(
  host: Host,
  wanted: RunningUnit,
  { state, stale, silent }: Condition,
): Promise<UnitAction | undefined> {
  const { reload } = wanted;
  if (!running(state)) return { kind: 'start' };
  if (!state.fileChanged && stale.length === 0 && silent === undefined) return undefined;
  const readable =
    !state.fileChanged && silent === undefined && stale.every((path) => isReloaded(wanted, path));
  const command = readable ? await reload?.command(host) : undefined;
  return command === undefined ? { kind: 'restart' } : { kind: 'reload', command };
}

/** @returns all that it reads when it starts, but for its unit */
export async function readFiles(host: Host, { watches = [], code }: RunningUnit): Promise<readonly string[]> {
  const newest = await code?.(host);
  return [...watches, ...(newest === undefined ? [] : [newest])];
}

/** @returns whether a reload takes on a file: those that it names, and code */
export function isReloaded({ unit, watches = [], reload }: RunningUnit, path: string): boolean {
  return reload?.files.includes(path) === true || (path !== `${UNITS}/${unit}` && !watches.includes(path));
}

/**
 * Enabled means the link in a target that exists; `systemctl is-enabled` is also content with a link in a
 * target that does not exist (trap 3).
 */
async function isEnabled(host: Host, { unit, wantedBy }: RunningUnit): Promise<boolean> {
  const source = await host.read(`${UNITS}/${unit}`);
  const named =
    source === undefined
      ? []
      : unitValues(source, 'Install', 'WantedBy').flatMap((each) => each.split(/\s+/));
  const targets = wantedBy === undefined ? named : [wantedBy];
  const links = await Promise.all(targets.map((target) => host.status(`${UNITS}/${target}.wants/${unit}`)));
  return links.length > 0 && links.every((link) => link !== undefined);
}

/** @param since milliseconds since the epoch @returns those that are newer, or will be by an earlier change of the plan */
export async function newerThan(
  host: Host,
  paths: readonly string[],
  since: number,
): Promise<readonly string[]> {
  const newer: string[] = [];
  for (const path of paths) {
    if (host.willChange(path) || ((await changedAt(host, path)) ?? 0) > since) newer.push(path);
  }
  return newer;
}
