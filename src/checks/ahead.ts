import type { Host } from '../host/host.ts';
import { siteCertificate } from '../site/certificate.ts';
import { SERVICE_UNITS, SITE_UNITS } from '../site/layout.ts';
import { namesOf } from '../site/names.ts';
import { unitState } from '../site/units.ts';
import type { Round } from '../watch/state.ts';
import { daysLeft, type Measures } from '../watch/trend.ts';
import { WATCH_SERVICE } from '../watch/units.ts';
import { type Check, failing, fine } from './check.ts';
import { LEAST_DISK_MB, LEAST_MEMORY_MB } from './machine.ts';

/*
 * What the watch checks besides: what is well today, and will not be in some days. For who starts a doctor by hand it would be
 * a failure too many.
 */

const DAY_MS = 24 * 60 * 60_000;
/** Days before the end of the certificate, each told for itself: certbot renews 30 days before. */
const BEFORE_END = [20, 10, 3];
/** So many days before less is left than must be. */
const FORESEEN_DAYS = 7;
/** Key of what is no file system. */
const MEMORY = 'memory';

export const certificateEnds: readonly Check[] = BEFORE_END.map((days) => ({
  id: `certificate-${days}`,
  title: `Certificate, ${days} days before its end`,
  asks: 'Reads when the certificate on the disk ends.',
  means: 'Renewals fail: browsers warn of the site from its end on.',
  fixes: [],
  async run(host, answers) {
    const { installed } = await siteCertificate(host, namesOf(answers));
    // That there is none is said by the check of the certificate.
    if (installed === undefined) return fine('There is none to read.');
    const end = new Date(installed.expires).toISOString().slice(0, 10);
    return installed.expires - Date.now() > days * DAY_MS
      ? fine(`It ends on ${end}.`)
      : failing(
          `It ends on ${end}, and was not renewed.`,
          'See why: studio-setup doctor --renewal. Once that is fixed: certbot renew',
        );
  },
}));

/** @returns what is left now, of memory and on the file systems that the site writes to */
export async function measuresOf(host: Host): Promise<Measures> {
  const df = [
    'df',
    '--output=avail,target',
    '-BM',
    '/',
    '/var',
    '/var/www',
    '/var/lib/postgresql',
    '/var/log',
  ];
  const { stdout } = await host.query(df, { quiet: true, timeoutMs: 8000 });
  const disks = stdout.split('\n').flatMap((line) => {
    const [, left, target] = /^\s*(\d+)M\s+(\/.*)$/.exec(line) ?? [];
    return target === undefined ? [] : [[target, Number(left)] as const];
  });
  const text = (await host.read('/proc/meminfo')) ?? '';
  const kilobytes = (key: string) => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0);
  const memory = Math.round((kilobytes('MemAvailable') + kilobytes('SwapFree')) / 1024);
  return Object.fromEntries([...disks, ...(memory === 0 ? [] : [[MEMORY, memory] as const])]);
}

/** @param rounds those before @param now what is left, and when that was measured */
export function trendChecks(
  rounds: readonly Pick<Round, 'at' | 'measures'>[],
  now: { readonly at: number; readonly measures: Measures },
): readonly Check[] {
  return Object.entries(now.measures).map(([what, left]) => {
    const samples = [...rounds, now].flatMap(({ at, measures }) =>
      measures?.[what] === undefined ? [] : [{ at, left: measures[what] }],
    );
    const days = daysLeft(samples, what === MEMORY ? LEAST_MEMORY_MB : LEAST_DISK_MB);
    return {
      id: `trend-${what}`,
      title: what === MEMORY ? 'Memory, by its trend' : `Disk of ${what}, by its trend`,
      asks: 'Compares what is left with the days before.',
      means: what === MEMORY ? 'The kernel soon ends a service.' : 'It is full soon.',
      fixes: [],
      async run() {
        if (days === undefined || days >= FORESEEN_DAYS) return fine(`${left} MB are left.`);
        const said = `${left} MB are left. As the last days went, too little is left in ${Math.floor(days)} days.`;
        return what === MEMORY
          ? failing(
              said,
              'See who takes more and more: ps aux --sort=-rss | head. Restart it, or add memory or swap.',
            )
          : failing(
              said,
              `See what grows: du -xh --max-depth=2 ${what} | sort -h | tail. Make room, or take a larger disk.`,
            );
      },
    };
  });
}

/** The doctor has checks of these. */
const CHECKED_ELSEWHERE: readonly string[] = [...SITE_UNITS, ...Object.values(SERVICE_UNITS), WATCH_SERVICE];

/**
 * @param known names of units that failed in an earlier round: they are told to be well again
 * @returns a check for each unit of the system that failed, whoever it belongs to; where systemd can't be asked for them, of the
 *   known ones alone, which then say so
 */
export async function failedUnits(host: Host, known: readonly string[]): Promise<readonly Check[]> {
  const list = ['systemctl', 'list-units', '--failed', '--plain', '--no-legend', '--no-pager'];
  const { code, stdout } = await host.query(list, { quiet: true, timeoutMs: 8000 });
  const failed =
    code === 0 ? stdout.split('\n').flatMap((line) => /^\s*(\S+\.\w+)\s/.exec(line)?.[1] ?? []) : [];
  const names = [...new Set([...failed, ...known])].filter((name) => !CHECKED_ELSEWHERE.includes(name));
  return names.map(unitCheck);
}

/** What the ids of these checks begin with; the name of the unit follows. */
export const FAILED_UNIT = 'unit:';

function unitCheck(name: string): Check {
  return {
    id: `${FAILED_UNIT}${name}`,
    title: `Unit ${name}`,
    asks: 'Asks systemd whether it failed.',
    means: 'What it does is not done.',
    fixes: [],
    async run(host) {
      const { active, result } = await unitState(host, name);
      return active === 'failed'
        ? failing(
            `It failed (${result}).`,
            `See why: journalctl -u ${name} -n 50. Once that is fixed: systemctl restart ${name}; or systemctl reset-failed ${name}`,
          )
        : fine(`It is ${active}.`);
    },
  };
}
