import { expect, vi } from 'vitest';
import type { Host } from '../../src/host/host.ts';
import { packagedUnit } from '../../src/operations/packages.ts';
import { runningUnit } from '../../src/operations/unit.ts';
import type { RunningUnit } from '../../src/operations/unit-wanted.ts';
import { ProblemError } from '../../src/output/problem.ts';
import { type Machine, table } from './table.ts';
import { passTime } from './virtual-time.ts';

vi.mock('node:timers/promises', async () => (await import('./virtual-time.ts')).timers);

const UNIT = 'studio-background.service';
const FILE = `/etc/systemd/system/${UNIT}`;
const LINK = `/etc/systemd/system/multi-user.target.wants/${UNIT}`;
const TEXT = '[Service]\nExecStart=/bin/x\n[Install]\nWantedBy=multi-user.target\n';
const CONF = '/var/www/settings.py';
const THERE = { [FILE]: TEXT, [CONF]: 'x' } as const;

const wanted = (more: Partial<RunningUnit> = {}) => runningUnit({ id: 'site/unit', unit: UNIT, ...more });
/** Enabled, and running for ten minutes. */
const up =
  (more: (machine: Machine) => void = () => {}) =>
  (machine: Machine) => {
    machine.systemd.enable(UNIT);
    machine.systemd.running(UNIT, 100);
    passTime(10 * 60_000);
    more(machine);
  };
const change = (file: string, text: string) => up(({ host }) => host.arrange({ [file]: text }));
/** A unit that answers once it has been started a second time. */
const started = (machine: Machine) => machine.systemd.unit(UNIT).active === 'active';

table('unit', [
  {
    title: 'enabled and started',
    operation: wanted(),
    before: THERE,
    change: {
      kind: 'run',
      summary: `enable and start ${UNIT} (not enabled, not running)`,
      shell: ['systemctl daemon-reload', `systemctl enable ${UNIT}`, `systemctl start ${UNIT}`],
      starts: [UNIT],
    },
    after: { [LINK]: { link: FILE } },
    ran: [
      `systemctl reenable --no-reload ${UNIT}`,
      'systemctl daemon-reload',
      `systemctl reset-failed ${UNIT}`,
      `systemctl start ${UNIT}`,
    ],
    check: ({ host, systemd }) => {
      expect(systemd.unit(UNIT).active).toBe('active');
      expect(host.memory.journal.map(({ kind }) => kind)).toEqual(['enable', 'enabled', 'start']);
      expect(host.restartedUnits).toEqual([]);
    },
    midway: [
      {
        plant: { exec: 1, result: { code: 4 } },
        fails: /command failed: systemctl reenable/,
        left: { [LINK]: null },
      },
      { plant: { exec: 2, result: 'killed' }, left: { [LINK]: { link: FILE } } },
    ],
  },
  {
    title: 'restarted where systemd is about to start the one of before by itself',
    operation: wanted(),
    before: THERE,
    arrange: up(({ systemd }) => void Object.assign(systemd.unit(UNIT), { active: 'activating' })),
    change: { kind: 'run', starts: [UNIT] },
    ran: [`systemctl reset-failed ${UNIT}`, `systemctl restart ${UNIT}`],
    check: ({ systemd }) => expect(systemd.unit(UNIT).active).toBe('active'),
  },
  {
    title: 'up to date',
    operation: wanted({ watches: [CONF] }),
    before: THERE,
    arrange: up(),
    upToDate: true,
  },
  {
    title: 'up to date in the plan, as its package brings it',
    operation: wanted(),
    arrange: ({ host }) => void host.planned.add(packagedUnit(UNIT)),
    upToDate: true,
  },
  {
    title: 'running, and not enabled',
    operation: wanted(),
    before: THERE,
    arrange: ({ systemd }) => void systemd.running(UNIT, 100),
    change: { summary: `enable ${UNIT} (not enabled)` },
    after: { [LINK]: { link: FILE } },
    ran: [`systemctl reenable --no-reload ${UNIT}`, 'systemctl daemon-reload'],
  },
  {
    title: 'enabled, and not running',
    operation: wanted(),
    before: THERE,
    arrange: ({ systemd }) => systemd.enable(UNIT),
    change: { summary: `enable and start ${UNIT} (not running)`, starts: [UNIT] },
    ran: [`systemctl reset-failed ${UNIT}`, `systemctl start ${UNIT}`],
  },
  {
    title: 'failed',
    operation: wanted(),
    before: THERE,
    arrange: up(({ systemd }) => Object.assign(systemd.unit(UNIT), { active: 'failed', mainPid: 0 })),
    change: { summary: `enable and start ${UNIT} (failed)`, starts: [UNIT] },
  },
  {
    title: 'enabled in a target that does not exist (trap 3)',
    operation: wanted({ wantedBy: 'timers.target' }),
    before: {
      [FILE]: TEXT.replace('multi-user', 'timers'),
      [`/etc/systemd/system/timer.target.wants/${UNIT}`]: { link: FILE },
    },
    arrange: ({ systemd }) => void systemd.running(UNIT, 100),
    change: { summary: `enable ${UNIT} (not enabled)` },
    after: {
      [`/etc/systemd/system/timers.target.wants/${UNIT}`]: { link: FILE },
      [`/etc/systemd/system/timer.target.wants/${UNIT}`]: null,
    },
  },
  {
    title: 'of two targets one lacks it',
    operation: wanted(),
    before: {
      [FILE]: TEXT.replace('multi-user.target', 'multi-user.target default.target'),
      [LINK]: { link: FILE },
    },
    arrange: ({ systemd }) => void systemd.running(UNIT, 100),
    change: { summary: `enable ${UNIT} (not enabled)` },
  },
  {
    title: 'its file changed since',
    operation: wanted(),
    before: THERE,
    arrange: change(FILE, `${TEXT}# new\n`),
    change: {
      summary: `restart ${UNIT} (its file changed, ${FILE} changed since the last start)`,
      restarts: [UNIT],
      shell: ['systemctl daemon-reload', `systemctl enable ${UNIT}`, `systemctl restart ${UNIT}`],
    },
    ran: ['systemctl daemon-reload', `systemctl reset-failed ${UNIT}`, `systemctl restart ${UNIT}`],
    check: ({ host }) => expect(host.restartedUnits).toEqual([UNIT]),
    midway: [
      { plant: { exec: 3, result: { code: 137 } }, fails: /command failed: systemctl restart/, left: {} },
    ],
  },
  {
    title: 'another unit of the host was enabled without a reload, which says nothing of this one',
    operation: wanted(),
    before: THERE,
    arrange: up(({ systemd }) => {
      systemd.outdated = true;
    }),
    upToDate: true,
  },
  {
    title: 'its file changed since, and so did what else systemd has to read',
    operation: wanted(),
    before: THERE,
    arrange: up(({ host, systemd }) => {
      host.arrange({ [FILE]: `${TEXT}# new\n` });
      systemd.outdated = true;
    }),
    change: { summary: `restart ${UNIT} (${FILE} changed since the last start)`, restarts: [UNIT] },
    ran: ['systemctl daemon-reload', `systemctl reset-failed ${UNIT}`, `systemctl restart ${UNIT}`],
  },
  {
    title: 'what it reads changed since',
    operation: wanted({ watches: [CONF] }),
    before: THERE,
    arrange: change(CONF, 'y'),
    change: { summary: `restart ${UNIT} (${CONF} changed since the last start)`, restarts: [UNIT] },
    ran: [`systemctl reset-failed ${UNIT}`, `systemctl restart ${UNIT}`],
  },
  {
    title: 'what it reads changed since: it is not asked for answers as well',
    operation: wanted({ watches: [CONF], answers: answersAfter(2) }),
    before: THERE,
    arrange: change(CONF, 'y'),
    change: { summary: `restart ${UNIT} (${CONF} changed since the last start)`, restarts: [UNIT] },
  },
  {
    title: 'in the plan: what it reads will change',
    operation: wanted({ watches: [CONF] }),
    before: THERE,
    arrange: up(({ host }) => void host.planned.add(CONF)),
    change: { summary: `restart ${UNIT} (${CONF} changed since the last start)` },
  },
  {
    title: 'what it reads is from the future, as after a clock that was set back: once is enough',
    operation: wanted({ watches: [CONF] }),
    before: THERE,
    arrange: up(({ host }) => host.arrange({ [CONF]: { text: 'y', modified: Date.now() + 3_600_000 } })),
    change: { summary: `restart ${UNIT} (${CONF} changed since the last start)` },
  },
  {
    title: 'takes on a change without a restart',
    operation: wanted({
      watches: [CONF],
      since: async (host) => (await host.status('/run/loaded'))?.modified ?? 0,
      reload: { files: [CONF], command: async () => ['site-reload'] },
    }),
    before: THERE,
    ...reloading('site-reload'),
    change: {
      summary: `reload ${UNIT} (${CONF} changed since the last start)`,
      reloads: [UNIT],
      shell: ['systemctl daemon-reload', `systemctl enable ${UNIT}`, 'site-reload'],
    },
    ran: ['site-reload'],
    check: ({ host }) => expect([host.restartedUnits, host.reloadedUnits]).toEqual([[], [UNIT]]),
  },
  {
    title: 'where only a restart helps',
    operation: wanted({ watches: [CONF], reload: { files: [CONF], command: async () => undefined } }),
    before: THERE,
    arrange: change(CONF, 'y'),
    change: { summary: `restart ${UNIT} (${CONF} changed since the last start)`, restarts: [UNIT] },
  },
  {
    title: 'a reload that changes nothing',
    operation: wanted({
      watches: [CONF],
      reload: { files: [CONF], command: async () => ['systemctl', 'kill', UNIT] },
    }),
    before: THERE,
    arrange: change(CONF, 'y'),
    change: { reloads: [UNIT] },
    fails: {
      what: /was reloaded, but does not work: .* changed since it was loaded/,
      remedy: /journalctl -u/,
    },
  },
  {
    title: 'active, and answers nothing (trap 6)',
    operation: wanted({ answers: answersAfter(2) }),
    before: THERE,
    arrange: up(),
    change: { summary: `restart ${UNIT} (it says nothing)`, restarts: [UNIT] },
  },
  {
    title: 'answers after a while',
    operation: wanted({
      answers: async (host) => ((await uptimeOf(host)) > 2000 ? undefined : 'it says nothing'),
    }),
    before: THERE,
    change: { starts: [UNIT] },
  },
  {
    title: 'never answers',
    operation: wanted({ answers: async () => 'it says nothing', explain: () => 'Look at the plugin.' }),
    before: THERE,
    arrange: ({ systemd }) => void systemd.unit(UNIT).journal.push('no request plugin is loaded'),
    change: { starts: [UNIT] },
    fails: { what: /was started, but does not work: it says nothing/, remedy: /Look at the plugin/ },
    check: ({ systemd }) => expect(started({ systemd } as Machine)).toBe(true),
  },
  {
    title: 'a start that fails',
    operation: wanted(),
    before: THERE,
    arrange: ({ systemd }) => void Object.assign(systemd.unit(UNIT), { starts: () => 'failed' }),
    change: { starts: [UNIT] },
    fails: { what: /was started, but does not work: systemctl start failed/, remedy: /journalctl -u/ },
  },
  {
    title: 'starts, and fails soon: nobody waits for it',
    operation: wanted(),
    before: THERE,
    arrange: ({ systemd }) => void Object.assign(systemd.unit(UNIT), { endsAfter: 0 }),
    change: { starts: [UNIT] },
    fails: { what: /was started, but does not work: its state is failed/ },
    check: ({ systemd }) => expect(Date.now() - systemd.unit(UNIT).since).toBeLessThan(5000),
  },
  {
    title: 'never gets beyond activating',
    operation: wanted(),
    before: THERE,
    arrange: ({ systemd }) => void Object.assign(systemd.unit(UNIT), { starts: () => 'activating' }),
    change: { starts: [UNIT] },
    fails: { what: /does not work: its state is activating/ },
  },
  {
    title: 'starting it would do harm',
    operation: wanted({
      before: async () => {
        throw new ProblemError({ what: 'Its data is of another version.', remedy: 'Move it away.' });
      },
    }),
    before: THERE,
    change: { starts: [UNIT] },
    fails: { what: /another version/ },
    after: { [LINK]: null },
    ran: [],
  },
  {
    title: 'no file of that name',
    operation: wanted(),
    change: { summary: `enable and start ${UNIT} (not enabled, not running)` },
    fails: { what: /command failed: systemctl reenable/ },
  },
  {
    title: 'the operator stops the run',
    operation: wanted(),
    before: THERE,
    arrange: ({ host }) => host.stop(),
    change: { starts: [UNIT] },
    stopped: true,
    after: { [LINK]: null },
  },
]);

/** The program that has the unit read its files again: it leaves the time in a file. */
function reloading(program: string) {
  return {
    arrange: (machine: Machine) => {
      change(CONF, 'y')(machine);
      machine.host.programs.add(({ argv }) => {
        if (argv[0] !== program) return undefined;
        machine.host.arrange({ '/run/loaded': '' });
        return {};
      });
    },
  };
}

/** @returns what answers only what was started again */
function answersAfter(starts: number) {
  return async (host: Host) => {
    const { stdout } = await host.query(['systemctl', 'show', '--property=MainPID', '--', UNIT]);
    return Number(/MainPID=(\d+)/.exec(stdout)?.[1]) >= 1000 + starts ? undefined : 'it says nothing';
  };
}

/** @returns milliseconds since the unit was started */
async function uptimeOf(host: Host): Promise<number> {
  const { stdout } = await host.query([
    'systemctl',
    'show',
    '--property=ActiveEnterTimestampMonotonic',
    '--',
    UNIT,
  ]);
  const since = Number(/ActiveEnterTimestampMonotonic=(\d+)/.exec(stdout)?.[1]);
  return Number(process.hrtime.bigint()) / 1e6 - since / 1000;
}
