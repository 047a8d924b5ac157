import type { Answers } from '../answers/answers.ts';
import { withExamples } from '../engine/example-answers.ts';
import { builtFrom, graphOf, type Node, selectNodes } from '../engine/graph.ts';
import { isLater } from '../engine/operation.ts';
import { type Planned, plan } from '../engine/plan.ts';
import type { Section } from '../engine/section.ts';
import type { Facts } from '../host/linux-host.ts';
import { type Problem, StoppedError } from '../output/problem.ts';
import { djangoState } from '../site/django.ts';
import { readersOf } from './readers.ts';
import type { Session } from './session.ts';

/** Missing needs that are shown: on a bare host there are dozens, and the sections to run say it all. */
const SHOWN = 6;

/** What the host lacks, as observed before anything is changed. */
export interface Survey {
  readonly nodes: readonly Node[];
  readonly planned: readonly Planned[];
  /** What the named sections need and don't find: nothing can start. */
  readonly unmet: Problem | undefined;
  /** What this server was asked for it. */
  readonly facts: Facts;
}

/**
 * Starting Django takes longer than all else, and what asks it comes late: begun before the answers are read, it answers
 * meanwhile, once for all who ask. Of a few sections perhaps none does.
 * @returns when it runs, or won't: what loads the rest of the program would keep its start waiting
 */
export async function beginDjango({ host }: Session, names: readonly string[] = []): Promise<void> {
  if (names.length > 0) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  djangoState(host, resolve)
    .finally(resolve)
    .catch(() => {});
  await promise;
}

/**
 * Observes the named sections, what they need, and what of others has to take on the change. Writes nothing.
 * @param asked the sections that `answers` are for; the others are in the graph only to name their places
 */
export async function survey(
  session: Session,
  asked: readonly Section[],
  names: readonly string[],
  answers: Answers,
): Promise<Survey> {
  const sections = await session.product.sections();
  const hidden = sections.filter(({ id }) => !asked.some((section) => section.id === id));
  const complete = withExamples(
    hidden.flatMap((section) => section.questions),
    answers,
  );
  const graph = graphOf(sections, complete);
  const selected = selectNodes(graph, names);
  const [chosen, needed] = [builtFrom(selected.chosen, answers), builtFrom(selected.needed, answers)];
  const readers = readersOf(graph, chosen);
  const inOrder = graphOrder(sections, [...needed, ...chosen, ...readers]);
  // While somebody thought about an answer, the server may have changed.
  if (session.interactive) session.host.forget();
  void beginDjango(session, names);
  const { facts } = session.host;
  const all = await plan(inOrder, session.host);
  if (session.signal.aborted) throw new StoppedError('Stopped by the operator');
  // What others run with is shown only where it has to be brought up to date.
  const due = all.flatMap(({ node, observation }) =>
    readers.includes(node) && observation !== undefined ? [node] : [],
  );
  const nodes = [...chosen, ...due];
  const planned = all.filter(({ node }) => nodes.includes(node));
  const unmet = unmetOf(all.filter(({ node }) => needed.includes(node)));
  return { nodes, planned, unmet, facts };
}

function graphOrder(sections: readonly Section[], nodes: readonly Node[]): readonly Node[] {
  return sections.flatMap((section) => nodes.filter((node) => node.section.id === section.id));
}

function unmetOf(needed: readonly Planned[]): Problem | undefined {
  const open = needed.filter(
    ({ observation, problem }) => observation !== undefined || problem !== undefined,
  );
  if (open.length === 0) return undefined;
  const sections = [...new Map(open.map(({ node }) => [node.section.id, node.section])).values()];
  return {
    what: `This needs other sections first: ${sections.map(({ title }) => title).join(', ')}. Nothing was changed.`,
    detail: [
      ...open
        .slice(0, SHOWN)
        .map(
          ({ node, observation, problem }) =>
            `${node.section.title} › ${node.operation.title}: ${problem?.what ?? (isLater(observation) ? observation.later : observation?.summary) ?? ''}`,
        ),
      ...(open.length > SHOWN ? [`and ${open.length - SHOWN} more (studio-setup plan shows all)`] : []),
    ],
    remedy: `Run first: studio-setup run ${sections.map(({ id }) => id).join(' ')}`,
  };
}
