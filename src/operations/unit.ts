import { setTimeout as sleep } from 'node:timers/promises';
import { unitValues } from '../configs/unit.ts';
import type { Operation } from '../engine/operation.ts';
import { ProblemError } from '../engine/problem.ts';
import type { Host, LiveHost } from '../host/host.ts';
import { enable } from '../site/enablement.ts';
import { UNITS } from '../site/layout.ts';
import { journalOf, type UnitState, unitState, wallClock } from '../site/units.ts';
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
      return {
        kind: 'run',
        summary: `${restart ? 'restart' : running(state) ? 'enable' : 'enable and start'} ${unit} (${reasons.join(', ')})`,
        shell: [
          'systemctl daemon-reload',
          `systemctl enable ${unit}`,
          `systemctl ${restart ? 'restart' : 'start'} ${unit}`,
        ],
        ...(restart ? { restarts: [unit] } : running(state) ? {} : { starts: [unit] }),
        async apply(live) {
          await wanted.before?.(live);
          if (state.needsReload || !state.loaded) await live.run(['systemctl', 'daemon-reload']);
          if (!enabled) await enable(live, unit);
          if (running(state) && !restart) return;
          await live.note({ kind: restart ? 'restart' : 'start', unit, reads: watched });
          await start(live, wanted, restart);
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
    const status = await host.status(path);
    if (host.willChange(path) || (status !== undefined && status.modified > since)) newer.push(path);
  }
  return newer;
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
  const started = await live.run(['systemctl', restart ? 'restart' : 'start', unit], {
    accept: [0, 1],
    timeoutMs: 180_000,
  });
  const until = Date.now() + PATIENCE_MS;
  let wrong: string | undefined = `systemctl ${restart ? 'restart' : 'start'} failed`;
  while (started.code === 0) {
    const state = await unitState(live, unit);
    wrong = running(state) ? await wanted.answers?.(live) : `it is ${state.active}`;
    if (wrong === undefined) return;
    if (Date.now() > until || state.active === 'failed' || live.signal.aborted) break;
    await sleep(200);
    live.forget();
  }
  const journal = await journalOf(live, unit);
  throw new ProblemError({
    what: `${unit} was started and does not work: ${wrong}.`,
    remedy:
      wanted.explain?.(journal) ??
      `Read its journal above (all of it: journalctl -u ${unit}), mend what it names, then run again.`,
    command: `systemctl ${restart ? 'restart' : 'start'} ${unit}`,
    exitCode: started.code,
    detail: journal,
  });
}
