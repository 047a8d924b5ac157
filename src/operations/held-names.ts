import type { Operation } from '../engine/operation.ts';
import type { LiveHost } from '../host/host.ts';
import { misled } from '../requirements/names.ts';
import { HOSTS, namesHeld, withHeld, withoutHeld } from '../site/held-names.ts';
import { command } from './command.ts';

/**
 * A site that is set up while its names lead to another server reaches itself all the same: it fills its search through its own
 * public address, and would fill that of the other one.
 * @param names all that the site answers to
 */
export function heldNames(id: string, names: readonly string[]): Operation {
  return command({
    id,
    title: 'reach the site on this server meanwhile',
    shell: [`editor ${HOSTS}  # 127.0.0.1 ${names.join(' ')}`],
    touches: [HOSTS],
    async missing(host) {
      if ((await misled(host, names)).length === 0) return undefined;
      const text = (await host.read(HOSTS)) ?? '';
      return withHeld(text, names) === text ? undefined : `DNS has another server for ${names.join(', ')}`;
    },
    apply: (live) => edited(live, (text) => withHeld(text, names)),
  });
}

/** From here on the site's names lead to where DNS says. */
export function releasedNames(id: string): Operation {
  return command({
    id,
    title: 'reach the site by DNS',
    shell: [`editor ${HOSTS}`],
    touches: [HOSTS],
    missing: async (host) => ((await namesHeld(host)) ? 'DNS points to this server' : undefined),
    apply: (live) => edited(live, withoutHeld),
  });
}

/** The file is the operator's: nothing else in it is changed, nor remembered. */
async function edited(live: LiveHost, change: (text: string) => string): Promise<void> {
  await live.write(HOSTS, change((await live.read(HOSTS)) ?? ''), { foreign: true });
}
