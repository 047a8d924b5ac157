import { setTimeout as sleep } from 'node:timers/promises';
import type { Operation } from '../engine/operation.ts';
import { changedAt, noteFromTheFuture } from '../host/clock.ts';
import type { Host, LiveHost } from '../host/host.ts';
import { type Problem, ProblemError } from '../output/problem.ts';
import { enable } from '../site/enablement.ts';
import { UNITS } from '../site/layout.ts';
import { configLoadedAt } from '../site/nginx.ts';
import { testNginx } from '../site/nginx-program.ts';
import { SERVICES } from '../site/services.ts';
import { journalOf, unitState } from '../site/units.ts';

const UNIT = SERVICES.nginx.unit;

export interface NginxLoaded extends Pick<Operation, 'id' | 'title' | 'after' | 'covers' | 'early'> {
  /** Files that nginx reads; the certificate's among them. */
  readonly watches: readonly string[];
  /** Further ones, which depend on the host: the certificate's name does. */
  readonly watchesToo?: (host: Host) => Promise<readonly string[]>;
  /** @returns what is wrong with what nginx answers, `undefined` when nothing is. */
  readonly answers?: (host: Host) => Promise<string | undefined>;
  /** Bash by which an exported script waits for what it answers. */
  readonly waits?: readonly string[];
  /** Asked once it is loaded: what of others keeps visitors from it, which no reload changes. */
  readonly inTheWay?: (host: Host) => Promise<readonly Problem[]>;
}

/** nginx enabled, running, and with its configuration as it is on the disk: tested before it goes live. */
export function nginxLoaded(wanted: NginxLoaded): Operation {
  return {
    id: wanted.id,
    title: wanted.title,
    ...(wanted.after ? { after: wanted.after } : {}),
    ...(wanted.covers ? { covers: wanted.covers } : {}),
    script: [
      'nginx -t',
      'systemctl enable nginx',
      'systemctl reload-or-restart nginx',
      ...(wanted.waits ?? []),
    ],
    ...(wanted.early ? { early: wanted.early } : {}),
    async observe(host) {
      const { active } = await unitState(host, UNIT);
      const enabled = (await host.status(`${UNITS}/multi-user.target.wants/${UNIT}`)) !== undefined;
      const loadedAt = await configLoadedAt(host);
      const watches = await watchedBy(host, wanted);
      const stale = await newerThan(host, watches, loadedAt ?? 0);
      const silent = loadedAt !== undefined && stale.length === 0 ? await wanted.answers?.(host) : undefined;
      const up = active === 'active' && loadedAt !== undefined;
      const reasons = [
        ...(enabled ? [] : ['not enabled']),
        ...(up ? stale.map((path) => `${path} is not loaded`) : [`nginx is ${active}`]),
        ...(silent === undefined ? [] : [silent]),
      ];
      if (reasons.length === 0) return undefined;
      const action = up ? 'reload' : 'start';
      return {
        kind: 'run',
        summary: `${action} nginx (${reasons.join(', ')})`,
        shell: ['nginx -t', 'systemctl enable nginx', `systemctl ${action} nginx`],
        ...(up ? { reloads: [UNIT] } : { starts: [UNIT] }),
        async apply(live) {
          await testNginx(live, () => ({
            what: 'nginx refuses its configuration.',
            remedy: 'Fix the file and line named above, then run again. The running nginx was not touched.',
          }));
          if (!enabled) {
            await enable(live, UNIT);
          }
          await live.note({ kind: action, unit: UNIT, reads: watches });
          await noteFromTheFuture(live, watches);
          await live.run(['systemctl', action, UNIT], { accept: [0, 1] });
          await settled(live, wanted);
          const [problem] = (await wanted.inTheWay?.(live)) ?? [];
          if (problem !== undefined) throw new ProblemError(problem);
        },
      };
    },
  };
}

async function watchedBy(host: Host, { watches, watchesToo }: NginxLoaded): Promise<readonly string[]> {
  return [...watches, ...((await watchesToo?.(host)) ?? [])];
}

async function newerThan(host: Host, paths: readonly string[], loadedAt: number): Promise<readonly string[]> {
  const newer: string[] = [];
  for (const path of paths) {
    const modified = await changedAt(host, path);
    if (host.willChange(path) || (modified !== undefined && modified > loadedAt)) newer.push(path);
  }
  return newer;
}

/** A reload returns before the new workers are there. */
async function settled(live: LiveHost, wanted: NginxLoaded): Promise<void> {
  const until = Date.now() + 15_000;
  let wrong: string | undefined;
  do {
    const { active } = await unitState(live, UNIT);
    const loadedAt = await configLoadedAt(live);
    const stale = await newerThan(live, await watchedBy(live, wanted), loadedAt ?? 0);
    wrong =
      active !== 'active'
        ? `its state is ${active}`
        : stale.length > 0
          ? `${stale.join(', ')} is not loaded`
          : await wanted.answers?.(live);
    if (wrong === undefined) return;
    await sleep(50);
    live.forget();
  } while (Date.now() < until && !live.signal.aborted);
  throw new ProblemError({
    what: `nginx was started or reloaded, but does not serve the site as it should: ${wrong}.`,
    remedy: 'Its journal is above, its log is /var/log/nginx/error.log. Fix the cause, then run again.',
    detail: await journalOf(live, UNIT),
  });
}
