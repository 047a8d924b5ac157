import type { Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { start } from '../operations/unit-start.ts';
import { ProblemError } from '../output/problem.ts';
import { daemonReload as readAgain } from '../site/daemon-reload.ts';
import { enablementLinks, type Links } from '../site/enablement.ts';
import { SETTINGS, UNITS } from '../site/layout.ts';
import { testNginx } from '../site/nginx-program.ts';
import { SERVICES } from '../site/services.ts';
import { running, unitState } from '../site/units.ts';
import { notGraceful, RELOAD_SITE, reloadSite } from '../site/workers.ts';
import { type Progress, SYSTEMD } from './progress.ts';

const SITE = SERVICES.studio.unit;

/** A unit as far as undo has to do with it. */
export interface Reader {
  readonly unit: string;
  /** Paths among those that undo changes which the unit reads when it starts. */
  readonly reads: readonly string[];
}

/** It did not run before the run, or had no file: it is stopped while systemd still knows it. */
export function stopped({ unit, reads }: Reader, id: string): Operation {
  return {
    id,
    title: `stop ${unit}`,
    async observe(host) {
      const state = await unitState(host, unit);
      if (!running(state) && state.active !== 'activating') return undefined;
      return {
        kind: 'run',
        summary: `stop ${unit} (it was not running before)`,
        shell: [`systemctl stop ${unit}`],
        stops: [unit],
        async apply(live) {
          await live.note({ kind: 'stop', unit, reads });
          await live.run(['systemctl', 'stop', unit], { timeoutMs: 180_000 });
        },
      };
    },
  };
}

/** What enabling a unit changed. */
export interface Enabled {
  readonly unit: string;
  readonly before: Links;
  /** Absent when a kill came before the new links were noted: then all that are there now. */
  readonly after: Links | undefined;
}

/** The links by which a unit starts at boot. */
export function linksAgain({ unit, before, after: noted }: Enabled, id: string): Operation {
  return {
    id,
    title: `${unit} at boot`,
    async observe(host) {
      const target = async (path: string) => (await host.status(path))?.target;
      const after = noted ?? (await enablementLinks(host, unit));
      const gone: string[] = [];
      for (const path of Object.keys(after))
        if (before[path] === undefined && (await target(path)) === after[path]) gone.push(path);
      const back: string[] = [];
      for (const path of Object.keys(before))
        if (after[path] !== before[path] && (await host.status(path)) === undefined) back.push(path);
      if (gone.length + back.length === 0) return undefined;
      return {
        kind: 'update',
        summary:
          back.length === 0
            ? `${unit}: no longer started at boot`
            : `${unit}: started at boot as before (${back.join(', ')})`,
        shell: [...gone.map((path) => `rm ${path}`), ...back.map((path) => `ln -s ${before[path]} ${path}`)],
        touches: [...gone, ...back],
        async apply(live) {
          for (const path of gone) {
            await live.remove(path);
            // As `systemctl disable` does: enabling made the folder of a target that nothing else is in.
            const folder = path.slice(0, path.lastIndexOf('/'));
            if (folder !== UNITS && (await live.list(folder)).length === 0) await live.removeFolder(folder);
          }
          for (const path of back) await live.link(before[path] ?? '', path);
        },
      };
    },
  };
}

/** systemd reads unit files and links once. */
export function unitsReadAgain(paths: readonly string[], progress: () => Progress, id: string): Operation {
  const own = (path: string) => path.startsWith(`${UNITS}/`);
  return {
    id,
    title: 'systemctl daemon-reload',
    async observe(host) {
      const due = paths.some((path) => own(path) && host.willChange(path)) || progress().stale(own, SYSTEMD);
      if (!due) return undefined;
      return {
        kind: 'run',
        summary: 'systemd reads its units again',
        shell: ['systemctl daemon-reload'],
        async apply(live) {
          await readAgain(live);
          await live.note({ kind: 'reloaded', unit: SYSTEMD });
        },
      };
    },
  };
}

/** Whether it has to read something that goes back, or went back since it last read it. */
function due(host: Host, { unit, reads }: Reader, progress: Progress): boolean {
  return reads.some((path) => host.willChange(path)) || progress.stale((path) => reads.includes(path), unit);
}

async function runsWithOld(host: Host, reader: Reader, progress: Progress): Promise<boolean> {
  return due(host, reader, progress) && running(await unitState(host, reader.unit));
}

/** It runs with what is taken back. The site, of which nothing but its settings goes back, without a visitor noticing. */
export function restarted({ unit, reads }: Reader, progress: () => Progress, id: string): Operation {
  return {
    id,
    title: `restart ${unit}`,
    async observe(host) {
      const done = progress();
      if (!(await runsWithOld(host, { unit, reads }, done))) return undefined;
      const more = reads.filter((path) => path !== SETTINGS);
      const gentle =
        unit === SITE && !due(host, { unit, reads: more }, done) && (await notGraceful(host)) === undefined;
      return {
        kind: 'run',
        summary: gentle ? `reload ${unit} gracefully` : `restart ${unit}`,
        shell: [gentle ? RELOAD_SITE.join(' ') : `systemctl restart ${unit}`],
        ...(gentle ? { reloads: [unit] } : { restarts: [unit] }),
        async apply(live) {
          await live.note({ kind: gentle ? 'reload' : 'restart', unit, reads });
          if (gentle) await reloadSite(live);
          else await start(live, { unit }, true);
          if (gentle) live.reloaded(unit);
          else live.restarted(unit);
          await live.note({ kind: gentle ? 'reloaded' : 'restarted', unit });
        },
      };
    },
  };
}

/** Undoing an undo that stopped it. */
export function startedAgain({ unit, reads }: Reader, id: string): Operation {
  return {
    id,
    title: `start ${unit}`,
    async observe(host) {
      if (running(await unitState(host, unit))) return undefined;
      return {
        kind: 'run',
        summary: `start ${unit} (it was running before)`,
        shell: [`systemctl start ${unit}`],
        async apply(live) {
          await live.note({ kind: 'start', unit, reads });
          await start(live, { unit }, false);
        },
      };
    },
  };
}

/** nginx goes on with what it has until it is told; it is told only what it understands. */
export function nginxReloaded(reads: readonly string[], progress: () => Progress, id: string): Operation {
  const { unit } = SERVICES.nginx;
  return {
    id,
    title: 'nginx -t, reload nginx',
    async observe(host) {
      if (!(await runsWithOld(host, { unit, reads }, progress()))) return undefined;
      return {
        kind: 'run',
        summary: 'reload nginx with its earlier configuration',
        shell: ['nginx -t', 'systemctl reload nginx'],
        restarts: [unit],
        async apply(live) {
          await testNginx(live, () => ({
            what: 'nginx refuses the configuration from before the run.',
            remedy:
              'nginx keeps the newer one until its next restart. Fix the file and line named above, then undo again: it resumes from here.',
          }));
          await live.note({ kind: 'reload', unit, reads });
          const { code } = await live.run(['systemctl', 'reload', unit], { accept: [0, 1] });
          if (code !== 0)
            throw new ProblemError({
              what: 'nginx was told to reload its configuration, but failed.',
              remedy: 'See why (journalctl -u nginx), fix the cause, then undo again: it resumes from here.',
            });
          live.reloaded(unit);
          await live.note({ kind: 'reloaded', unit });
        },
      };
    },
  };
}
