import path from 'node:path';
import type { Host, LiveHost } from '../host/host.ts';
import { daemonReload } from './daemon-reload.ts';
import { UNITS } from './layout.ts';

/** Symbolic links: path → target. */
export type Links = Readonly<Record<string, string>>;

/** Enables a unit for the next boot, and notes for `undo` which links that made and took away. */
export async function enable(live: LiveHost, unit: string): Promise<void> {
  await live.note({ kind: 'enable', unit, links: await enablementLinks(live, unit) });
  // reenable also takes away a link in a target that does not exist (trap 3).
  await live.run(['systemctl', 'reenable', '--no-reload', unit]);
  // Without it `systemctl status` goes on saying "disabled".
  await daemonReload(live);
  await live.note({ kind: 'enabled', unit, links: await enablementLinks(live, unit) });
}

/** @returns the administrator's links by which a unit is started with another, or has another name */
export async function enablementLinks(host: Host, unit: string): Promise<Links> {
  const found: Record<string, string> = {};
  for (const name of await host.list(UNITS)) {
    const inTarget = /\.(wants|requires)$/.test(name);
    const at = inTarget ? `${UNITS}/${name}/${unit}` : `${UNITS}/${name}`;
    const status = await host.status(at);
    if (status?.target === undefined) continue;
    if (inTarget || (name !== unit && path.basename(status.target) === unit)) found[at] = status.target;
  }
  return found;
}
