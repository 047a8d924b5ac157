import { nameOfService, provenRestart, restartNodes, servicesNamed } from '../../../app/restart.ts';
import type { Session } from '../../../app/session.ts';
import { failures } from '../../../checks/examine.ts';
import { RESTARTS } from '../../../checks/fix-operations.ts';
import { plan } from '../../../engine/plan.ts';
import type { TaskOutcome } from '../../state/task.ts';
import { failedSteps, outcomeOf, type Preview } from '../preview.ts';
import { failedCheck } from './fix.ts';

/** Restarts services, and proves that each works again. @param names as typed */
export async function previewRestart(session: Session, names: readonly string[]): Promise<Preview> {
  const services = await servicesNamed(session, names);
  const nodes = restartNodes(services);
  const named = services.map(nameOfService).join(', ');
  return {
    command: `restart ${named}`,
    title: `Restart ${named}`,
    sections: [RESTARTS],
    planned: await plan(nodes, session.host),
    notices: services.map(({ unit, means }) => `Until ${unit} is up again: ${means}`),
    irreversible: [],
    problems: [],
    mayKeep: false,
    nothing: 'There is nothing to restart.',
    async executeRun(view): Promise<TaskOutcome> {
      const result = await view.execute(`Restarting ${named}`, nodes, { command: `restart ${named}` });
      const { stopped } = result.report;
      view.waits('Checking that the service works again');
      const proof = stopped ? [] : await provenRestart(session, services);
      const failed = [...failedSteps(result), ...failures(proof).map(failedCheck)];
      const end = stopped ? 'stopped' : failed.length > 0 ? 'failed' : 'well';
      return outcomeOf(result, {
        end,
        title: { well: 'Restarted, and proved', stopped: 'Stopped', failed: 'Not working after the restart' }[
          end
        ],
        said: end === 'well' ? [`${named} works again.`] : [],
        proved: proof.filter(([, { ok }]) => ok).map(([{ title }, { said }]) => `${title}: ${said}`),
        failed,
      });
    },
  };
}
