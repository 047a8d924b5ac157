import type { Session } from '../../../app/session.ts';
import { aboutUndo, forgetUndone, previewUndo } from '../../../app/undo.ts';
import { count } from '../../../output/duration.ts';
import { localTime } from '../../../output/local-time.ts';
import { changesIn, entriesOf, problemsOf } from '../../../reporters/plan-view.ts';
import type { TaskOutcome } from '../../state/task.ts';
import { failedSteps, type Preview } from '../preview.ts';

/** Takes a run back. @param asked its number @throws ProblemError when it is none that can be undone */
export async function previewUndoing(session: Session, asked: string): Promise<Preview> {
  const found = await previewUndo(session, asked);
  const { target, sections, nodes, planned, irreversible } = found;
  const { number, command, at } = target.run;
  const later = target.later.map((run) => `${Number(run.number)} (${run.command})`).join(', ');
  const run = Number(number);
  return {
    command: `undo ${run}`,
    title: `Undo run ${run}`,
    sections,
    planned,
    notices: [
      `Run ${run} (${command}) of ${localTime(at)} is taken back. That is a run itself, which can be undone.`,
      ...(later === ''
        ? []
        : [`Made since, and may build on it: ${later}. Undoing the newest first is safer.`]),
    ],
    irreversible,
    problems: problemsOf(planned),
    mayKeep: false,
    nothing: 'All is as it was before that run already; Enter notes it as undone.',
    async executeRun(view): Promise<TaskOutcome> {
      const result = await view.execute(`Undoing run ${run}`, nodes, {
        ...aboutUndo(target),
        planned: changesIn(entriesOf(planned)),
      });
      forgetUndone(session, found);
      const { stopped, problems, changes } = result.report;
      const end = stopped ? 'stopped' : problems.size > 0 ? 'failed' : 'well';
      return {
        end,
        title: { well: `Run ${run} is undone`, stopped: 'Stopped', failed: 'Not all of it is undone' }[end],
        said:
          end === 'well'
            ? [`${count(changes.length, 'change')}. To take that back: undo the newest run.`]
            : ['What was put back stays put back. Undo the run again to resume from here.'],
        proved: [],
        fixed: [],
        passed: [],
        changes: changes.map(({ summary }) => summary),
        restarts: result.restarts,
        irreversible,
        failed: failedSteps(result),
        log: result.log,
      };
    },
  };
}
