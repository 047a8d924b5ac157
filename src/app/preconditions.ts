import { existsSync } from 'node:fs';
import { ProblemError } from '../output/problem.ts';

/** @throws ProblemError unless this is root on a host that systemd runs: nothing else can follow the document */
export function hostPreconditions(): void {
  if (process.getuid?.() !== 0) {
    throw new ProblemError({
      what: 'Only root can set up the site: it installs packages, units and web server files.',
      remedy: 'Start it again with sudo in front: sudo studio-setup …',
    });
  }
  if (!existsSync('/run/systemd/system')) {
    throw new ProblemError({
      what: 'systemd does not run on this server, and every service of the site is one of its units.',
      remedy:
        'Use a server (or virtual machine) that boots with systemd, Debian 12 for example; a plain container does not.',
    });
  }
}
