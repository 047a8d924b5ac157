import type { Answers } from '../answers/answers.ts';
import { graphOf, type Node } from '../engine/graph.ts';
import { isLater, type Operation } from '../engine/operation.ts';
import type { Planned } from '../engine/plan.ts';
import type { Section } from '../engine/section.ts';
import { testNginx } from '../site/nginx-program.ts';
import { SERVICES } from '../site/services.ts';
import type { Fix } from './check.ts';

/** Where the restarts stand that no step of the document asks for. */
export const RESTARTS: Section = {
  id: 'doctor',
  title: 'Restarts',
  heading: 'not in the document',
  summary: 'Programs that hang are restarted, and nginx is reloaded after a change by hand.',
  needs: [],
  questions: [],
  operations: () => [],
};

/**
 * @param fixes of all that failed
 * @param answers for the operations of every section
 * @returns the operations named, and nothing of what they need: that holds, or failed by itself
 */
export function fixNodes(
  fixes: readonly Fix[],
  sections: readonly Section[],
  answers: Answers,
): readonly Node[] {
  const named = new Set(fixes);
  const graph = graphOf(sections, answers);
  const chosen = graph.filter(({ operation, section }) => named.has(operation.id) || named.has(section.id));
  const all = new Set(chosen.map(({ operation }) => operation.id));
  const needs = needsIn(graph);
  // What stands between two of them is skipped, and yet one has to wait for the other: the unit is written, then started.
  const nodes = chosen.map((node) => ({
    ...node,
    needs: new Set([...closure(node.operation.id, needs)].filter((id) => all.has(id))),
  }));
  const again = [...named].flatMap((fix) => restartOf(fix) ?? []);
  return [...nodes, ...again.map((operation) => ({ operation, section: RESTARTS, needs: all }))];
}

/**
 * @param planned what was named, observed
 * @param graph of all operations
 * @returns ids of those that it is no use to begin: they need, at whatever distance, one that can't go on as the host is
 *   (a restart with settings that do not import), or wait for something that nothing here brings
 */
export function mustWait(planned: readonly Planned[], graph: readonly Node[]): ReadonlySet<string> {
  const needs = needsIn(graph);
  const stuck = new Set(planned.flatMap(({ node, problem }) => (problem ? [node.operation.id] : [])));
  const brings = new Set(
    planned.flatMap(({ node, observation }) =>
      observation !== undefined && !isLater(observation) ? [node.operation.id] : [],
    ),
  );
  const waits = new Set<string>();
  for (const { node, observation } of planned) {
    const all = closure(node.operation.id, needs);
    const useless = isLater(observation) && ![...all].some((id) => brings.has(id));
    if (useless || [...all].some((id) => stuck.has(id))) waits.add(node.operation.id);
  }
  return waits;
}

type Needs = ReadonlyMap<string, ReadonlySet<string>>;

function needsIn(graph: readonly Node[]): Needs {
  return new Map(graph.map(({ operation, needs }) => [operation.id, needs]));
}

/** @returns all that an operation needs, at whatever distance */
function closure(id: string, needs: Needs): Set<string> {
  const all = new Set<string>();
  const visit = (each: string): void => {
    for (const need of needs.get(each) ?? []) {
      if (all.has(need)) continue;
      all.add(need);
      visit(need);
    }
  };
  visit(id);
  return all;
}

/** @returns the operation of `restart:UNIT` or `reload:UNIT`; it is done once, whatever the host says */
function restartOf(fix: Fix): Operation | undefined {
  const [, action = '', unit = ''] = /^(restart|reload):(.+)$/.exec(fix) ?? [];
  if (unit === '') return undefined;
  const tested = unit === SERVICES.nginx.unit;
  const command = ['systemctl', action, unit];
  let done = false;
  return {
    id: `${RESTARTS.id}/${action}-${unit}`,
    title: `${action} ${unit}`,
    async observe() {
      if (done) return undefined;
      return {
        kind: 'run',
        summary: `${action} ${unit}`,
        shell: [...(tested ? ['nginx -t'] : []), command.join(' ')],
        restarts: [unit],
        async apply(live) {
          await live.note({ kind: action, unit });
          if (tested) await testNginx(live);
          await live.run(command);
          if (action === 'reload') live.reloaded(unit);
          else live.restarted(unit);
          done = true;
        },
      };
    },
  };
}
