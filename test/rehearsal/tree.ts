import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Guest } from './guest.ts';

export interface TreeOptions {
  /** Absolute paths of the host to begin from, in place of the usual ones. */
  readonly roots?: readonly string[];
  /** Regular expressions (Python's) for whole paths whose content differs by nature: listed without a hash. Added to the usual ones. */
  readonly opaque?: readonly string[];
  /** The same for paths that are skipped, with all below them. */
  readonly ignored?: readonly string[];
}

/** Where an installation leaves anything that its outcome depends on. */
const usualRoots = ['/etc', '/root', '/usr/bin', '/usr/local', '/var/www', '/var/lib/studio-setup'];

/** No two hosts have the same, and nothing follows from it. */
const usuallyIgnored = [
  '/etc/machine-id',
  '/etc/ld[.]so[.]cache',
  '/etc/[.]pwd[.]lock',
  '/etc/(passwd|group|shadow|gshadow|subuid|subgid)-',
  // Named by a hash of the authority's name, which the ACME server draws again.
  '/etc/ssl/certs/[0-9a-f]{8}[.][0-9]+',
  '/etc/letsencrypt/accounts/.*',
  '/root/[.](cache|bash_history)',
  '/var/www/[.]cache',
  '/var/www/data[.]ms/.*',
  '.*/__pycache__',
  '.*/[.]git/logs',
];

/** Has to be there with the right mode and owner, but its content is drawn, dated or numbered again each time. */
const usuallyOpaque = [
  '/etc/ssl/certs/.*',
  '/etc/ssl/private/.*',
  '/usr/local/share/ca-certificates/.*',
  '/etc/letsencrypt/(archive|keys|csr|renewal)/.*',
  // The index holds the times of the files, a pack depends on what git had at hand.
  '.*/[.]git/(index|FETCH_HEAD|ORIG_HEAD|objects/.*)',
];

/**
 * Lists the host's files for comparing it with another host: type, mode, `owner:group`, path, link target or sha256, in a
 * fixed order and without times.
 */
export async function tree(guest: Guest, options: TreeOptions = {}): Promise<string[]> {
  const program = await readFile(join(import.meta.dirname, 'tree.py'), 'utf8');
  const rules = {
    ignored: [...usuallyIgnored, ...(options.ignored ?? [])],
    opaque: [...usuallyOpaque, ...(options.opaque ?? [])],
  };
  const argv = ['python3', '-c', program, ...(options.roots ?? usualRoots)];
  const { code, stdout, stderr } = await guest.exec(argv, { input: JSON.stringify(rules) });
  if (code !== 0) throw new Error(`The host's files could not be listed: ${stderr.trim()}`);
  return stdout.split('\n').slice(0, -1);
}
