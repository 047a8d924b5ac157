import { template } from '../../templates/index.ts';
import { type Node, nodesOf } from '../engine/graph.ts';
import type { Operation } from '../engine/operation.ts';
import type { Section } from '../engine/section.ts';
import type { Host } from '../host/host.ts';
import { inDjango } from '../operations/in-django.ts';
import type { Secret } from '../output/secret.ts';
import { administrators } from '../site/administrator.ts';
import { siteAddresses } from './address.ts';
import type { Session } from './session.ts';

/** What stands in the plan and in the run. */
export const ACCOUNTS: Section = {
  id: 'administrator',
  title: 'Administrator',
  heading: 'not in the document',
  summary: 'An account that may log in to /admin/.',
  needs: [],
  questions: [],
  operations: () => [],
};

/** An account that is made, or gets a new password. */
export interface WantedAdministrator {
  readonly username: string;
  /** Empty: an account that is there keeps its own. */
  readonly email: string;
  readonly password: Secret;
}

/** @returns what makes the account, or gives it the password @throws ProblemError when the site can't be asked */
export async function administratorNodes(
  host: Host,
  { username, email, password }: WantedAdministrator,
): Promise<readonly Node[]> {
  const { named } = await administrators(host, username);
  let done = false;
  const what = named
    ? `new password for ${username}, who may log in to /admin/`
    : `new administrator ${username}`;
  const operation: Operation = {
    id: 'administrator/account',
    title: `account ${username}`,
    async observe() {
      if (done) return undefined;
      return {
        kind: named ? 'update' : 'create',
        summary: what,
        shell: [
          `cd /var/www/blender-studio && ./manage.py ${named ? `changepassword ${username}` : 'createsuperuser'}`,
        ],
        irreversible: named
          ? `the old password is not kept; to set another: studio-setup admin ${username}`
          : 'the account stays; it can be deleted in /admin/',
        async apply(live) {
          await inDjango(live, template('python/administrator.py'), {
            username,
            email,
            password: password.reveal(),
          });
          done = true;
        },
      };
    },
  };
  return nodesOf(ACCOUNTS, [operation]);
}

/** @returns where an administrator logs in; the path alone where the site's name is not known */
export async function loginAddress(session: Session): Promise<string> {
  return siteAddresses(session).then(
    ({ admin }) => admin,
    () => '/admin/',
  );
}
