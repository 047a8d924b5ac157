import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Answers } from '../../src/answers/answers.ts';
import { checksOf } from '../../src/checks/index.ts';
import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { graphOf, type Node, selectNodes } from '../../src/engine/graph.ts';
import { isLater } from '../../src/engine/operation.ts';
import { type Planned, plan } from '../../src/engine/plan.ts';
import { type RunReport, run } from '../../src/engine/run.ts';
import { scriptOf } from '../../src/script/script.ts';
import { initialState } from '../../src/wizard/shell/initial-state.ts';
import { screenOf } from '../../src/wizard/shell/screens.ts';
import { sections } from '../../steps/index.ts';
import { requirements } from '../../steps/requirements.ts';
import { Apt } from '../host/fake/apt.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { absent, type Call, when } from '../host/fake/programs.ts';
import { Systemd } from '../host/fake/systemd.ts';
import { stopTime } from '../operations/virtual-time.ts';
import { comeAlong, poolFor } from '../rehearsal/recipe.ts';
import redis from './sample/redis.ts';

vi.mock('node:timers/promises', async () => (await import('../operations/virtual-time.ts')).timers);

const root = path.join(import.meta.dirname, '../..');
/** As with one more line in steps/index.ts. */
const behind = [...sections.slice(1), redis];
const all = [requirements(behind), ...behind];
const answers: Answers = exampleAnswers(all);
const graph = graphOf(all, answers);
const own: readonly Node[] = selectNodes(graph, ['redis']).chosen;
const UNIT = 'redis-server.service';

let host: FakeHost;
let systemd: Systemd;
/** Whether Redis answers while it runs. */
let answering: boolean;

beforeEach(() => {
  stopTime();
  host = new FakeHost();
  systemd = new Systemd(host);
  const apt = new Apt(host);
  apt.sources.add('redis-server');
  answering = true;
  const runs = () => systemd.unit(UNIT).active === 'active';
  host.programs.add(
    // Debian enables and starts what it installs (init-system-helpers, deb-systemd-helper).
    (call: Call) => {
      if (call.argv[0] !== 'apt-get' || call.argv[1] !== 'install') return undefined;
      host.arrange({
        [`/lib/systemd/system/${UNIT}`]:
          '[Service]\nExecStart=/bin/x\n[Install]\nWantedBy=multi-user.target\n',
        '/etc/redis/redis.conf': 'port 6379\n',
      });
      systemd.enable(UNIT);
      systemd.running(UNIT, 0);
      apt.states.set('redis-server', 'installed');
      return {};
    },
    when(/^ss -Hltnp$/, () => ''),
    when(/^stat --format=%i /, () => ({ code: 1 })),
    // redis-cli(1): without a server it says so on standard error, and ends with 1.
    when(/^redis-cli ping$/, () =>
      runs() && answering ? 'PONG\n' : { code: 1, stderr: 'Could not connect to Redis at 127.0.0.1:6379\n' },
    ),
  );
});
afterEach(() => void vi.useRealTimers());

function carriedOut(nodes: readonly Node[]): Promise<RunReport> {
  const ids = new Set(nodes.map(({ operation }) => operation.id));
  // What they need elsewhere is done.
  const apart = nodes.map((node) => ({
    ...node,
    needs: new Set([...node.needs].filter((id) => ids.has(id))),
  }));
  return run(apart, {
    host,
    live: () => host,
    emit: () => {},
    signal: host.signal,
    stopping: () => false,
    concurrency: 1,
  });
}

/** The doctor's findings of these checks, as `doctor` says them. */
async function found(...ids: readonly string[]): Promise<readonly string[]> {
  host.forget();
  const checks = checksOf(all).filter(({ id }) => ids.includes(id));
  expect(checks).toHaveLength(ids.length);
  const results = await Promise.all(checks.map((check) => check.run(host, answers)));
  return results.map(({ ok, said }) => `${ok ? '✓' : '✗'} ${said}`);
}

test('the section that docs/design.md shows is the sample', () => {
  const page = readFileSync(path.join(root, 'docs/design.md'), 'utf8');
  const sample = readFileSync(path.join(import.meta.dirname, 'sample/redis.ts'), 'utf8');
  const shown = /## To add a section\n.*?```ts\n(.*?)```/s.exec(page)?.[1] ?? '';
  expect(shown).toMatch(/^const redis/);
  expect(sample.endsWith(`\n\n${shown}`)).toBe(true);
});

test('a plan has what is missing, and writes nothing', async () => {
  const planned = await plan(own, host);
  expect(planned.map(({ problem }) => problem)).toEqual([undefined, undefined, undefined]);
  const told = planned.flatMap(({ node, observation }) =>
    observation === undefined || isLater(observation) ? [] : [[node.operation.id, observation.summary]],
  );
  // The package brings the service up by itself.
  expect(told).toEqual([['redis/package', 'install redis-server']]);
  expect(host.ran).toEqual([]);
});

test('somebody else at its port is told while the plan is made', async () => {
  host.programs.add(
    when(/^ss -Hltnp$/, () => 'LISTEN 0 511 127.0.0.1:6379 0.0.0.0:* users:(("valkey",pid=7,fd=6))\n'),
  );
  host.arrange({ '/proc/7/cgroup': '0::/system.slice/valkey.service\n' });
  const [port] = await plan(own, host);
  expect(port?.problem?.what).toMatch(/^Port 6379 .*valkey/);
});

test('a run brings it about, and a second one changes nothing', async () => {
  const first = await carriedOut(own);
  expect([...first.problems.values()]).toEqual([]);
  expect(first.changes.map(({ operation }) => operation)).toEqual(['redis/package']);
  expect((await carriedOut(own)).changes).toEqual([]);
  expect(await found('service-redis-server')).toEqual(['✓ active, and answers']);
});

test('the doctor finds faults of it, and names what fixes them', async () => {
  await carriedOut(own);
  systemd.unit(UNIT).active = 'inactive';
  host.arrange({ [`/etc/systemd/system/multi-user.target.wants/${UNIT}`]: null });
  expect(await found('service-redis-server')).toEqual([`✗ ${UNIT} is inactive (success).`]);
  expect((await found('reboot'))[0]).toContain(`${UNIT} (not enabled)`);
  const check = checksOf(all).find(({ id }) => id === 'service-redis-server');
  await carriedOut(graph.filter(({ operation }) => check?.fixes.includes(operation.id)));
  expect(await found('service-redis-server')).toEqual(['✓ active, and answers']);
  expect((await found('reboot'))[0]).not.toContain(UNIT);
  answering = false;
  expect(await found('service-redis-server')).toEqual([
    `✗ ${UNIT} is active, but it does not answer a ping.`,
  ]);
});

test('what apt would refuse of its package is told before the first change', async () => {
  const simulated: string[] = [];
  host.programs.add(
    absent('certbot'),
    // getent(1): 2, one of the keys was not found.
    when(/^getent passwd postgres$/, () => ({ code: 2 })),
    when(/^apt-get --simulate /, ({ argv }) => {
      simulated.push(...argv);
      return "E: Package 'redis-server' has no installation candidate\n";
    }),
    when(/^\/usr\/bin\/python3 /, () => '3 11\n'),
  );
  const apt = graph.find(({ operation }) => operation.id === 'requirements/apt');
  await apt?.operation.observe(host);
  expect(simulated).toEqual(
    expect.arrayContaining(['git', 'nginx', 'postgresql', 'uwsgi-plugin-python3', 'redis-server']),
  );
});

test('its lines are in the exported script, under its heading, and the last check asks for it', () => {
  const observation = { later: 'needs everything', summary: '', shell: [] };
  const planned = graph.map((node): Planned => ({ node, observation }));
  const script = scriptOf({ nodes: graph, planned }, all, answers);
  const part = script.slice(script.indexOf(`# === ${redis.heading} ===`));
  expect(part).toContain('\ninstall_packages redis-server\n');
  expect(part).toContain(`\nstart_unit ${UNIT}\nwait_for 30 'Redis does not answer`);
  expect(part).toContain(`\ncheck '${UNIT} runs' systemctl is-active --quiet ${UNIT}\n`);
});

test("the wizard's overview has it", () => {
  const size = { columns: 80, rows: 40 };
  const state = initialState(all, { version: '0', place: 'host' }, size);
  expect(JSON.stringify(screenOf(state).view(state))).toContain(redis.title);
});

test('the rehearsal can install what any section does', () => {
  const needed = all.flatMap((section) =>
    section.operations(answers).flatMap(({ packages }) => packages?.names ?? []),
  );
  expect(needed).toContain('redis-server');
  const installable = [...comeAlong, ...poolFor(all)];
  expect(needed.filter((name) => !installable.includes(name))).toEqual([]);
  const more = {
    ...redis,
    operations: () =>
      redis
        .operations(answers)
        .map((each) => ({ ...each, packages: { names: ['memcached'], missing: async () => [] } })),
  };
  expect(poolFor([...sections, more])).toEqual([...poolFor(sections), 'memcached']);
});
