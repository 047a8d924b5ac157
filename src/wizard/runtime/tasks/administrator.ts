import { ACCOUNTS, administratorNodes, loginAddress } from '../../../app/administrator.ts';
import type { Session } from '../../../app/session.ts';
import { plan } from '../../../engine/plan.ts';
import { Secret } from '../../../output/secret.ts';
import { madePassword } from '../../../site/administrator.ts';
import type { TaskOutcome, TaskRequest } from '../../state/task.ts';
import { endOf, outcomeOf, type Preview } from '../preview.ts';

/** Makes an administrator, or gives one a new password. @throws ProblemError when the site can't be asked */
export async function previewAdministrator(
  session: Session,
  { username, email, password: typed }: Extract<TaskRequest, { kind: 'admin' }>,
): Promise<Preview> {
  const password = typed ?? new Secret(madePassword());
  const nodes = await administratorNodes(session.host, { username, email, password });
  return {
    command: `admin ${username}`,
    title: `Administrator ${username}`,
    sections: [ACCOUNTS],
    planned: await plan(nodes, session.host),
    notices: typed === undefined ? ['The new password is shown once, at the end.'] : [],
    irreversible: [],
    problems: [],
    mayKeep: false,
    nothing: 'There is nothing to do.',
    async executeRun(view): Promise<TaskOutcome> {
      const result = await view.execute(`Administrator ${username}`, nodes, { command: `admin ${username}` });
      const end = endOf(result);
      return outcomeOf(result, {
        title: { well: 'Done, and proved', stopped: 'Stopped', failed: 'Not done' }[end],
        said:
          end === 'well'
            ? [`${username} can log in now: ${await loginAddress(session)}`]
            : ['The account was not changed.'],
        ...(end === 'well' && typed === undefined
          ? { shownOnce: { label: 'Password', value: password } }
          : {}),
        proved: end === 'well' ? ['Django accepts the password of this account'] : [],
      });
    },
  };
}
