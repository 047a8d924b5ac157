import { setTimeout as sleep } from 'node:timers/promises';
import type { Operation } from '../engine/operation.ts';
import { changedAt, noteFromTheFuture } from '../host/clock.ts';
import type { Host, LiveHost } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { djangoState } from '../site/django.ts';
import { SETTINGS, UWSGI_INI } from '../site/layout.ts';
import { SERVICES } from '../site/services.ts';
import { journalOf, unitState } from '../site/units.ts';
import { LOADED_MS, notGraceful, RELOAD_SITE, workersSince } from '../site/workers.ts';

const { unit: UNIT } = SERVICES.studio;

/**
 * The site with settings.py as it is now, without a visitor noticing: uWSGI keeps its socket, lets requests end, and
 * reloads the site; meanwhile new requests wait. Where it can't, it is restarted, and that is said.
 * @param hostName what the site takes as its own name
 */
export function reloadedSite(wanted: Pick<Operation, 'id' | 'after'> & { hostName: string }): Operation {
  const wrong = notLoaded(wanted.hostName);
  return {
    id: wanted.id,
    title: `${UNIT} with these settings`,
    ...(wanted.after ? { after: wanted.after } : {}),
    async observe(host) {
      const reason = await wrong(host);
      if (reason === undefined) return undefined;
      const state = await unitState(host, UNIT);
      const hard = state.active === 'active' ? await notGraceful(host) : 'it is not running';
      const command = hard === undefined ? RELOAD_SITE : ['systemctl', 'restart', UNIT];
      return {
        kind: 'run',
        summary:
          hard === undefined
            ? `reload ${UNIT} gracefully (${reason})`
            : `restart ${UNIT} (${reason}; no graceful reload: ${hard})`,
        shell: [command.join(' ')],
        ...(hard === undefined
          ? { reloads: [UNIT] }
          : state.active === 'active'
            ? { restarts: [UNIT] }
            : { starts: [UNIT] }),
        async apply(live) {
          await importable(live);
          await live.note({ kind: hard === undefined ? 'reload' : 'restart', unit: UNIT });
          await noteFromTheFuture(live, [SETTINGS]);
          await live.run(command, { accept: [0, 1], timeoutMs: 180_000 });
          await settle(live, wrong);
          if (hard === undefined) live.reloaded(UNIT);
          else live.restarted(UNIT);
        },
      };
    },
  };
}

/** @returns a question to the host: why the site does not answer with the settings as they are, `undefined` when it does */
export function notLoaded(hostName: string): (host: Host) => Promise<string | undefined> {
  return async (host) => {
    const state = await unitState(host, UNIT);
    if (state.active !== 'active') return `its state is ${state.active}`;
    const changed = (await changedAt(host, SETTINGS)) ?? 0;
    if (host.willChange(SETTINGS) || changed > (await workersSince(host, state)))
      return `${SETTINGS} changed since it was loaded`;
    return SERVICES.studio.ask?.(host, () => hostName);
  };
}

/** uWSGI that can't load the site stays `active` and answers nothing: what does not import must not be loaded. */
async function importable(live: LiveHost): Promise<void> {
  const state = await djangoState(live);
  if (state?.importError === undefined) return;
  throw new ProblemError({
    what: `studio/settings.py does not import as www-data: ${state.importError}`,
    remedy: `Fix the cause (sudo -Hu www-data editor ${SETTINGS}), then run again. The site still runs with the settings that it has loaded.`,
  });
}

/** Waits until it answers with the settings as they are. @throws ProblemError with its journal */
export async function settle(
  live: LiveHost,
  wrong: (host: Host) => Promise<string | undefined>,
): Promise<void> {
  const until = Date.now() + LOADED_MS;
  for (;;) {
    live.forget();
    const reason = await wrong(live);
    if (reason === undefined) return;
    if (Date.now() > until || live.signal.aborted || (await unitState(live, UNIT)).active === 'failed')
      throw new ProblemError({
        what: `${UNIT} was told to reload the site, but does not work: ${reason}.`,
        remedy: `See its journal (journalctl -u ${UNIT}) and ${UWSGI_INI}. Fix the cause, then run again.`,
        detail: await journalOf(live, UNIT),
      });
    await sleep(100);
  }
}
