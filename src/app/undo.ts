import { Answers } from '../answers/answers.ts';
import { graphOf, type Node } from '../engine/graph.ts';
import { type Planned, plan } from '../engine/plan.ts';
import type { Section } from '../engine/section.ts';
import { StoppedError } from '../output/problem.ts';
import { entriesOf } from '../reporters/plan-view.ts';
import { SERVICES } from '../site/services.ts';
import { historiesOf } from '../undo/histories.ts';
import { type Irreversible, irreversibleOf } from '../undo/irreversible.ts';
import { readRuns } from '../undo/runs.ts';
import { undoSections } from '../undo/sections.ts';
import { isUndoable, type Target, targetOf } from '../undo/target.ts';
import { forgetCompleted } from './completed-operations.ts';
import type { About } from './execute-run.ts';
import { refuseUnknownRun } from './known-run.ts';
import type { Session } from './session.ts';

/** What it takes to undo a run, as found on the host. */
export interface UndoPreview {
  readonly target: Target;
  readonly sections: readonly Section[];
  readonly nodes: readonly Node[];
  readonly planned: readonly Planned[];
  readonly irreversible: readonly Irreversible[];
}

/** Writes nothing. @throws UsageError when there is no such run. @throws ProblemError when it is none that can be undone */
export async function previewUndo(session: Session, asked: string | undefined): Promise<UndoPreview> {
  const { paths } = session.product;
  await session.learnSecrets();
  const runs = readRuns(paths.state);
  if (asked !== undefined)
    refuseUnknownRun(
      asked,
      runs.map(({ number }) => number),
    );
  const target = targetOf(runs, asked);
  const sections = undoSections(target, runs, paths);
  const nodes = graphOf(sections, new Answers());
  const planned = await plan(nodes, session.host);
  if (session.signal.aborted) throw new StoppedError('Stopped by the operator');
  const irreversible = irreversibleOf(target.entries, historiesOf(target.entries), paths.copies);
  return { target, sections, nodes, planned, irreversible };
}

/** Without one of these no page is served. */
const SERVING: readonly string[] = [SERVICES.nginx.unit, SERVICES.studio.unit];

/** @returns what visitors lose by it, and what earlier runs are there to say of it */
export function undoWarnings({ planned, target }: UndoPreview): readonly string[] {
  const stops = entriesOf(planned).flatMap((entry) => entry.stops ?? []);
  const names = target.later.map(({ number, command }) => `${Number(number)} (${command})`).join(', ');
  const safer = target.later.some(isUndoable) ? ' Undoing the newest run first is safer.' : '';
  return [
    ...(stops.some((unit) => SERVING.includes(unit))
      ? [`The site will be down afterwards: this stops ${stops.join(', ')}.`]
      : []),
    ...(names === '' ? [] : [`Later runs may depend on it: ${names}.${safer}`]),
  ];
}

/** @returns what is said where the server has nothing left to change for it */
export function nothingToUndo({ irreversible }: UndoPreview): string {
  return irreversible.length === 0
    ? 'Everything is already as it was before that run.'
    : 'What can be put back is already as it was before that run.';
}

/** What the journal is told of it. */
export function aboutUndo({ run }: Target): About {
  return { command: `undo ${Number(run.number)}`, undoes: run.number };
}

/** What was taken back is to do from now on; it has not drifted. */
export function forgetUndone({ ledger }: Session, { target, nodes }: UndoPreview): void {
  forgetCompleted(ledger, [
    ...nodes.map(({ operation }) => operation.id),
    ...target.entries.map(({ operation }) => operation),
  ]);
}
