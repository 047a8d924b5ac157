import { access } from 'node:fs/promises';
import { must } from './process.ts';

/** Where a progress line goes. */
export type Report = (line: string) => void;

/** What the rehearsal needs on the machine that it runs on: a file that tells that the package is there, and the package. */
const needed: Readonly<Record<string, string>> = {
  '/usr/bin/mmdebstrap': 'mmdebstrap',
  '/usr/bin/systemd-nspawn': 'systemd-container',
  '/usr/bin/apt-ftparchive': 'apt-utils',
  '/usr/bin/python3': 'python3',
  '/usr/lib/python3/dist-packages/pip/__init__.py': 'python3-pip',
  '/usr/bin/git': 'git',
  '/usr/bin/openssl': 'openssl',
  '/usr/bin/curl': 'curl',
  '/usr/bin/pgrep': 'procps',
  '/sbin/ip': 'iproute2',
  '/usr/bin/tmux': 'tmux',
};

/**
 * Installs with apt what the machine lacks for a rehearsal, and says so.
 * @throws {Error} when this process is not root, the machine has no apt, or apt fails.
 */
export async function ensureTools(report: Report): Promise<void> {
  if (process.getuid?.() !== 0) {
    throw new Error('A rehearsal boots a throwaway host, which only root can do. Run it as root.');
  }
  await installMissing(needed, 'a rehearsal', report);
}

/**
 * @param wanted a file that tells that a package is there, and the package
 * @param purpose what they are for, said when something is installed
 * @throws {Error} when apt fails
 */
export async function installMissing(
  wanted: Readonly<Record<string, string>>,
  purpose: string,
  report: Report,
): Promise<void> {
  const missing: string[] = [];
  for (const [file, name] of Object.entries(wanted)) {
    const present = await access(file).then(
      () => true,
      () => false,
    );
    if (!present) missing.push(name);
  }
  if (missing.length === 0) return;
  report(`Installing with apt what this machine lacks for ${purpose}: ${missing.join(', ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await must(['apt-get', '-q', 'update'], { env });
  await must(['apt-get', '-q', 'install', '-y', '--no-install-recommends', ...missing], { env });
}
