import type { Operation } from '../engine/operation.ts';
import type { Service } from '../engine/service.ts';
import { noteFromTheFuture } from '../host/clock.ts';
import type { LiveHost } from '../host/host.ts';
import { readUnit } from '../site/daemon-reload.ts';
import { enable } from '../site/enablement.ts';
import { UNITS } from '../site/layout.ts';
import { askUnits, unitState } from '../site/units.ts';
import { packagedUnit } from './packages.ts';
import { actionFor, type Condition, conditionOf, reasonsOf, type UnitAction } from './unit-condition.ts';
import { reloaded, start } from './unit-start.ts';
import type { RunningUnit } from './unit-wanted.ts';

const VERBS = { start: 'enable and start', restart: 'restart', reload: 'reload' } as const;
const EFFECTS = { start: 'starts', restart: 'restarts', reload: 'reloads' } as const;

/**
 * One of the site's services: what it reads and how it takes on a change stand in its row.
 * @param wanted what the one who asks knows besides
 */
export function runningService(
  { unit, target, reads, code, since, reload, waits }: Service,
  wanted: Omit<RunningUnit, 'unit' | 'wantedBy' | 'code' | 'since' | 'reload' | 'waits'>,
): Operation {
  return runningUnit({
    unit,
    watches: reads,
    ...(target === undefined ? {} : { wantedBy: target }),
    ...(code === undefined ? {} : { code }),
    ...(since === undefined ? {} : { since }),
    ...(reload === undefined ? {} : { reload }),
    ...(waits === undefined ? {} : { waits }),
    ...wanted,
  });
}

/** A unit that is enabled for the next boot, runs with the files as they are now, and answers. */
export function runningUnit(wanted: RunningUnit): Operation {
  const { unit } = wanted;
  return {
    id: wanted.id,
    title: wanted.title ?? `${unit} enabled and running`,
    ...(wanted.after ? { after: wanted.after } : {}),
    ...(wanted.covers ? { covers: wanted.covers } : {}),
    ...(wanted.departure ? { departure: wanted.departure } : {}),
    script: [`start_unit ${unit}`, ...(wanted.waits ?? [])],
    early: (host) => Promise.all([askUnits(host), wanted.early?.(host), wanted.code?.(host)]),
    async observe(host) {
      const state = await unitState(host, unit);
      // While planning: Debian enables and starts what it installs, so a run will find nothing to do here.
      if (!state.loaded && host.willChange(packagedUnit(unit))) return undefined;
      const condition = await conditionOf(host, wanted, state);
      const reasons = reasonsOf(condition);
      if (reasons.length === 0) return undefined;
      const action = await actionFor(host, wanted, condition);
      const command =
        action?.kind === 'reload' ? action.command : ['systemctl', action?.kind ?? 'start', unit];
      return {
        kind: 'run',
        summary: `${action === undefined ? 'enable' : VERBS[action.kind]} ${unit} (${reasons.join(', ')})`,
        shell: ['systemctl daemon-reload', `systemctl enable ${unit}`, command.join(' ')],
        ...(action === undefined ? {} : { [EFFECTS[action.kind]]: [unit] }),
        apply: (live) => apply(live, wanted, condition, action),
      };
    },
  };
}

async function apply(
  live: LiveHost,
  wanted: RunningUnit,
  { state, enabled }: Condition,
  action: UnitAction | undefined,
): Promise<void> {
  const { unit } = wanted;
  await wanted.before?.(live);
  if (!enabled) await enable(live, unit);
  else await readUnit(live, state);
  if (action === undefined) return;
  const reads = [`${UNITS}/${unit}`, ...(wanted.watches ?? [])];
  await live.note({ kind: action.kind, unit, reads });
  await noteFromTheFuture(live, reads);
  if (action.kind === 'reload') await reloaded(live, wanted, action.command);
  // What systemd is about to start again by itself may come up with the unit of before: to start it then changes nothing.
  else await start(live, wanted, action.kind === 'restart' || state.active === 'activating');
  if (action.kind === 'restart') live.restarted(unit);
  if (action.kind === 'reload') live.reloaded(unit);
}
