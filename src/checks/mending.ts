import type { Answers } from '../answers/answers.ts';
import { graphOf, type Node } from '../engine/graph.ts';
import type { Operation } from '../engine/operation.ts';
import type { Section } from '../engine/section.ts';
import type { Mend } from './check.ts';
import { type Examined, failures } from './examine.ts';

/** Where the starts stand that no step of the document asks for. */
export const ANEW: Section = {
  id: 'doctor',
  title: 'Started anew',
  heading: 'no part of the document',
  summary: 'Programs that hang, and nginx after a change by hand.',
  needs: [],
  questions: [],
  operations: () => [],
};

/**
 * @param answers for the operations of every section
 * @returns the operations that mend what failed, and nothing of what they need: that holds, or failed by itself
 */
export function mendingNodes(
  examined: readonly Examined[],
  sections: readonly Section[],
  answers: Answers,
): readonly Node[] {
  const mends = new Set(failures(examined).flatMap(([, result]) => result.mends ?? []));
  const nodes = graphOf(sections, answers).filter(
    ({ operation, section }) => mends.has(operation.id) || mends.has(section.id),
  );
  const all = new Set(nodes.map(({ operation }) => operation.id));
  const anew = [...mends].flatMap((mend) => anewOf(mend) ?? []);
  return [...nodes, ...anew.map((operation) => ({ operation, section: ANEW, needs: all }))];
}

/** @returns the operation of `restart:UNIT` or `reload:UNIT`; it is done once, whatever the host says */
function anewOf(mend: Mend): Operation | undefined {
  const [, action = '', unit = ''] = /^(restart|reload):(.+)$/.exec(mend) ?? [];
  if (unit === '') return undefined;
  const test = unit === 'nginx.service' ? [['nginx', '-t']] : [];
  const commands = [...test, ['systemctl', action, unit]];
  let done = false;
  return {
    id: `${ANEW.id}/${action}-${unit}`,
    title: `${action} ${unit}`,
    async observe() {
      if (done) return undefined;
      return {
        kind: 'run',
        summary: `${action} ${unit}`,
        shell: commands.map((argv) => argv.join(' ')),
        restarts: [unit],
        async apply(live) {
          await live.note({ kind: action, unit });
          for (const argv of commands) await live.run(argv);
          live.restarted(unit);
          done = true;
        },
      };
    },
  };
}
