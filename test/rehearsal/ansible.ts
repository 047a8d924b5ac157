import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.ts';
import { bound, must } from './process.ts';
import { installMissing, type Report } from './tools.ts';

const requirements = join(import.meta.dirname, '../../ansible/requirements-test.txt');

/** What a control node has: the programs of the virtualenv are to be found first. */
export interface ControlNode {
  /** Environment of ansible-playbook and its like. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Gives the control node, with ansible-core, ansible-lint and ansible-test from the Python package index, in a virtualenv of Debian's
 * own Python.
 * @param home the operator's home: absolute path. What these programs remember goes there, and nowhere else.
 */
export async function controlNode(home: string, report: Report): Promise<ControlNode> {
  const tools = {
    '/usr/lib/python3.11/ensurepip/__init__.py': 'python3-venv',
    '/usr/bin/ssh': 'openssh-client',
  };
  await installMissing(tools, 'Ansible', report);
  const folder = await cached(
    {
      name: 'ansible',
      what: 'Ansible, and what checks its collections',
      recipe: { version: 1, requirements: await readFile(requirements, 'utf8') },
      build: async (target) => {
        await must(bound(['/usr/bin/python3', '-m', 'venv', target]));
        const pip = [join(target, 'bin/python'), '-m', 'pip', 'install', '--quiet'];
        await must(bound([...pip, '--disable-pip-version-check', '--requirement', requirements]));
        // The folder is renamed afterwards: its programs start the Python that stands beside them.
        await must([
          'sh',
          '-c',
          'sed -i "1s|^#!.*python.*|#!/usr/bin/env python3|" "$1"/bin/*',
          'sh',
          target,
        ]);
      },
    },
    report,
  );
  const path = `${join(folder, 'bin')}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`;
  return { env: { PATH: path, HOME: home, LANG: 'C.UTF-8', NO_COLOR: '1', ANSIBLE_NOCOLOR: '1' } };
}
