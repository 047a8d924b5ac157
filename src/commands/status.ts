import { withExamples } from '../document/answers-file.ts';
import { graphOf, select } from '../engine/graph.ts';
import { isLater } from '../engine/operation.ts';
import { type Planned, plan } from '../engine/plan.ts';
import type { Section } from '../engine/section.ts';
import { clean } from '../output/clean.ts';
import { count } from '../output/duration.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import type { Session } from '../app/session.ts';
import { operationsDone } from '../app/completed-operations.ts';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { sayPending } from '../app/pending.ts';
import { sectionsFor } from '../app/sections.ts';

/** `drifted`: it was as wanted once; `blocked`: it can't go on as the host is. */
export type State = 'done' | 'to do' | 'drifted' | 'blocked';

const MARKS = {
  done: ['green', '✓'],
  'to do': ['dim', '○'],
  drifted: ['yellow', '●'],
  blocked: ['red', '✗'],
} as const;

/** One line per section: its state and how much of it is done. Changes nothing, asks nothing. */
export async function statusCommand(session: Session, names: readonly string[]): Promise<ExitCode> {
  const all = await session.product.sections();
  const sections = names.length === 0 ? all : sectionsFor(names, all).filter(({ id }) => names.includes(id));
  await sayPending(session);
  const { answers, missing } = await session.collect(all);
  // What is not answered yet can't be on the host either: a made-up answer finds it missing, as it is.
  const graph = graphOf(all, withExamples(missing, answers));
  const { chosen } = select(graph, names);
  // One that changes nothing itself is as far as what it needs.
  const empty = sections.some(({ id }) => !chosen.some(({ section }) => section.id === id));
  const planned = await plan(empty ? graph : chosen, session.host);
  const once = operationsDone(session.ledger);
  const width = Math.max(0, ...sections.map(({ title }) => title.length));
  const states = new Map<string, State>();
  for (const section of all) {
    const own = planned.filter(({ node }) => node.section.id === section.id);
    const open = own.filter(isOpen);
    const state = stateOf(own, once, neededBy(section, states));
    states.set(section.id, state);
    if (!sections.includes(section)) continue;
    const wanted = section.questions.filter((question) => missing.includes(question)).length;
    const done = own.length - open.length;
    if (session.options.json) {
      writeRecord({
        type: 'section',
        ...{ id: section.id, title: section.title, state, done, of: own.length, answersMissing: wanted },
      });
      continue;
    }
    const [style, mark] = MARKS[state];
    const note = noteOf(open, wanted);
    print(
      `${styled(style, mark)} ${section.title.padEnd(width)}  ${state.padEnd(7)}  ${String(done).padStart(2)} of ${own.length}${note === '' ? '' : `  ${note}`}`,
    );
  }
  return EXIT.asWanted;
}

/** Whether something of it is not as wanted, or not there yet. */
export function isOpen({ observation, problem, nothingYet }: Planned): boolean {
  return observation !== undefined || problem !== undefined || nothingYet === true;
}

/** @returns the states of the sections that a section needs, as far as they are known */
export function neededBy<Each>({ needs }: Section, states: ReadonlyMap<string, Each>): readonly Each[] {
  return needs.flatMap((need) => states.get(need.split('/')[0] ?? '') ?? []);
}

/**
 * @param own all that was planned of a section
 * @param once ids of what once was as wanted
 * @param needed states of the sections that it needs: one that changes nothing itself (the scorecard) is done with them
 */
export function stateOf(own: readonly Planned[], once: readonly string[], needed: readonly string[]): State {
  const open = own.filter(isOpen);
  if (own.length === 0) return needed.every((state) => state === 'done') ? 'done' : 'to do';
  if (open.length === 0) return 'done';
  if (open.some(({ problem }) => problem !== undefined)) return 'blocked';
  const drifted = open.some(
    ({ node, observation }) =>
      once.includes(node.operation.id) ||
      (observation !== undefined && !isLater(observation) && observation.conflict !== undefined),
  );
  return drifted ? 'drifted' : 'to do';
}

function noteOf(open: readonly Planned[], wanted: number): string {
  const blocked = open.find(({ problem }) => problem !== undefined)?.problem;
  if (blocked) return clean(blocked.what);
  return wanted === 0 ? '' : `waits for ${count(wanted, 'answer')}`;
}
