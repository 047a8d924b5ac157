import { cached } from './cache.ts';
import { must } from './process.ts';
import type { Report } from './tools.ts';

/**
 * Debian packages of which the rehearsal's internet runs programs: the ACME test server with its name server, the ssh server
 * with the one library of it that a bare machine lacks, and what delays the packets of a slow link.
 */
const packages = ['pebble', 'openssh-server', 'libwrap0', 'vdeplug', 'vde-wirefilter', 'libvdeplug2'];

/**
 * Gives the folder that the packages are unpacked in. They run beside the throwaway host, never on it, and are not installed
 * on the machine either: an installed ssh server would start.
 */
export function internetPrograms(report: Report): Promise<string> {
  return cached(
    {
      name: 'programs',
      what: 'the ACME test server, the ssh server and the slow link',
      recipe: { version: 1, packages },
      build: async (folder) => {
        const apt = ['apt-get', '--quiet=2', '-o', 'APT::Sandbox::User=root'];
        await must([...apt, 'update']);
        await must([...apt, 'download', ...packages], { cwd: folder });
        const unpack = 'for package in *.deb; do dpkg-deb --extract "$package" . && rm "$package"; done';
        await must(['sh', '-e', '-c', unpack], { cwd: folder });
      },
    },
    report,
  );
}
