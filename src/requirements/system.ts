import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { isOlder, NEWEST, OLDEST, systemPython } from '../site/python.ts';

/** The document: systemd >= 211. */
const OLDEST_SYSTEMD = 211;
/** What a small site with PostgreSQL, uWSGI and Meilisearch was seen to need, in megabytes of memory and swap. */
const LEAST_MEMORY_MB = 900;
/** Packages, virtualenv, checkout and indexes take some 2 GB. */
const LEAST_DISK_MB = 2500;

export async function debianFamily(host: Host): Promise<void> {
  const release = (await host.read('/etc/os-release')) ?? '';
  const value = (key: string) => new RegExp(`^${key}="?([^"\\n]*)"?$`, 'm').exec(release)?.[1] ?? '';
  if (/\b(debian|ubuntu)\b/.test(`${value('ID')} ${value('ID_LIKE')}`)) return;
  throw new ProblemError({
    what: `This server runs ${value('PRETTY_NAME') || 'neither Debian nor Ubuntu'}; the document and studio-setup are for Debian and Ubuntu.`,
    remedy: 'Use a server with Debian 12 or 13, or Ubuntu 22.04, 24.04 or 26.04.',
  });
}

export async function recentSystemd(host: Host): Promise<void> {
  const { stdout } = await host.query(['systemctl', '--version']);
  const version = Number(/^systemd (\d+)/.exec(stdout)?.[1] ?? 0);
  if (version >= OLDEST_SYSTEMD) return;
  throw new ProblemError({
    what: `systemd on this server is ${version || 'missing'}; the document needs ${OLDEST_SYSTEMD} or later.`,
    remedy: 'Use a newer release of the distribution.',
  });
}

export async function enoughMemory(host: Host): Promise<void> {
  const text = (await host.read('/proc/meminfo')) ?? '';
  const megabytes = (key: string) =>
    Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) / 1024;
  const memory = megabytes('MemTotal');
  const swap = megabytes('SwapTotal');
  if (memory + swap >= LEAST_MEMORY_MB) return;
  throw new ProblemError({
    what: `Memory and swap are ${Math.round(memory + swap)} MB together; the site needs ${LEAST_MEMORY_MB} MB.`,
    remedy:
      'Add swap: fallocate -l 2G /swapfile; chmod 600 /swapfile; mkswap /swapfile; swapon /swapfile; and a line in /etc/fstab.',
  });
}

/** @param installed whether the site is there already: then it is only warned of */
export async function enoughDisk(host: Host, installed: boolean): Promise<void> {
  const { stdout } = await host.query(['df', '--output=avail,target', '-BM', '/usr', '/var']);
  for (const line of stdout.trim().split('\n').slice(1)) {
    const [available = '', mount = ''] = line.trim().split(/\s+/);
    const megabytes = Number.parseInt(available, 10);
    if (megabytes >= LEAST_DISK_MB || (installed && megabytes >= 500)) continue;
    const what = `Only ${megabytes} MB are free on ${mount}; an install needs ${LEAST_DISK_MB} MB.`;
    if (installed) {
      host.warn(what);
      continue;
    }
    throw new ProblemError({
      what,
      remedy: 'Make room there (df -h, du -xh --max-depth=2 / | sort -h), or take a larger disk.',
    });
  }
}

/** Checked before anything is installed where there is a Python already; the packages bring one where there is none. */
export async function suitablePython(host: Host): Promise<void> {
  const version = await systemPython(host);
  // One that is too new is no obstacle: the product brings another.
  if (version === undefined || !isOlder(version, OLDEST)) return;
  throw new ProblemError({
    what: `Python on this server is ${version.join('.')}; the site (Django 3.2) runs on ${OLDEST.join('.')} to ${NEWEST.join('.')}.`,
    remedy: 'Use a newer release: Debian 12 or 13, or Ubuntu 22.04, 24.04 or 26.04.',
  });
}
