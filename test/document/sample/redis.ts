import type { Section } from '../../../src/engine/section.ts';
import { requirement } from '../../../src/operations/command.ts';
import { packages } from '../../../src/operations/packages.ts';
import { runningUnit } from '../../../src/operations/unit.ts';
import { freePort } from '../../../src/requirements/ports.ts';

const section: Section = {
  id: 'redis',
  title: 'Redis',
  heading: 'Configuration files › Redis',
  summary: 'The cache of the site.',
  needs: ['requirements/tools'],
  questions: [],
  operations: () => [
    requirement({
      id: 'redis/port',
      title: 'port 6379 is free',
      check: (host) => freePort(host, 6379, 'redis-server.service'),
    }),
    packages({ id: 'redis/package', title: 'package: redis', packages: ['redis-server'] }),
    runningUnit({
      id: 'redis/service',
      unit: 'redis-server.service',
      wantedBy: 'multi-user.target',
      async answers(host) {
        const { stdout } = await host.query(['redis-cli', 'ping']);
        return stdout.trim() === 'PONG' ? undefined : 'it does not answer a ping';
      },
    }),
  ],
};
export default section;
