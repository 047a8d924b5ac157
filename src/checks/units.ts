import type { Answers } from '../answers/answers.ts';
import { changedAt, wallClock } from '../host/clock.ts';
import type { Host } from '../host/host.ts';
import { MEILISEARCH_KEY_FILE, SERVICES, SETTINGS, UNITS, UWSGI_INI, UWSGI_SOCKET } from '../site/layout.ts';
import { unhealthy } from '../site/meilisearch.ts';
import { type UnitState, unitState } from '../site/units.ts';
import { askUwsgi } from '../site/uwsgi.ts';
import { workersSince } from '../site/workers.ts';
import { type Check, failing, fine } from './check.ts';
import { SERVICE_FIXES } from './fixes.ts';

const ASKS: Readonly<Record<string, string>> = {
  meilisearch: "Asks for systemd's word, and Meilisearch for its health.",
  studio:
    "Asks for systemd's word, and uWSGI for a page over its own socket: with a wrong plugin it is active and answers nothing.",
  'studio-background': "Asks for systemd's word, and whether it stays up.",
  nginx: "Asks for systemd's word.",
};
const MEANS: Readonly<Record<string, string>> = {
  meilisearch: 'Nothing can be searched for.',
  studio: 'No page is answered but by nginx itself.',
  'studio-background': 'No e-mail is sent, no video is processed.',
  nginx: 'Visitors reach nothing at all.',
};

/** Each service for itself: `active` is where it begins, an answer is where it ends. */
export const services: readonly Check[] = SERVICES.map((name) => ({
  id: `service-${name}`,
  title: `Service ${name}`,
  asks: `${ASKS[name]} Compares its start with the files that it reads then.`,
  means: MEANS[name] ?? '',
  fixes: SERVICE_FIXES[name] ?? [],
  async run(host, answers) {
    const unit = `${name}.service`;
    const state = await unitState(host, unit);
    const wrong = troubled(unit, state) ?? (await silent(host, name, answers));
    if (wrong !== undefined)
      return failing(wrong, `See why: journalctl -u ${name} -n 50. Then: studio-setup run`, this.fixes);
    const old = await olderThan(host, name, state);
    if (old !== undefined)
      return failing(
        `${unit} runs with an older ${old} than the one on the disk.`,
        'Run: studio-setup run',
        this.fixes,
      );
    return fine(name === 'meilisearch' || name === 'studio' ? 'active, and answers' : 'active');
  },
}));

/** Microseconds: a unit that systemd started again, and that is up for less, is not up to stay. */
const STAYS_UP = 60_000_000;

function troubled(unit: string, state: UnitState): string | undefined {
  if (!state.loaded && state.fileState !== 'masked') return `${unit} is not there.`;
  if (state.active !== 'active') return `${unit} is ${state.active} (${state.result}).`;
  const since = Number(process.hrtime.bigint() / 1000n) - state.activeSince;
  if (state.restarts > 2 && since < STAYS_UP)
    return `${unit} keeps ending: systemd started it again ${state.restarts} times, last ${Math.round(since / 1_000_000)} s ago.`;
  if (state.needsReload) return `The file of ${unit} was changed, and systemd has not read it yet.`;
  return undefined;
}

async function silent(host: Host, name: string, answers: Answers): Promise<string | undefined> {
  if (name === 'meilisearch') {
    const sick = await unhealthy(host);
    return sick === undefined ? undefined : `meilisearch.service is active, and ${sick}.`;
  }
  if (name !== 'studio') return undefined;
  const answer = await askUwsgi(UWSGI_SOCKET, answers.text('domain'));
  if ('wrong' in answer) return `studio.service is active, and ${answer.wrong}.`;
  return answer.status >= 500 ? `studio.service answers with HTTP ${answer.status}.` : undefined;
}

const READS: Readonly<Record<string, readonly string[]>> = {
  studio: [UWSGI_INI, SETTINGS],
  'studio-background': [SETTINGS],
  meilisearch: [MEILISEARCH_KEY_FILE],
};

async function olderThan(host: Host, name: string, state: UnitState): Promise<string | undefined> {
  const file = `${UNITS}/${name}.service`;
  const started = wallClock(state.activeSince);
  // uWSGI may have been told to reload since it was started.
  const read = name === 'studio' ? await workersSince(host, state) : started;
  for (const path of [file, ...(READS[name] ?? [])]) {
    // No link: a unit that is masked is one, to nothing.
    if ((await host.status(path))?.type !== 'file') continue;
    if (((await changedAt(host, path)) ?? 0) > (path === file ? started : read)) return path;
  }
  return undefined;
}
