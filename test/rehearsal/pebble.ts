import { join } from 'node:path';
import { cached } from './cache.ts';
import { must } from './process.ts';
import type { Report } from './tools.ts';

/**
 * Gives the folder that holds Debian's `pebble` package, unpacked: the ACME test server `usr/bin/pebble` and its name
 * server `usr/bin/pebble-challtestsrv`. They run beside the throwaway host, never on it, and are not installed.
 */
export function pebblePrograms(report: Report): Promise<string> {
  return cached(
    {
      name: 'pebble',
      what: 'the ACME test server',
      recipe: { version: 1 },
      build: async (folder) => {
        const apt = ['apt-get', '--quiet=2', '-o', 'APT::Sandbox::User=root'];
        await must([...apt, 'update']);
        await must([...apt, 'download', 'pebble'], { cwd: folder });
        await must(['sh', '-c', 'dpkg-deb --extract pebble_*.deb . && rm pebble_*.deb'], { cwd: folder });
      },
    },
    report,
  ).then((folder) => join(folder, 'usr/bin'));
}
