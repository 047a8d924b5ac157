import type { Answers } from '../answers/answers.ts';
import type { Service, UnitState } from '../engine/service.ts';
import { changedAt, wallClock } from '../host/clock.ts';
import type { Host } from '../host/host.ts';
import { UNITS } from '../site/layout.ts';
import { askUnits, unitState } from '../site/units.ts';
import { type Check, failing, fine } from './check.ts';

/** Each service for itself: `active` is where it begins, an answer is where it ends. */
export function serviceCheck(service: Service): Check {
  const { unit } = service;
  const name = unit.replace(/\.service$/, '');
  return {
    id: `service-${name}`,
    title: `Service ${name}`,
    asks: `${service.asks} Compares the time of its start with the files that it reads at start${service.code === undefined ? '' : ", including the site's code and packages"}.`,
    means: service.means,
    fixes: service.fixes,
    ...(service.applies ? { applies: service.applies } : {}),
    early: askUnits,
    async run(host, answers) {
      const state = await unitState(host, unit);
      const wrong = troubled(unit, state) ?? (await silent(host, service, answers));
      if (wrong !== undefined)
        return failing(wrong, `See why: journalctl -u ${name} -n 50. Then: studio-setup run`, service.fixes);
      const old = await olderThan(host, service, state);
      if (old !== undefined)
        return failing(
          `${unit} runs with an older ${old} than the one on disk.`,
          'Run: studio-setup run',
          service.fixes,
        );
      return fine(service.ask === undefined ? 'active' : 'active, and answers');
    },
  };
}

/** Microseconds: a unit that systemd started again, and that is up for less, is not up to stay. */
const STAYS_UP = 60_000_000;

function troubled(unit: string, state: UnitState): string | undefined {
  if (!state.loaded && state.fileState !== 'masked') return `${unit} is not there.`;
  if (state.active !== 'active') return `${unit} is ${state.active} (${state.result}).`;
  const since = Number(process.hrtime.bigint() / 1000n) - state.activeSince;
  if (state.restarts > 2 && since < STAYS_UP)
    return `${unit} keeps ending: systemd has restarted it ${state.restarts} times, last ${Math.round(since / 1_000_000)} s ago.`;
  if (state.fileChanged) return `The file of ${unit} was changed, and systemd has not read it yet.`;
  return undefined;
}

async function silent(host: Host, { unit, ask }: Service, answers: Answers): Promise<string | undefined> {
  const wrong = await ask?.(host, () => answers.text('domain'));
  return wrong === undefined ? undefined : `${unit} is active, but ${wrong}.`;
}

async function olderThan(host: Host, service: Service, state: UnitState): Promise<string | undefined> {
  const file = `${UNITS}/${service.unit}`;
  const started = wallClock(state.activeSince);
  const read = (await service.since?.(host, state)) ?? started;
  const code = await service.code?.(host);
  const reads = service.startShowsWhatItRead ? service.reads : [];
  for (const path of [file, ...reads, ...(code === undefined ? [] : [code])]) {
    // No link: a unit that is masked is one, to nothing.
    if (path !== code && (await host.status(path))?.type !== 'file') continue;
    if (((await changedAt(host, path)) ?? 0) > (path === file ? started : read)) return path;
  }
  return undefined;
}
