import { LAST_BACKUP } from '../backup/places.ts';
import { BACKUP_SERVICE, VERIFY_SERVICE } from '../backup/units.ts';
import type { Host } from '../host/host.ts';
import { localTime } from '../output/local-time.ts';
import { BACKUP_TIMER, VERIFY_TIMER } from '../site/layout.ts';
import { running, unitState } from '../site/units.ts';
import { type Check, type CheckResult, failing, fine, notSetUp } from './check.ts';

const HOUR_MS = 60 * 60_000;
/** One is made each day, at an hour that differs: a day without one may pass by itself. */
const OLD_MS = 48 * HOUR_MS;
/** A server that was off makes up for what it missed in this time. */
const CATCHES_UP_MS = 6 * HOUR_MS;

const NONE = 'no backup is made by itself. To set it up: studio-setup backup enable';
const AGAIN = 'Set them up again: studio-setup backup enable';

async function stopped(host: Host, timer: string): Promise<CheckResult | undefined> {
  const state = await unitState(host, timer);
  if (!state.loaded) return notSetUp(NONE);
  return running(state)
    ? undefined
    : failing(`${timer} is ${state.active}: nothing is done by itself.`, AGAIN);
}

export const backupFresh: Check = {
  id: 'backup',
  title: 'Backup',
  asks: 'Where backups are made by themselves: reads whether the timer runs, and when the last backup was made; one that is older than two days fails.',
  means: 'What was written since the last backup is lost with the server.',
  fixes: [],
  async run(host) {
    const without = await stopped(host, BACKUP_TIMER);
    if (without !== undefined) return without;
    const last = host.hint(LAST_BACKUP);
    const uptime = Number(((await host.read('/proc/uptime')) ?? '').split(' ')[0]) * 1000;
    const why = `See why: journalctl -u ${BACKUP_SERVICE} -n 50. Once that is fixed: systemctl start ${BACKUP_SERVICE}`;
    if (last === undefined) return failing('No backup was made yet.', why);
    if (uptime > CATCHES_UP_MS && Date.now() - Date.parse(last) > OLD_MS)
      return failing(`The last backup is of ${localTime(last)}: older than two days.`, why);
    return fine(`One each day, the last on ${localTime(last)}.`);
  },
};

export const backupProved: Check = {
  id: 'backup-verified',
  title: 'Backup restored',
  asks: 'Where backups are made by themselves: reads whether the timer of the weekly trial runs, and how the last trial ended.',
  means: 'Nobody knows whether the backups can be restored.',
  fixes: [],
  async run(host) {
    const without = await stopped(host, VERIFY_TIMER);
    if (without !== undefined) return without;
    const { result } = await unitState(host, VERIFY_SERVICE);
    return result === 'success'
      ? fine('One is restored beside the site each week.')
      : failing(
          `The last trial of a backup failed (${result}).`,
          `See why: journalctl -u ${VERIFY_SERVICE} -n 50. Once that is fixed: systemctl start ${VERIFY_SERVICE}`,
        );
  },
};
