import type { Node } from '../engine/graph.ts';
import { isLater, type Operation } from '../engine/operation.ts';
import { nginxLoaded } from '../operations/nginx-loaded.ts';
import { BACKGROUND_SERVICE, SITE_SERVICE } from '../operations/services.ts';
import { runningUnit } from '../operations/unit.ts';
import { NGINX_CONFIGURATION, UWSGI_SOCKET } from '../site/layout.ts';
import { running, unitState } from '../site/units.ts';
import { askUwsgi } from '../site/uwsgi.ts';

const SITE = { id: 'uwsgi/service', ...SITE_SERVICE };

/** By operation that brings each up in its own section: here no answer is needed, and nothing is started that does not run. */
const READERS: Readonly<Record<string, Operation>> = {
  'uwsgi/service': onlyUpToDate(
    SITE.unit,
    runningUnit(SITE),
    runningUnit({
      ...SITE,
      async answers() {
        const answer = await askUwsgi(UWSGI_SOCKET, 'localhost');
        return 'wrong' in answer ? answer.wrong : undefined;
      },
    }),
  ),
  'background-tasks/service': onlyUpToDate(
    BACKGROUND_SERVICE.unit,
    runningUnit({ id: 'background-tasks/service', ...BACKGROUND_SERVICE }),
  ),
  'start-nginx/https': onlyUpToDate(
    'nginx.service',
    nginxLoaded({
      id: 'start-nginx/https',
      title: 'nginx with its configuration',
      watches: NGINX_CONFIGURATION,
    }),
  ),
};

/**
 * What runs, belongs to another section, and builds on what is brought about: with `run settings` the site has to take on
 * the new settings.
 * @param graph all operations
 * @param chosen those that are carried out
 * @returns one operation for each, after all of these; it finds nothing to do where what runs is up to date
 */
export function readersOf(graph: readonly Node[], chosen: readonly Node[]): readonly Node[] {
  const ids = new Set(chosen.map(({ operation }) => operation.id));
  const byId = new Map(graph.map((node) => [node.operation.id, node]));
  const seen = new Map<string, boolean>();
  const buildsOn = (id: string): boolean => {
    const known = seen.get(id);
    if (known !== undefined) return known;
    seen.set(id, false);
    const found = ids.has(id) || [...(byId.get(id)?.needs ?? [])].some(buildsOn);
    seen.set(id, found);
    return found;
  };
  return Object.entries(READERS).flatMap(([id, operation]) => {
    const node = byId.get(id);
    if (node === undefined || ids.has(id) || !buildsOn(id)) return [];
    return [{ operation, section: node.section, needs: ids }];
  });
}

/** @param look tells whether it runs with older files, and nothing else @param mend the same, with a proof */
function onlyUpToDate(unit: string, look: Operation, mend = look): Operation {
  return {
    ...mend,
    async observe(host) {
      if (!running(await unitState(host, unit))) return undefined;
      const found = await look.observe(host);
      const old = !isLater(found) && (found?.restarts ?? found?.reloads ?? []).length > 0;
      return old ? mend.observe(host) : undefined;
    },
  };
}
