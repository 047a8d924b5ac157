import { TIMERS } from '../site/layout.ts';
import { askUnits, unitState } from '../site/units.ts';
import { type Check, failing, fine } from './check.ts';
import { timerFixes } from './fixes.ts';

const MEANS: Readonly<Record<(typeof TIMERS)[number], string>> = {
  'studio-clearsessions': 'Expired sessions pile up in the database.',
  'studio-process-deletion-requests': 'Accounts stay although their owners asked for their deletion.',
  'studio-background-restart': 'Background tasks that hang are not restarted.',
  'studio-stats': 'Statistics are not updated.',
  'studio-clock-tick': 'Subscriptions are not renewed, and nobody is charged.',
};

export const timers: readonly Check[] = TIMERS.map((name) => ({
  id: `timer-${name}`,
  title: `Timer ${name}`,
  asks: 'Reads whether the timer is active and has a next run scheduled, and how the last run of its service ended.',
  means: MEANS[name],
  fixes: timerFixes(name),
  early: askUnits,
  async run(host) {
    const fix = 'Run: studio-setup run periodic-tasks';
    const state = await unitState(host, `${name}.timer`);
    if (!state.loaded)
      return failing(
        `${name}.timer is not there.`,
        'Run: studio-setup run configuration-files periodic-tasks',
        this.fixes,
      );
    if (state.active !== 'active') return failing(`${name}.timer is ${state.active}.`, fix, this.fixes);
    if (state.fileChanged)
      return failing(
        `The file of ${name}.timer was changed, and systemd has not read it yet.`,
        fix,
        this.fixes,
      );
    // While its service runs, the next time is not set yet.
    if (!state.waits && state.sub !== 'running')
      return failing(
        `${name}.timer is active, but has no next run scheduled.`,
        `See what it contains: systemctl cat ${name}.timer. To restore the repository's: studio-setup run configuration-files periodic-tasks`,
        this.fixes,
      );
    const { result } = await unitState(host, `${name}.service`);
    return result === 'success'
      ? fine('active')
      : failing(
          `The last run of ${name}.service failed (${result}).`,
          `See why: journalctl -u ${name} -n 50. Once that is fixed: systemctl start ${name}`,
          this.fixes,
        );
  },
}));
