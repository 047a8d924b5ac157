import { setTimeout as sleep } from 'node:timers/promises';
import { unitValues } from '../configs/unit.ts';
import type { Operation } from '../engine/operation.ts';
import { changedAt, noteFromTheFuture, wallClock } from '../host/clock.ts';
import type { Host, LiveHost } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { daemonReload } from '../site/daemon-reload.ts';
import { enable } from '../site/enablement.ts';
import { UNITS } from '../site/layout.ts';
import type { Reload, Service } from '../site/services.ts';
import { journalOf, type UnitState, unitState } from '../site/units.ts';
import { LOADED_MS } from '../site/workers.ts';
import { packagedUnit } from './packages.ts';

export interface RunningUnit extends Pick<Operation, 'id' | 'after' | 'covers' | 'departure'> {
  /** With its ending: `studio.service`. */
  readonly unit: string;
  readonly title?: string;
  /**
   * The target that starts it at boot, e.g. `timers.target`: the link in it is what survives a reboot.
   * What the unit's own file says when absent.
   */
  readonly wantedBy?: string;
  /** Files that it reads when it starts: one that is newer than its start means that it runs with old ones. */
  readonly watches?: readonly string[];
  /** @returns when it last read them, where it can without a restart; milliseconds since the epoch */
  readonly since?: (host: Host, state: UnitState) => Promise<number>;
  /** How it takes on a new version of some of the files without a restart, where it can. */
  readonly reload?: Reload;
  /**
   * Asks the thing itself; `active` is no proof (trap 6).
   * @returns what is wrong, `undefined` when it answers
   */
  readonly answers?: (host: Host) => Promise<string | undefined>;
  /** What the journal's words most likely mean. */
  readonly explain?: (journal: readonly string[]) => string | undefined;
  /** Called before the first start; throws a ProblemError when starting would do harm. */
  readonly before?: (host: Host) => Promise<void>;
}

/** How long a started unit may take until it answers, in milliseconds. */
const PATIENCE_MS = 30_000;

/**
 * One of the site's services: what it reads and how it takes on a change stand in its row.
 * @param wanted what the one who asks knows besides
 */
export function runningService(
  { unit, reads, since, reload }: Service,
  wanted: Omit<RunningUnit, 'unit' | 'since' | 'reload'>,
): Operation {
  return runningUnit({
    unit,
    watches: reads,
    ...(since === undefined ? {} : { since }),
    ...(reload === undefined ? {} : { reload }),
    ...wanted,
  });
}

/** A unit that is enabled for the next boot, runs with the files as they are now, and answers. */
export function runningUnit(wanted: RunningUnit): Operation {
  const { unit } = wanted;
  const file = `${UNITS}/${unit}`;
  return {
    id: wanted.id,
    title: wanted.title ?? `${unit} enabled and running`,
    ...(wanted.after ? { after: wanted.after } : {}),
    ...(wanted.covers ? { covers: wanted.covers } : {}),
    ...(wanted.departure ? { departure: wanted.departure } : {}),
    script: [`start_unit ${unit}`],
    async observe(host) {
      const state = await unitState(host, unit);
      // While planning: Debian enables and starts what it installs, so a run will find nothing to do here.
      if (!state.loaded && host.willChange(packagedUnit(unit))) return undefined;
      const enabled = await isEnabled(host, wanted);
      const watched = [file, ...(wanted.watches ?? [])];
      const started = wallClock(state.activeSince);
      const read = (await wanted.since?.(host, state)) ?? started;
      const stale = running(state)
        ? [
            ...(await newerThan(host, [file], started)),
            ...(await newerThan(host, wanted.watches ?? [], read)),
          ]
        : [];
      const silent = running(state) && stale.length === 0 ? await wanted.answers?.(host) : undefined;
      const reasons = [
        ...(enabled ? [] : ['not enabled']),
        ...(running(state) ? [] : [state.active === 'failed' ? 'failed' : 'not running']),
        ...(running(state) && state.needsReload ? ['its file changed'] : []),
        ...stale.map((path) => `${path} is newer than its start`),
        ...(silent === undefined ? [] : [silent]),
      ];
      if (reasons.length === 0) return undefined;
      const restart = running(state) && (state.needsReload || stale.length > 0 || silent !== undefined);
      const reload =
        silent === undefined &&
        !state.needsReload &&
        stale.every((path) => wanted.reload?.files.includes(path))
          ? await wanted.reload?.command(host)
          : undefined;
      const verb = !running(state) ? 'enable and start' : !restart ? 'enable' : reload ? 'reload' : 'restart';
      return {
        kind: 'run',
        summary: `${verb} ${unit} (${reasons.join(', ')})`,
        shell: [
          'systemctl daemon-reload',
          `systemctl enable ${unit}`,
          restart && reload ? reload.join(' ') : `systemctl ${restart ? 'restart' : 'start'} ${unit}`,
        ],
        ...(!running(state)
          ? { starts: [unit] }
          : !restart
            ? {}
            : reload
              ? { reloads: [unit] }
              : { restarts: [unit] }),
        async apply(live) {
          await wanted.before?.(live);
          if (!enabled) await enable(live, unit);
          else if (state.needsReload || !state.loaded) await daemonReload(live);
          if (running(state) && !restart) return;
          const kind = !restart ? 'start' : reload ? 'reload' : 'restart';
          await live.note({ kind, unit, reads: watched });
          await noteFromTheFuture(live, watched);
          if (restart && reload) await reloaded(live, wanted, reload);
          else await start(live, wanted, restart);
          if (restart) live.restarted(unit);
        },
      };
    },
  };
}

/** Settled: a unit that is `activating` will be active or failed soon. */
export function running(state: UnitState): boolean {
  return state.active === 'active' || state.active === 'reloading';
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

async function newerThan(host: Host, paths: readonly string[], since: number): Promise<readonly string[]> {
  const newer: string[] = [];
  for (const path of paths) {
    if (host.willChange(path) || ((await changedAt(host, path)) ?? 0) > since) newer.push(path);
  }
  return newer;
}

/** Reloads a unit and waits until it has read its files and answers. @throws ProblemError with its journal */
async function reloaded(live: LiveHost, wanted: RunningUnit, command: readonly string[]): Promise<void> {
  await live.run(command);
  const wrong = await wrongStill(live, wanted.unit, LOADED_MS, async (state) => {
    const read = (await wanted.since?.(live, state)) ?? wallClock(state.activeSince);
    const [old] = await newerThan(live, wanted.reload?.files ?? [], read);
    return old === undefined ? wanted.answers?.(live) : `${old} is newer than what it has loaded`;
  });
  if (wrong !== undefined)
    throw await notWorking(live, wanted, `was reloaded and does not work: ${wrong}.`, command.join(' '));
}

/** Starts a unit, or restarts it, and waits until it runs and answers. @throws ProblemError with its journal */
export async function start(
  live: LiveHost,
  wanted: Pick<RunningUnit, 'unit' | 'answers' | 'explain'>,
  restart: boolean,
): Promise<void> {
  const { unit } = wanted;
  // A unit that failed often is not started again before its counter is reset.
  await live.run(['systemctl', 'reset-failed', unit], { accept: [0, 1] });
  const command = ['systemctl', restart ? 'restart' : 'start', unit];
  const { code } = await live.run(command, { accept: [0, 1], timeoutMs: 180_000 });
  const wrong =
    code === 0
      ? await wrongStill(live, unit, PATIENCE_MS, async () => wanted.answers?.(live))
      : `systemctl ${restart ? 'restart' : 'start'} failed`;
  if (wrong !== undefined)
    throw await notWorking(live, wanted, `was started and does not work: ${wrong}.`, command.join(' '), code);
}

/**
 * Waits until a unit runs and nothing is wrong with it.
 * @param ask tells what is wrong while it runs
 * @returns what is wrong still after so many milliseconds, or when it failed or the operator stopped; `undefined` when all is well
 */
async function wrongStill(
  live: LiveHost,
  unit: string,
  patienceMs: number,
  ask: (state: UnitState) => Promise<string | undefined>,
): Promise<string | undefined> {
  for (const until = Date.now() + patienceMs; ; await sleep(200)) {
    live.forget();
    const state = await unitState(live, unit);
    const wrong = running(state) ? await ask(state) : `it is ${state.active}`;
    if (wrong === undefined || Date.now() > until || state.active === 'failed' || live.signal.aborted)
      return wrong;
  }
}

async function notWorking(
  live: LiveHost,
  { unit, explain }: Pick<RunningUnit, 'unit' | 'explain'>,
  what: string,
  command: string,
  exitCode?: number,
): Promise<ProblemError> {
  const journal = await journalOf(live, unit);
  return new ProblemError({
    what: `${unit} ${what}`,
    remedy:
      explain?.(journal) ??
      `Read its journal above (all of it: journalctl -u ${unit}), mend what it names, then run again.`,
    command,
    ...(exitCode === undefined ? {} : { exitCode }),
    detail: journal,
  });
}
