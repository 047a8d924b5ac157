import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { unitState } from '../site/units.ts';

interface Listener {
  readonly program: string;
  readonly pid: string;
}

/**
 * Who holds a port is known by its unit: many programs are called nginx.
 * @param unit this site's own, which may hold it
 * @throws ProblemError when somebody else does
 */
export async function freePort(host: Host, port: number, unit: string): Promise<void> {
  const { code, stdout, stderr } = await host.once('listeners', () => host.query(['ss', '-Hltnp']));
  if (code !== 0)
    throw new ProblemError({
      what: `The program that holds port ${port} could not be determined: ${stderr.trim() || `ss ended with exit code ${code}`}`,
      remedy: 'ss comes with the package iproute2. Fix the cause, then run again.',
    });
  const sockets = listeningAt(stdout, port);
  if (sockets.length === 0) return;
  const holders: Listener[] = sockets.flatMap((socket) =>
    [...socket.matchAll(/"([^"]+)",pid=(\d+)/g)].map(([, program = '', pid = '']) => ({ program, pid })),
  );
  if (holders.length === 0)
    throw taken(port, 'a program that can not be seen from here (outside this container or namespace)');
  const { controlGroup: group } = await unitState(host, unit);
  for (const { program, pid } of holders) {
    const path = cgroupOf(await host.read(`/proc/${pid}/cgroup`).catch(() => undefined));
    // It ended while it was looked at.
    if (path === undefined && (await host.status(`/proc/${pid}`)) === undefined) continue;
    if (group !== '' && (path === group || path?.startsWith(`${group}/`))) continue;
    throw taken(port, `${program} ${whose(path, pid)}`, program);
  }
}

/**
 * @param sockets a line each, as `ss -Hltnp` writes them: state, two queues, local address and port, peer, programs (ss(8))
 * @returns those whose local port it is
 */
function listeningAt(sockets: string, port: number): readonly string[] {
  return sockets.split('\n').filter((line) => line.split(/\s+/)[3]?.endsWith(`:${port}`));
}

/** cgroups(7): `0::/path`, or on older kernels a hierarchy that is named `systemd`. */
function cgroupOf(text: string | undefined): string | undefined {
  return /^(?:0:|\d+:name=systemd):(\/.*)$/m.exec(text ?? '')?.[1];
}

function whose(path: string | undefined, pid: string): string {
  const container = /\b(?:docker|libpod|crio|containerd)[-/]|\blxc[./]/.test(path ?? '');
  const unit = /([^/]+\.service)(?:\/|$)/.exec(path ?? '')?.[1];
  if (container) return `in a container (process ${pid})`;
  return unit === undefined ? `(process ${pid}, not started as a service)` : `of ${unit} (process ${pid})`;
}

function taken(port: number, who: string, program?: string): ProblemError {
  return new ProblemError({
    what: `Port ${port} is taken by ${who}.`,
    remedy:
      program === 'apache2'
        ? 'If nothing else on this server needs Apache: systemctl disable --now apache2; then run again. Nothing was changed.'
        : `Find out what this is (ss -ltnp 'sport = :${port}'), stop it or give it another port, then run again. Nothing was changed.`,
  });
}
