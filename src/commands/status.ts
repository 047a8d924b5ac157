import { completedOperations } from '../app/completed-operations.ts';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { isOpen, neededBy, type State, stateOf } from '../app/section-state.ts';
import { sectionsFor } from '../app/sections.ts';
import type { Session } from '../app/session.ts';
import { glanceAt, glanceRecord, runLines, trendLines } from '../app/watch/glance.ts';
import { withExamples } from '../engine/example-answers.ts';
import { graphOf, selectNodes } from '../engine/graph.ts';
import { type Planned, plan } from '../engine/plan.ts';
import { clean } from '../output/clean.ts';
import { count } from '../output/duration.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { sayMaintenance, sayPending } from './show-pending.ts';

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
  await sayMaintenance(session);
  const { answers, missing } = await session.collect(all);
  // What is not answered yet can't be on the host either: a made-up answer finds it missing, as it is.
  const graph = graphOf(all, withExamples(missing, answers));
  const { chosen } = selectNodes(graph, names);
  // One that changes nothing itself is as far as what it needs.
  const empty = sections.some(({ id }) => !chosen.some(({ section }) => section.id === id));
  const planned = await plan(empty ? graph : chosen, session.host);
  const once = completedOperations(session.ledger);
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
  sayHistory(session);
  return EXIT.asWanted;
}

/** How the site went and what was done to it, where the watch has looked. */
function sayHistory(session: Session): void {
  const glance = glanceAt(session);
  if (glance.days === undefined) return;
  if (session.options.json) writeRecord({ type: 'history', ...glanceRecord(glance) });
  else print('', ...[...trendLines(glance), ...runLines(glance)].map(clean));
}

function noteOf(open: readonly Planned[], wanted: number): string {
  const blocked = open.find(({ problem }) => problem !== undefined)?.problem;
  if (blocked) return clean(blocked.what);
  return wanted === 0 ? '' : `waits for ${count(wanted, 'answer')}`;
}
