import { examineSettled, examineSite } from '../../../app/examine-site.ts';
import { fixPlan } from '../../../app/fix-plan.ts';
import type { Session } from '../../../app/session.ts';
import { type Examined, failures } from '../../../checks/examine.ts';
import { ANEW } from '../../../checks/fix-operations.ts';
import { count } from '../../../output/duration.ts';
import { conflictsOf, problemsOf } from '../../../reporters/plan-view.ts';
import { failedSteps, type Looked, type Outcome } from '../preview.ts';
import type { FailedStep } from '../../state/state.ts';

/** Mends what the checks found, as `doctor --fix` does. @throws AnswersMissing when the host does not tell enough */
export async function lookAtMending(session: Session): Promise<Looked> {
  const before = await examineSite(session);
  const ill = failures(before);
  const mending = ill.length === 0 ? undefined : await fixPlan(session, before, false);
  const { planned = [], possible = [] } = mending ?? {};
  // A file of the operator's is decided on in the review; what else can't be mended now stands in the notices.
  const conflicts = new Set(conflictsOf(planned).map(({ at }) => at));
  const shown = planned.filter(
    (each) =>
      possible.includes(each) || conflicts.has(`${each.node.section.title} › ${each.node.operation.title}`),
  );
  return {
    command: 'doctor --fix',
    title: 'Mend what is not well',
    sections: [...(await session.product.sections()), ANEW],
    planned: shown,
    notices: [
      ...ill.map(([{ title }, { said, fixes = [], remedy = '' }]) =>
        fixes.length > 0 ? `${title}: ${said}` : `${title}: ${said} Only a person can mend it: ${remedy}`,
      ),
      ...problemsOf(planned).map(({ at, problem }) => `${at}: ${problem.what} ${problem.remedy}`),
    ],
    irreversible: [],
    problems: [],
    mayKeep: true,
    nothing:
      ill.length === 0
        ? `${count(before.length, 'check')}, all well: there is nothing to mend.`
        : 'There is nothing here that studio-setup could do about it.',
    async executeRun(drawing, kept): Promise<Outcome> {
      const nodes = possible.map(({ node }) => node).filter(({ operation }) => !kept.has(operation.id));
      const carried = await drawing.carry('Mending', nodes, { command: 'doctor --fix' });
      const { stopped, changes } = carried.report;
      drawing.waits('All checks again');
      const after =
        stopped || mending === undefined
          ? []
          : await examineSettled(session, mending.collected.answers, before);
      const failed = [...failedSteps(carried), ...failures(after).map(failedCheck)];
      const end = stopped ? 'stopped' : failed.length > 0 ? 'failed' : 'well';
      return {
        end,
        title: { well: 'Mended, and proved', stopped: 'Stopped', failed: 'Not all of it is well' }[end],
        said:
          end === 'well'
            ? ['The site is well.']
            : ['What was mended stays so. Started again, it looks anew at what is left.'],
        proved: after.filter(([, { ok }]) => ok).map(([{ title }, { said }]) => `${title}: ${said}`),
        changes: changes.map(({ summary }) => summary),
        restarts: carried.restarts,
        irreversible: [],
        failed,
        log: carried.log,
      };
    },
  };
}

function failedCheck([{ id, title }, { said, remedy = '' }]: Examined): FailedStep {
  return { operation: id, at: title, problem: { what: said, remedy }, logLine: undefined };
}
