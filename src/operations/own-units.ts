import type { Operation } from '../engine/operation.ts';
import type { UnitState } from '../engine/service.ts';
import type { Host } from '../host/host.ts';
import { quote } from '../host/shell.ts';
import { distrusted } from '../host/trusted-path.ts';
import { ProblemError } from '../output/problem.ts';
import { daemonReload } from '../site/daemon-reload.ts';
import { enablementLinks } from '../site/enablement.ts';
import { UNITS } from '../site/layout.ts';
import { unitState } from '../site/units.ts';
import { command } from './command.ts';

/** What any service needs that is this product itself, and no more; see systemd.exec(5). */
export const HARDENED = `PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
RestrictNamespaces=yes
RestrictRealtime=yes
LockPersonality=yes
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK
`;

/**
 * Root's timer starts it: nobody else may decide what stands at its path.
 * @param program absolute paths
 */
export function rootsProgram(id: string, program: readonly string[]): Operation {
  return {
    id,
    title: "the program is root's",
    after: [],
    async observe(host) {
      for (const path of program) {
        // systemd.service(5) has rules of its own for quotes, $ and %: a program has no need of them in its path.
        const odd = /^[\w@+=:,./-]+$/.test(path) ? undefined : 'its path has signs that units do not take';
        const why = odd ?? (await distrusted(host, path));
        if (why !== undefined)
          throw new ProblemError({
            what: `${path} can't be started by root's timer: ${why}. Nothing was changed.`,
            remedy: `Put it where root alone can write, and start it from there: install -m 755 ${quote(path)} /usr/local/bin/`,
          });
      }
      return undefined;
    },
  };
}

/** @returns whether a unit is at work, or will be by itself: one that failed may wait to be started again */
export function isUp({ active }: UnitState): boolean {
  return !['inactive', 'failed'].includes(active);
}

/** @returns whether a unit is up, or would be after a reboot */
export async function staysUp(host: Host, unit: string): Promise<boolean> {
  return isUp(await unitState(host, unit)) || Object.keys(await enablementLinks(host, unit)).length > 0;
}

/** A unit of /etc/systemd/system that is neither running nor started after a reboot. */
export function stoppedUnit(id: string, unit: string): Operation {
  return command({
    id,
    title: `stop ${unit}`,
    shell: [`systemctl disable --now ${unit}`],
    missing: async (host) => ((await staysUp(host, unit)) ? 'it runs' : undefined),
    async apply(live) {
      if (isUp(await unitState(live, unit))) {
        await live.note({ kind: 'stop', unit, reads: [`${UNITS}/${unit}`] });
        await live.run(['systemctl', 'stop', unit]);
      }
      for (const link of Object.keys(await enablementLinks(live, unit))) await live.remove(link);
    },
  });
}

/** Of a service that only a timer starts: starting it would take the text that systemd read before. */
export function readAgain(id: string, service: string): Operation {
  const path = `${UNITS}/${service}`;
  return command({
    id,
    title: `systemd reads ${service} again`,
    shell: ['systemctl daemon-reload'],
    async missing(host) {
      // What is new is read when it is first asked for.
      if (host.willChange(path))
        return (await host.status(path)) === undefined ? undefined : { later: 'after its file' };
      return (await unitState(host, service)).fileChanged ? 'its file changed' : undefined;
    },
    apply: daemonReload,
  });
}

/** A file of the product's own that is not there. @param secret whether it held one */
export function withoutFile(id: string, path: string, secret = false): Operation {
  return command({
    id,
    title: `without ${path}`,
    shell: [`rm ${path}`],
    touches: [path],
    removes: [path],
    missing: async (host) => ((await host.status(path)) === undefined ? undefined : 'it is there'),
    async apply(live) {
      await live.remove(path, { secret });
      if (path.startsWith(`${UNITS}/`)) await daemonReload(live);
    },
  });
}
