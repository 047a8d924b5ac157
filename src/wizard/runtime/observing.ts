import type { Collected } from '../../answers/sources.ts';
import { completedOperations } from '../../app/completed-operations.ts';
import { isOpen, neededBy, stateOf } from '../../app/section-state.ts';
import type { Session } from '../../app/session.ts';
import { withExamples } from '../../engine/example-answers.ts';
import { graphOf } from '../../engine/graph.ts';
import { isLater } from '../../engine/operation.ts';
import { type Planned, plan } from '../../engine/plan.ts';
import type { Section } from '../../engine/section.ts';
import { clean } from '../../output/clean.ts';
import type { OperationStatus, SectionStatus } from '../screens/overview.ts';

/**
 * Looks at the whole host, as `status` does, and tells each section's state as soon as all of it is known.
 * @param failed ids of operations that failed in this session's last run
 */
export async function observe(
  session: Session,
  sections: readonly Section[],
  { answers, missing }: Collected,
  failed: ReadonlySet<string>,
  tell: (section: string, status: SectionStatus) => void,
): Promise<void> {
  // What is not answered yet can't be on the host either: a made-up answer finds it missing, as it is.
  const nodes = graphOf(sections, withExamples(missing, answers));
  const once = completedOperations(session.ledger);
  const found = new Map<string, Planned[]>();
  const states = new Map<string, SectionStatus['state']>();
  const tellOf = (section: Section) => {
    const own = found.get(section.id) ?? [];
    const waits = section.questions.some((question) => missing.includes(question));
    const status = statusOf(own, once, failed, waits, neededBy(section, states));
    states.set(section.id, status.state);
    tell(section.id, status);
  };
  // A host of its own: a plan that is made for the review meanwhile must not see what this one expects.
  await plan(nodes, session.hostNow(), (planned) => {
    const { section } = planned.node;
    const own = [...(found.get(section.id) ?? []), planned];
    found.set(section.id, own);
    if (own.length === nodes.filter((node) => node.section === section).length) tellOf(section);
  });
  // Those that change nothing themselves are as far as what they need.
  for (const section of sections) if (!nodes.some((node) => node.section === section)) tellOf(section);
}

function statusOf(
  own: readonly Planned[],
  once: readonly string[],
  failed: ReadonlySet<string>,
  waits: boolean,
  needed: readonly string[],
): SectionStatus {
  const open = own.filter(isOpen);
  const operations = own.map(operationStatus);
  const state = stateOf(own, once, needed);
  if (open.some(({ node }) => failed.has(node.operation.id))) return { state: 'failed', operations };
  if (operations.some((operation) => operation.state === 'edited')) return { state: 'edited', operations };
  if (waits && state !== 'done') return { state: 'waiting', operations };
  return { state, operations };
}

function operationStatus({ node, observation, problem, nothingYet }: Planned): OperationStatus {
  const { title } = node.operation;
  if (problem) return { title, state: 'blocked', note: clean(problem.what) };
  if (nothingYet) return { title, state: 'to do', note: 'not present yet' };
  if (observation === undefined) return { title, state: 'done', note: '' };
  if (isLater(observation)) return { title, state: 'to do', note: clean(observation.later) };
  if (observation.conflict)
    return {
      title,
      state: 'edited',
      note: observation.conflict.doubts ? 'needs your decision' : 'edited by hand',
    };
  return { title, state: 'to do', note: clean(observation.summary) };
}
