import { vi } from 'vitest';
import { runningService } from '../../src/operations/unit.ts';
import { SETTINGS, UWSGI_INI } from '../../src/site/layout.ts';
import { SERVICES } from '../../src/site/services.ts';
import { type Machine, table } from './table.ts';
import { INI, SITE, SITE_FILES, siteAnswers } from './uwsgi.ts';
import { passTime } from './virtual-time.ts';

vi.mock('node:timers/promises', async () => (await import('./virtual-time.ts')).timers);

const BACKGROUND = 'studio-background.service';
const FILES = {
  ...SITE_FILES,
  [`/etc/systemd/system/${BACKGROUND}`]:
    '[Service]\nExecStart=/bin/x\n[Install]\nWantedBy=multi-user.target\n',
} as const;
const site = runningService(SERVICES.studio, { id: SERVICES.studio.operation });
const background = runningService(SERVICES['studio-background'], { id: 'background/service' });

const up =
  (files: Machine['host']['arrange'] extends (files: infer F) => void ? F : never = {}) =>
  (machine: Machine) => {
    siteAnswers(machine);
    for (const unit of [SITE, BACKGROUND]) {
      machine.systemd.enable(unit);
      machine.systemd.running(unit, 100);
    }
    passTime(60_000);
    machine.host.arrange(files);
  };
const SETTINGS_NEW = { [SETTINGS]: { text: 'DEBUG = True\n', owner: 'www-data', mode: 0o640 } } as const;
const INI_NEW = { [UWSGI_INI]: { text: `${INI}processes = 4\n`, owner: 'www-data' } } as const;
const RELOAD = `systemctl kill --kill-who=main --signal=SIGHUP ${SITE}`;

table('services', [
  { title: 'the site is up to date', operation: site, before: FILES, arrange: up(), upToDate: true },
  {
    title: 'the site takes on settings by a reload',
    operation: site,
    before: FILES,
    arrange: up(SETTINGS_NEW),
    change: { summary: `reload ${SITE} (${SETTINGS} changed since the last start)`, reloads: [SITE] },
    ran: [RELOAD],
  },
  {
    title: 'the site takes on its ini by a restart',
    operation: site,
    before: FILES,
    arrange: up(INI_NEW),
    change: { summary: `restart ${SITE} (${UWSGI_INI} changed since the last start)`, restarts: [SITE] },
  },
  {
    title: 'both by one restart',
    operation: site,
    before: FILES,
    arrange: up({ ...SETTINGS_NEW, ...INI_NEW }),
    change: { restarts: [SITE] },
    ran: [`systemctl reset-failed ${SITE}`, `systemctl restart ${SITE}`],
  },
  {
    title: 'settings that it has read since by a reload are no reason',
    operation: site,
    before: FILES,
    arrange: (machine) => {
      up(SETTINGS_NEW)(machine);
      passTime(1000);
      machine.systemd.processes.renew(machine.systemd.unit(SITE).mainPid, ['uwsgi'], Date.now());
    },
    upToDate: true,
  },
  {
    title: 'a worker that is older than the settings is one',
    operation: site,
    before: FILES,
    arrange: (machine) => {
      up(SETTINGS_NEW)(machine);
      const { mainPid } = machine.systemd.unit(SITE);
      machine.systemd.processes.renew(mainPid, ['uwsgi'], Date.now() - 30_000);
      machine.systemd.processes.start('uwsgi', Date.now() + 500, mainPid);
    },
    change: { reloads: [SITE] },
  },
  {
    title: 'the background tasks are up to date',
    operation: background,
    before: FILES,
    arrange: up(INI_NEW),
    upToDate: true,
  },
  {
    title: 'the background tasks take on settings by a restart',
    operation: background,
    before: FILES,
    arrange: up(SETTINGS_NEW),
    change: {
      summary: `restart ${BACKGROUND} (${SETTINGS} changed since the last start)`,
      restarts: [BACKGROUND],
    },
  },
]);
