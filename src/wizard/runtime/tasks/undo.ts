import type { Session } from '../../../app/session.ts';
import { aboutUndo, forgetUndone, nothingToUndo, previewUndo, undoWarnings } from '../../../app/undo.ts';
import { count } from '../../../output/duration.ts';
import { localTime } from '../../../output/local-time.ts';
import { changesIn, entriesOf, problemsOf } from '../../../reporters/plan-view.ts';
import type { TaskOutcome } from '../../state/task.ts';
import { conflictsAt } from '../plan-for-review.ts';
import { endOf, outcomeOf, type Preview } from '../preview.ts';

/** Takes a run back. @param asked its number @throws ProblemError when it is none that can be undone */
export async function previewUndoing(session: Session, asked: string): Promise<Preview> {
  const found = await previewUndo(session, asked);
  const { target, sections, nodes, planned, irreversible } = found;
  const { number, command, at } = target.run;
  const run = Number(number);
  return {
    command: `undo ${run}`,
    title: `Undo run ${run}`,
    sections,
    planned,
    notices: [
      `This undoes run ${run} (${command}) of ${localTime(at)}. Undoing is a run of its own, which you can undo too.`,
      ...undoWarnings(found),
    ],
    irreversible,
    problems: problemsOf(planned),
    mayKeep: true,
    nothing: `${nothingToUndo(found)} Enter marks the run as undone.`,
    async executeRun(view, excluded): Promise<TaskOutcome> {
      const isTaken = (id: string) => !excluded.has(id);
      const result = await view.execute(
        `Undoing run ${run}`,
        nodes.filter(({ operation }) => isTaken(operation.id)),
        { ...aboutUndo(target), planned: new Set([...changesIn(entriesOf(planned))].filter(isTaken)) },
      );
      const left = conflictsAt(planned).flatMap(({ operation, conflict }) =>
        excluded.has(operation) ? [conflict.path] : [],
      );
      forgetUndone(session, found);
      const end = endOf(result);
      const changed = result.report.changes.length;
      return outcomeOf(result, {
        title: { well: `Run ${run} undone`, stopped: 'Stopped', failed: `Run ${run} only partly undone` }[
          end
        ],
        said:
          end === 'well'
            ? [
                `${count(changed, 'change')}.${changed === 0 ? '' : ' To take this back, undo the newest run.'}`,
                ...(left.length === 0 ? [] : [`Left as it is: ${left.join(', ')}`]),
              ]
            : ['What was restored stays restored. Undo the run again to resume from here.'],
        irreversible,
      });
    },
  };
}
