import type { Node } from '../engine/graph.ts';
import { isLater, type Operation } from '../engine/operation.ts';
import type { Service } from '../engine/service.ts';
import { nginxLoaded } from '../operations/nginx-loaded.ts';
import { runningService } from '../operations/unit.ts';
import { UWSGI_SOCKET } from '../site/layout.ts';
import { SERVICES } from '../site/services.ts';
import { running, unitState } from '../site/units.ts';
import { askUwsgi } from '../site/uwsgi.ts';

/** Here no answer is needed, and nothing is started that does not run. */
const READERS: readonly Operation[] = [
  onlyUpToDate(
    SERVICES.studio,
    runningService(SERVICES.studio, { id: SERVICES.studio.operation }),
    runningService(SERVICES.studio, {
      id: SERVICES.studio.operation,
      async answers() {
        const answer = await askUwsgi(UWSGI_SOCKET, 'localhost');
        return 'wrong' in answer ? answer.wrong : undefined;
      },
    }),
  ),
  onlyUpToDate(
    SERVICES['studio-background'],
    runningService(SERVICES['studio-background'], { id: SERVICES['studio-background'].operation }),
  ),
  onlyUpToDate(
    SERVICES.nginx,
    nginxLoaded({
      id: SERVICES.nginx.operation,
      title: 'nginx with its configuration',
      watches: SERVICES.nginx.reads,
    }),
  ),
];

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
  return READERS.flatMap((operation) => {
    const { id } = operation;
    const node = byId.get(id);
    if (node === undefined || ids.has(id) || !buildsOn(id)) return [];
    return [{ operation, section: node.section, needs: ids }];
  });
}

/** @param look tells whether it runs with older files, and nothing else @param fix the same, with a proof */
function onlyUpToDate({ unit }: Service, look: Operation, fix = look): Operation {
  return {
    ...fix,
    async observe(host) {
      if (!running(await unitState(host, unit))) return undefined;
      const found = await look.observe(host);
      const old = !isLater(found) && (found?.restarts ?? found?.reloads ?? []).length > 0;
      return old ? fix.observe(host) : undefined;
    },
  };
}
