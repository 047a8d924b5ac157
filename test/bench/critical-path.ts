import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { graphOf } from '../../src/engine/graph.ts';
import { sections } from '../../steps/index.ts';

/** One operation of a run as its events tell it; seconds since the run began. */
export interface Span {
  readonly operation: string;
  readonly start: number;
  readonly end: number;
}

/**
 * @param events what a run printed with `--json`: one event a line, other lines are passed over
 * @returns its operations in the order in which they ended
 */
export function spansOf(events: string): readonly Span[] {
  const spans: Span[] = [];
  let began = 0;
  for (const line of events.split('\n')) {
    if (!line.startsWith('{')) continue;
    const event = JSON.parse(line) as { type: string; at: number; operation: string; ms: number };
    if (event.type === 'run-started') began = event.at;
    if (event.type !== 'operation-finished') continue;
    const end = (event.at - began) / 1000;
    spans.push({ operation: event.operation, start: end - event.ms / 1000, end });
  }
  return spans;
}

/** @returns for each operation of the product, the ids of those that must be done before it */
export function needsOfProduct(): ReadonlyMap<string, ReadonlySet<string>> {
  const graph = graphOf(sections, exampleAnswers(sections));
  return new Map(graph.map(({ operation, needs }) => [operation.id, needs]));
}

/**
 * @param needs for each operation, those that it waited for
 * @returns the chain of operations that decided how long the run took: the last one to end, before it the last one to end of
 * what that one needed, and so on to the first; in the order in which they ran
 */
export function criticalPath(
  spans: readonly Span[],
  needs: ReadonlyMap<string, ReadonlySet<string>>,
): readonly Span[] {
  const path: Span[] = [];
  let next = latest(spans);
  while (next !== undefined) {
    path.unshift(next);
    const before = needs.get(next.operation) ?? new Set();
    next = latest(spans.filter(({ operation }) => before.has(operation)));
  }
  return path;
}

function latest(spans: readonly Span[]): Span | undefined {
  return spans.reduce<Span | undefined>(
    (last, span) => (last === undefined || span.end > last.end ? span : last),
    undefined,
  );
}
