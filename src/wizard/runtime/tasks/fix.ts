import { examineSettled, examineSite } from '../../../app/examine-site.ts';
import { fixPlan } from '../../../app/fix-plan.ts';
import type { Session } from '../../../app/session.ts';
import { type Examined, failures, fixedBetween, passedByGroup } from '../../../checks/examine.ts';
import { RESTARTS } from '../../../checks/fix-operations.ts';
import { count } from '../../../output/duration.ts';
import { changesIn, conflictsOf, entriesOf, problemsOf } from '../../../reporters/plan-view.ts';
import type { FailedStep, TaskOutcome } from '../../state/task.ts';
import { failedSteps, outcomeOf, type Preview } from '../preview.ts';

/** Fixes what the checks found, as `doctor --fix` does. @throws AnswersMissing when the host does not tell enough */
export async function previewFixes(session: Session): Promise<Preview> {
  const before = await examineSite(session);
  const ill = failures(before);
  const fixing = ill.length === 0 ? undefined : await fixPlan(session, before, false);
  const { planned = [], possible = [] } = fixing ?? {};
  // A file of the operator's is decided on in the review; what else can't be fixed now stands in the notices.
  const conflicts = new Set(conflictsOf(planned).map(({ at }) => at));
  const shown = planned.filter(
    (each) =>
      possible.includes(each) || conflicts.has(`${each.node.section.title} › ${each.node.operation.title}`),
  );
  return {
    command: 'doctor --fix',
    title: 'Fix failed checks',
    sections: [...(await session.product.sections()), RESTARTS],
    planned: shown,
    notices: [
      ...ill.map(([{ title }, { said, fixes = [], remedy = '' }]) =>
        fixes.length > 0
          ? `${title}: ${said}`
          : `${title}: ${said} studio-setup can't fix this. What to do: ${remedy}`,
      ),
      ...problemsOf(planned).map(({ at, problem }) => `${at}: ${problem.what} ${problem.remedy}`),
    ],
    irreversible: [],
    problems: [],
    mayKeep: true,
    nothing:
      ill.length === 0
        ? `All checks passed: ${count(before.length, 'check')}. There is nothing to fix.`
        : "studio-setup can't fix any of this.",
    async executeRun(view, excluded): Promise<TaskOutcome> {
      const nodes = possible.map(({ node }) => node).filter(({ operation }) => !excluded.has(operation.id));
      const planned = changesIn(entriesOf(possible));
      const result = await view.execute('Fixing', nodes, { command: 'doctor --fix', planned });
      const { stopped } = result.report;
      view.waits('Running all checks again');
      const after =
        stopped || fixing === undefined
          ? []
          : await examineSettled(session, fixing.collected.answers, before);
      const failed = [...failedSteps(result), ...failures(after).map(failedCheck)];
      const end = stopped ? 'stopped' : failed.length > 0 ? 'failed' : 'well';
      return outcomeOf(result, {
        end,
        title: { well: 'Fixed: all checks passed', stopped: 'Stopped', failed: 'Some checks failed' }[end],
        said: end === 'well' ? [] : ['What was fixed is kept. Try again to fix the rest.'],
        fixed: fixedBetween(before, after),
        passed: passedByGroup(after),
        failed,
      });
    },
  };
}

/** @returns a check that failed, as a step of a run that failed */
export function failedCheck([{ id, title }, { said, remedy = '' }]: Examined): FailedStep {
  return { operation: id, at: title, problem: { what: said, remedy }, logLine: undefined };
}
