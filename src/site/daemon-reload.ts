import type { UnitState } from '../engine/service.ts';
import type { LiveHost } from '../host/host.ts';

let running: Promise<unknown> = Promise.resolve();
let next: Promise<void> | undefined;

/**
 * Has systemd read all unit files and enablement links again. It answers nobody meanwhile (some 0.3 s), so operations that
 * ask at the same time share one reading: one that begins after each of them asked, and so sees what each of them wrote.
 * This process works on one machine, hence one row for all of its operations.
 * @throws ProblemError when systemd refuses
 */
export function daemonReload(live: LiveHost): Promise<void> {
  next ??= running
    .catch(() => {})
    .then(async () => {
      next = undefined;
      running = live.run(['systemctl', 'daemon-reload']);
      await running;
    });
  return next;
}

/**
 * The same where systemd does not have a unit as its files say.
 * @param state as systemd has it
 * @throws ProblemError when systemd refuses
 */
export async function readUnit(
  live: LiveHost,
  { loaded, needsReload }: Pick<UnitState, 'loaded' | 'needsReload'>,
): Promise<void> {
  if (needsReload || !loaded) await daemonReload(live);
}
