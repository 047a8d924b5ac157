import { join } from 'node:path';
import { installMissing, type Report } from './tools.ts';
import { virtualenv } from './virtualenv.ts';

/** What a control node has: the programs of the virtualenv are to be found first. */
export interface ControlNode {
  /** Environment of ansible-playbook and its like. */
  readonly env: Readonly<Record<string, string>>;
}

/** Gives the folder of a virtualenv with ansible-core, ansible-lint and ansible-test, in the versions of the collection's own tests. */
export function ansible(report: Report): Promise<string> {
  const requirements = join(import.meta.dirname, '../../ansible/requirements-test.txt');
  return virtualenv(
    { name: 'ansible', what: 'Ansible, and what checks its collections', requirements },
    report,
  );
}

/**
 * Gives the control node, with the programs of {@link ansible}.
 * @param home the operator's home: absolute path. What these programs remember goes there, and nowhere else.
 */
export async function controlNode(home: string, report: Report): Promise<ControlNode> {
  await installMissing({ '/usr/bin/ssh': 'openssh-client' }, 'Ansible', report);
  const folder = await ansible(report);
  const path = `${join(folder, 'bin')}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  return { env: { PATH: path, HOME: home, LANG: 'C.UTF-8', NO_COLOR: '1', ANSIBLE_NOCOLOR: '1' } };
}
