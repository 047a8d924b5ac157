import type { Section } from '../../../src/engine/section.ts';
import type { Service } from '../../../src/engine/service.ts';
import type { Host } from '../../../src/host/host.ts';
import { requirement } from '../../../src/operations/command.ts';
import { packages } from '../../../src/operations/packages.ts';
import { runningService } from '../../../src/operations/unit.ts';
import { freePort } from '../../../src/requirements/ports.ts';

const redis: Service = {
  unit: 'redis-server.service',
  target: 'multi-user.target',
  reads: ['/etc/redis/redis.conf'],
  startShowsWhatItRead: true,
  ask: silent,
  asks: 'Asks systemd for its state, and Redis for an answer to a ping.',
  means: 'Every page takes longer: nothing is cached.',
  waits: ["wait_for 30 'Redis does not answer: journalctl -u redis-server' redis-cli ping"],
  operation: 'redis/service',
  fixes: ['redis/package', 'redis/service'],
};

async function silent(host: Host): Promise<string | undefined> {
  const { stdout } = await host.query(['redis-cli', 'ping']);
  return stdout.trim() === 'PONG' ? undefined : 'it does not answer a ping';
}

const section: Section = {
  id: 'redis',
  title: 'Redis',
  heading: 'Configuration files › Redis',
  summary: 'The cache of the site.',
  needs: ['requirements'],
  services: [redis],
  questions: [],
  operations: () => [
    requirement({
      id: 'redis/port',
      title: 'port 6379 is free',
      check: (host) => freePort(host, 6379, redis.unit),
    }),
    packages({
      id: 'redis/package',
      title: 'package: redis',
      packages: ['redis-server'],
      starts: [redis.unit],
      // Last in apt's row: it does one installation at a time.
      after: ['redis/port', 'uwsgi/packages'],
    }),
    runningService(redis, { id: 'redis/service', answers: silent }),
  ],
};
export default section;
