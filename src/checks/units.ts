import { unitValues } from '../configs/unit.ts';
import type { Host } from '../host/host.ts';
import { isLocal } from '../site/database.ts';
import {
  MEILISEARCH_KEY_FILE,
  SERVICES,
  SETTINGS,
  TIMERS,
  UNITS,
  UWSGI_INI,
  UWSGI_SOCKET,
} from '../site/layout.ts';
import { unhealthy } from '../site/meilisearch.ts';
import { unitState, wallClock } from '../site/units.ts';
import { askUwsgi } from '../site/uwsgi.ts';
import { type Check, failing, fine } from './check.ts';

/** Each service for itself: `active` is where it begins, an answer is where it ends. */
export const services: readonly Check[] = SERVICES.map((name) => ({
  id: `service-${name}`,
  title: `Service ${name}`,
  async run(host, answers) {
    const unit = `${name}.service`;
    const state = await unitState(host, unit);
    const mend = `See why: journalctl -u ${name} -n 50. Then: studio-setup run`;
    if (state.active !== 'active') return failing(`${unit} is ${state.active} (${state.result}).`, mend);
    if (name === 'meilisearch') {
      const sick = await unhealthy(host);
      if (sick !== undefined) return failing(`${unit} is active, and ${sick}.`, mend);
    }
    if (name === 'studio') {
      const answer = await askUwsgi(UWSGI_SOCKET, answers.text('domain'));
      if ('wrong' in answer) return failing(`${unit} is active, and ${answer.wrong}.`, mend);
      if (answer.status >= 500) return failing(`${unit} answers with HTTP ${answer.status}.`, mend);
    }
    const old = await olderThan(host, name, state.activeSince);
    if (old !== undefined)
      return failing(`${unit} runs with an older ${old} than the one on the disk.`, 'Run: studio-setup run');
    return fine(name === 'meilisearch' || name === 'studio' ? 'active, and answers' : 'active');
  },
}));

const READS: Readonly<Record<string, readonly string[]>> = {
  studio: [UWSGI_INI, SETTINGS],
  'studio-background': [SETTINGS],
  meilisearch: [MEILISEARCH_KEY_FILE],
};

async function olderThan(host: Host, name: string, activeSince: number): Promise<string | undefined> {
  for (const path of READS[name] ?? []) {
    const status = await host.status(path);
    if (status !== undefined && status.modified > wallClock(activeSince)) return path;
  }
  return undefined;
}

export const timers: readonly Check[] = TIMERS.map((name) => ({
  id: `timer-${name}`,
  title: `Timer ${name}`,
  async run(host) {
    const mend = 'Run: studio-setup run periodic-tasks';
    const state = await unitState(host, `${name}.timer`);
    if (state.active !== 'active') return failing(`${name}.timer is ${state.active}.`, mend);
    const { result } = await unitState(host, `${name}.service`);
    return result === 'success'
      ? fine('active')
      : failing(
          `The last run of ${name}.service failed (${result}).`,
          `See why: journalctl -u ${name} -n 50`,
        );
  },
}));

/** What systemd will start at the next boot: a link in a target that exists. `is-enabled` is content with less (trap 3). */
export const survivesReboot: Check = {
  id: 'reboot',
  title: 'Comes back after a reboot',
  async run(host, answers) {
    const own = [
      ...SERVICES.filter((name) => name !== 'nginx').map((name) => `${name}.service`),
      ...TIMERS.map((name) => `${name}.timer`),
    ];
    const lost: string[] = [];
    for (const unit of own) {
      const source = await host.read(`${UNITS}/${unit}`);
      const targets =
        source === undefined
          ? []
          : unitValues(source, 'Install', 'WantedBy').flatMap((value) => value.split(/\s+/));
      const links = await Promise.all(
        targets.map(
          async (target) =>
            target !== 'timer.target' &&
            (await host.status(`${UNITS}/${target}.wants/${unit}`)) !== undefined,
        ),
      );
      if (!links.includes(true)) lost.push(unit);
    }
    const packaged: readonly (readonly [string, string])[] = [
      ['nginx.service', 'multi-user.target'],
      ['certbot.timer', 'timers.target'],
      ...(isLocal(answers) ? [['postgresql.service', 'multi-user.target'] as const] : []),
    ];
    for (const [unit, target] of packaged) {
      if ((await host.status(`${UNITS}/${target}.wants/${unit}`)) === undefined) lost.push(unit);
    }
    return lost.length === 0
      ? fine(`All ${own.length + packaged.length} units are started at boot.`)
      : failing(`After a reboot these would not run: ${lost.join(', ')}.`, 'Run: studio-setup run');
  },
};
