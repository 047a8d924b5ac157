import { setTimeout as sleep } from 'node:timers/promises';
import type { UnitState } from '../engine/service.ts';
import { wallClock } from '../host/clock.ts';
import type { LiveHost } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { refuseForeignNginx } from '../site/nginx-trust.ts';
import { SERVICES } from '../site/services.ts';
import { journalOf, running, unitState } from '../site/units.ts';
import { LOADED_MS } from '../site/workers.ts';
import { isReloaded, newerThan, readFiles } from './unit-condition.ts';
import type { RunningUnit } from './unit-wanted.ts';

/** How long a started unit may take until it answers, in milliseconds. */
const PATIENCE_MS = 30_000;

/** Reloads a unit and waits until it has read its files and answers. @throws ProblemError with its journal */
export async function reloaded(
  live: LiveHost,
  wanted: RunningUnit,
  command: readonly string[],
): Promise<void> {
  await live.run(command);
  const wrong = await wrongStill(live, wanted.unit, LOADED_MS, async (state) => {
    const read = (await wanted.since?.(live, state)) ?? wallClock(state.activeSince);
    const [old] = await newerThan(
      live,
      (await readFiles(live, wanted)).filter((path) => isReloaded(wanted, path)),
      read,
    );
    return old === undefined ? wanted.answers?.(live) : `${old} changed since it was loaded`;
  });
  if (wrong !== undefined)
    throw await notWorking(live, wanted, `was reloaded, but does not work: ${wrong}.`, command.join(' '));
}

/**
 * Starts a unit, or restarts it, and waits until it runs and answers.
 * @param patienceMs how long that may take, milliseconds
 * @throws ProblemError with its journal
 */
export async function start(
  live: LiveHost,
  wanted: Pick<RunningUnit, 'unit' | 'answers' | 'explain'>,
  restart: boolean,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const { unit } = wanted;
  if (unit === SERVICES.nginx.unit) await refuseForeignNginx(live);
  // A unit that failed often is not started again before its counter is reset.
  await live.run(['systemctl', 'reset-failed', unit], { accept: [0, 1] });
  const command = ['systemctl', restart ? 'restart' : 'start', unit];
  const { code } = await live.run(command, { accept: [0, 1], timeoutMs: 180_000 });
  const wrong =
    code === 0
      ? await wrongStill(live, unit, patienceMs, async () => wanted.answers?.(live))
      : `systemctl ${restart ? 'restart' : 'start'} failed`;
  if (wrong !== undefined)
    throw await notWorking(
      live,
      wanted,
      `was started, but does not work: ${wrong}.`,
      command.join(' '),
      code,
    );
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
    const wrong = running(state) ? await ask(state) : `its state is ${state.active}`;
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
      `Its journal is above (in full: journalctl -u ${unit}). Fix the cause, then run again.`,
    command,
    ...(exitCode === undefined ? {} : { exitCode }),
    detail: journal,
  });
}
