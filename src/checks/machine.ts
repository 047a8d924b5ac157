import { clockDifference, TOLERATED_MS } from '../requirements/clock.ts';
import { djangoState } from '../site/django.ts';
import { WWW } from '../site/layout.ts';
import { type Check, failing, fine } from './check.ts';

/** Megabytes below which uploads, the database or the next update soon fail. */
export const LEAST_DISK_MB = 500;
/** The same in the share of inodes: a disk can be full of tiny files. */
const LEAST_INODES = 0.02;
/** Megabytes of memory and swap below which the kernel soon ends a service. */
export const LEAST_MEMORY_MB = 100;

export const disk: Check = {
  id: 'disk',
  title: 'Disk',
  asks: `Reads the free space on each file system that the site writes to: at least ${LEAST_DISK_MB} MB, and 2 % of the inodes.`,
  means: 'Uploads, the database, the logs and the next renewal fail once the disk is full.',
  fixes: [],
  async run(host) {
    const { media } = (await djangoState(host)) ?? {};
    const paths = ['/', '/var', '/var/lib/postgresql', '/var/log', '/tmp', WWW, ...(media ? [media] : [])];
    const df = ['df', '--output=avail,itotal,iavail,target', '-BM', ...paths];
    const { stdout } = await host.query(df, { quiet: true, timeoutMs: 8000 });
    const full = new Map<string, string>();
    let least = { megabytes: Number.POSITIVE_INFINITY, target: '/' };
    for (const line of stdout.trim().split('\n').slice(1)) {
      const [available = '', inodes = '', free = '', target = ''] = line.trim().split(/\s+/);
      const megabytes = Number.parseInt(available, 10);
      if (megabytes < least.megabytes) least = { megabytes, target };
      if (megabytes < LEAST_DISK_MB) full.set(target, `${megabytes} MB are free on ${target}`);
      // Some file systems count none: `-`, or 0.
      else if (Number(inodes) > 0 && Number(free) / Number(inodes) < LEAST_INODES)
        full.set(target, `${free} inodes are free on ${target}`);
    }
    return full.size === 0
      ? fine(`${least.megabytes} MB are free on ${least.target}, the least of the site's file systems.`)
      : failing(
          `Only ${[...full.values()].join('; ')}.`,
          'See what fills it: du -xh --max-depth=2 FOLDER | sort -h | tail; often journalctl --vacuum-size=200M and apt-get clean make room. Or take a larger disk.',
        );
  },
};

export const memory: Check = {
  id: 'memory',
  title: 'Memory',
  asks: `Reads how much memory and swap is free: at least ${LEAST_MEMORY_MB} MB.`,
  means: 'At the next peak the kernel kills a service, often PostgreSQL or Meilisearch.',
  fixes: [],
  async run(host) {
    const text = (await host.read('/proc/meminfo')) ?? '';
    const megabytes = (key: string) =>
      Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1024;
    const left = Math.round(megabytes('MemAvailable') + megabytes('SwapFree'));
    return left >= LEAST_MEMORY_MB
      ? fine(`${left} MB are free, including swap.`)
      : failing(
          `Only ${left} MB of memory and swap are free.`,
          'See what uses it: ps aux --sort=-rss | head. Add swap (fallocate -l 2G /swapfile; chmod 600 /swapfile; mkswap /swapfile; swapon /swapfile; and a line in /etc/fstab), or take a larger server.',
        );
  },
};

export const clock: Check = {
  id: 'clock',
  title: 'Clock',
  asks: "Compares this server's clock with that of the certificate authority, by the Date header of its answer.",
  means: 'Renewals and logins with Blender ID fail, and timers run at the wrong time.',
  fixes: [],
  answers: ['certificate.server'],
  async run(host, answers) {
    const server = answers.text('certificate.server');
    const difference = await clockDifference(host, server);
    const who = new URL(server).host;
    if (difference === undefined) return fine(`Not compared: ${who} does not answer.`);
    return Math.abs(difference) <= TOLERATED_MS
      ? fine(`The clock agrees with ${who}.`)
      : failing(
          `The clock is ${Math.round(Math.abs(difference) / 60_000)} minutes ${difference > 0 ? 'ahead of' : 'behind'} ${who}.`,
          'Turn time synchronization on: timedatectl set-ntp true (package systemd-timesyncd).',
        );
  },
};
