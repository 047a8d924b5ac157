import { setTimeout as sleep } from 'node:timers/promises';
import type { Operation } from '../../engine/operation.ts';
import type { Host, LiveHost } from '../../host/host.ts';
import { command } from '../../operations/command.ts';
import { isUp, staysUp, stoppedUnit } from '../../operations/own-units.ts';
import { runningService, runningUnit } from '../../operations/unit.ts';
import { ProblemError } from '../../output/problem.ts';
import { SERVICE_UNITS, TIMERS } from '../../site/layout.ts';
import { ALL_SERVICES } from '../../site/services.ts';
import { unitState } from '../../site/units.ts';

/** Milliseconds that a periodic task may take to its end. */
const TASK_MS = 15 * 60_000;

/** What writes, in the order in which it is stopped: what starts others comes before them. */
const WRITERS: readonly string[] = [
  ...TIMERS.map((name) => `${name}.timer`),
  SERVICE_UNITS['studio-background'],
  SERVICE_UNITS.studio,
];

/** @param further timers that look after the site @returns which units run, or would after a reboot, in the order in which they are stopped */
export async function unitsThatRun(host: Host, further: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const unit of [...further, ...WRITERS]) if (await staysUp(host, unit)) found.push(unit);
  return found;
}

/** @returns what stops them, so that a reboot does not start them either; periodic tasks that are at work come to their end */
export function stopped(prefix: string, units: readonly string[]): readonly Operation[] {
  const isTimer = (unit: string) => unit.endsWith('.timer');
  return [
    ...units.filter(isTimer).map((unit) => stoppedUnit(`${prefix}/${unit}`, unit)),
    tasksEnded(`${prefix}/tasks`),
    ...units.filter((unit) => !isTimer(unit)).map((unit) => stoppedUnit(`${prefix}/${unit}`, unit)),
  ];
}

/** @returns what starts them again, the site first @param name that the site is asked by */
export function started(prefix: string, units: readonly string[], name: string): readonly Operation[] {
  return units.toReversed().map((unit) => {
    const id = `${prefix}/${unit}`;
    const service = ALL_SERVICES.find((each) => each.unit === unit);
    if (service === undefined) return runningUnit({ id, unit });
    return runningService(service, { id, answers: async (host) => service.ask?.(host, () => name) });
  });
}

/** One that is cut off may have charged a payment, and not noted it. */
function tasksEnded(id: string): Operation {
  const atWork = async (host: Host) => {
    for (const name of TIMERS) if (isUp(await unitState(host, `${name}.service`))) return `${name}.service`;
    return undefined;
  };
  return command({
    id,
    title: 'let periodic tasks end',
    shell: ['systemctl list-units "studio-*"'],
    missing: atWork,
    async apply(live: LiveHost) {
      for (const until = Date.now() + TASK_MS; ; await sleep(500, undefined, { signal: live.signal })) {
        live.forget();
        const unit = await atWork(live);
        if (unit === undefined) return;
        if (Date.now() > until)
          throw new ProblemError({
            what: `${unit} has not ended within a quarter of an hour.`,
            remedy: `See what it does (journalctl -u ${unit}), end it (systemctl stop ${unit}), then try again.`,
          });
      }
    },
  });
}
