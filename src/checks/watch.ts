import { localTime } from '../output/local-time.ts';
import { WATCH_TIMER } from '../site/layout.ts';
import { running, unitState } from '../site/units.ts';
import { watchStateOf } from '../watch/state.ts';
import { type Check, failing, fine, notSetUp } from './check.ts';

const HOUR_MS = 60 * 60_000;

export const watching: Check = {
  id: 'watch',
  title: 'Watch',
  asks: 'Where the watch is set up: reads whether its timer runs, when the last round was, and whether telling you worked.',
  means: 'Nobody tells you when something begins to fail.',
  fixes: [],
  async run(host) {
    const timer = await unitState(host, WATCH_TIMER);
    if (!timer.loaded)
      return notSetUp('nobody is told when a check fails. To set it up: studio-setup watch enable');
    const again = 'Set it up again: studio-setup watch enable';
    if (!running(timer))
      return failing(`${WATCH_TIMER} is ${timer.active}: nothing is checked by itself.`, again);
    const { rounds, ways } = watchStateOf(await host.read('/var/lib/studio-setup/watch.json'));
    const silent = Object.entries(ways).flatMap(([name, { failing: fails }]) =>
      fails === undefined ? [] : [`by ${name} since ${localTime(fails.since)}: ${fails.why}`],
    );
    if (silent.length > 0)
      return failing(
        `It can't tell you ${silent.join('; ')}.`,
        'Try it: studio-setup watch test. To set a way up again: studio-setup watch disable; studio-setup watch enable',
      );
    const last = rounds.at(-1)?.at ?? 0;
    // A server that was off has no rounds to show yet.
    const up = Number(((await host.read('/proc/uptime')) ?? '').split(' ')[0]) * 1000;
    if (up > HOUR_MS && Date.now() - last > HOUR_MS && Date.now() - last < up)
      return failing(
        `The last round was ${last === 0 ? 'never' : `on ${localTime(last)}`}.`,
        'See why: journalctl -u studio-setup-watch -n 50',
      );
    return fine(`It checks four times an hour, last on ${localTime(last)}.`);
  },
};
