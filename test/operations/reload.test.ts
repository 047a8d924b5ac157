import { describe, expect, it, vi } from 'vitest';
import { notLoaded, reloadedSite } from '../../src/operations/reload.ts';
import { SETTINGS, UWSGI_INI } from '../../src/site/layout.ts';
import { SERVICES } from '../../src/site/services.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { Django } from './django.ts';
import { type Machine, table } from './table.ts';
import { INI, SITE, SITE_FILES, siteAnswers } from './uwsgi.ts';
import { passTime } from './virtual-time.ts';

vi.mock('node:timers/promises', async () => (await import('./virtual-time.ts')).timers);
vi.mock('node:net', async () => ({ connect: (await import('./uwsgi.ts')).connect }));

const operation = reloadedSite({ id: 'site/reload', hostName: 'studio.example.org' });
const RELOAD = `systemctl kill --kill-who=main --signal=SIGHUP ${SITE}`;
const RESTART = `systemctl restart ${SITE}`;
const NEWER = `${SETTINGS} changed since it was loaded`;
const settings = (text: string) => ({ [SETTINGS]: { text, owner: 'www-data', mode: 0o640 } });

const up =
  (more: (machine: Machine & { django: Django }) => void = () => {}) =>
  (machine: Machine) => {
    const django = new Django(machine.host);
    siteAnswers(machine);
    machine.systemd.running(SITE, 100);
    passTime(60_000);
    more({ ...machine, django });
  };
/** Somebody wrote the settings since. */
const changed = (more: (machine: Machine & { django: Django }) => void = () => {}) =>
  up((machine) => {
    machine.host.arrange(settings('DEBUG = True\n'));
    more(machine);
  });
const ini = (text: string) => ({ ...SITE_FILES, [UWSGI_INI]: { text, owner: 'www-data' } });

table('reload', [
  { title: 'up to date', operation, before: SITE_FILES, arrange: up(), upToDate: true },
  {
    title: 'up to date: a page that is not there is an answer of the site',
    operation,
    before: SITE_FILES,
    arrange: up((machine) => siteAnswers(machine, () => 'HTTP/1.1 404 Not Found')),
    upToDate: true,
  },
  {
    title: 'newer settings, without a visitor noticing',
    operation,
    before: SITE_FILES,
    arrange: changed(),
    change: {
      kind: 'run',
      summary: `reload ${SITE} gracefully (${NEWER})`,
      shell: [RELOAD],
      reloads: [SITE],
    },
    ran: [RELOAD],
    check: ({ host }) => {
      expect([host.restartedUnits, host.reloadedUnits]).toEqual([[], [SITE]]);
      expect(host.memory.journal).toContainEqual(expect.objectContaining({ kind: 'reload', unit: SITE }));
    },
    midway: [
      { plant: { exec: 1, result: { code: 137 } }, fails: /command failed: systemctl kill/, left: {} },
    ],
  },
  {
    title: 'in the plan: the settings will change',
    operation,
    before: SITE_FILES,
    arrange: up(({ host }) => void host.planned.add(SETTINGS)),
    change: { summary: `reload ${SITE} gracefully (${NEWER})` },
  },
  {
    title: 'settings from the future, as after a clock that was set back',
    operation,
    before: SITE_FILES,
    arrange: up(({ host }) =>
      host.arrange({ [SETTINGS]: { text: 'x', owner: 'www-data', modified: Date.now() + 3_600_000 } }),
    ),
    change: { summary: `reload ${SITE} gracefully (${NEWER})` },
  },
  {
    title: 'where uWSGI has no master, by a restart, and that is said',
    operation,
    before: ini('[uwsgi]\nplugin = python3\n'),
    arrange: changed(),
    change: {
      summary: `restart ${SITE} (${NEWER}; no graceful reload: ${UWSGI_INI} does not say "master = true")`,
      restarts: [SITE],
    },
    ran: [RESTART],
  },
  {
    title: 'where the age of workers tells nothing',
    operation,
    before: ini(`${INI}max-requests = 1000\n`),
    arrange: changed(),
    change: { summary: expect.stringContaining('sets "max-requests"'), restarts: [SITE] },
    ran: [RESTART],
  },
  {
    title: 'where there is no ini',
    operation,
    before: { ...SITE_FILES, [UWSGI_INI]: null },
    arrange: changed(),
    change: { summary: expect.stringContaining(`there is no ${UWSGI_INI}`), restarts: [SITE] },
  },
  {
    title: 'the site does not run',
    operation,
    before: SITE_FILES,
    arrange: (machine) => siteAnswers(machine),
    change: {
      summary: `restart ${SITE} (its state is inactive; no graceful reload: it is not running)`,
      starts: [SITE],
    },
    ran: [RESTART],
  },
  {
    title: 'active, and answers nothing (trap 6)',
    operation,
    before: SITE_FILES,
    arrange: up((machine) => {
      const { mainPid } = machine.systemd.unit(SITE);
      const old = machine.systemd.processes.read(`/proc/${mainPid}/task/${mainPid}/children`);
      siteAnswers(machine, () =>
        machine.systemd.processes.read(`/proc/${mainPid}/task/${mainPid}/children`) === old
          ? undefined
          : 'HTTP/1.1 302 Found',
      );
    }),
    change: { summary: expect.stringContaining('closes the connection without an answer') },
    ran: [RELOAD],
  },
  {
    title: 'goes on failing',
    operation,
    before: SITE_FILES,
    arrange: changed((machine) => siteAnswers(machine, () => 'HTTP/1.1 500 Internal Server Error')),
    change: { reloads: [SITE] },
    fails: { what: /does not work: the site answers with HTTP 500/, remedy: /journalctl -u studio/ },
  },
  {
    title: 'settings that do not import are not loaded',
    operation,
    before: SITE_FILES,
    arrange: changed(({ django }) => {
      django.state = { importError: "NameError: name 'x' is not defined" };
    }),
    change: { reloads: [SITE] },
    fails: {
      what: /does not import as www-data: NameError/,
      remedy: /still runs with the settings that it has loaded/,
    },
    ran: [],
  },
  {
    title: 'it fails when it is started again',
    operation,
    before: ini('[uwsgi]\n'),
    arrange: changed(({ systemd }) => void Object.assign(systemd.unit(SITE), { starts: () => 'failed' })),
    change: { restarts: [SITE] },
    fails: { what: /does not work: its state is failed/ },
  },
]);

describe('how the site takes on its settings', () => {
  it.each([
    ['gracefully', INI, RELOAD],
    ['only by a restart', '[uwsgi]\n', undefined],
  ])('%s', async (_, text, expected) => {
    const host = new FakeHost();
    host.arrange({ [UWSGI_INI]: { text, owner: 'www-data' } });
    expect((await SERVICES.studio.reload?.command(host))?.join(' ')).toBe(expected);
    expect(SERVICES.studio.reload?.files).toEqual([SETTINGS]);
  });
});

it('a site that was never started is not asked', async () => {
  const host = new FakeHost();
  host.programs.add(() => 'ActiveState=inactive\n');
  expect(await notLoaded('x')(host)).toBe('its state is inactive');
});
