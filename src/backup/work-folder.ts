import path from 'node:path';
import type { LiveHost } from '../host/host.ts';
import { SITE_USER } from '../site/layout.ts';

/** setpriv(1): what follows is the site's account's; files that root opened before stay open for it. */
export const AS_SITE: readonly string[] = [
  'setpriv',
  `--reuid=${SITE_USER}`,
  `--regid=${SITE_USER}`,
  '--clear-groups',
  '--',
];

/** Milliseconds: a large database, or many uploads, take hours on a small server. */
export const LONGEST_MS = 12 * 60 * 60_000;

const PUT = 'umask 077; cat > "$1"';
const INTO = 'set -eu; umask 077; cd -- "$1"; exec > "$2"; shift 2; exec "$@"';

/**
 * Root's own folder (0700) with what an archive is made of, or what it has in it, while that is under way. Of what passes it no
 * journal is kept: it goes when the command ends, and what a kill leaves goes at the next start.
 */
export class WorkFolder {
  readonly folder: string;

  /** @param folder absolute path */
  constructor(folder: string) {
    this.folder = folder;
  }

  at(name: string): string {
    return path.join(this.folder, name);
  }

  /** Begins with an empty one. */
  async begin(live: LiveHost): Promise<void> {
    await live.run(['rm', '-rf', '--', this.folder]);
    // install(1) gives the mode to what it is told alone, and else makes parents for everybody.
    await live.run(['install', '-d', '-m', '700', '--', path.dirname(this.folder), this.folder]);
  }

  /** @param text may hold secrets: it goes by standard input */
  async put(live: LiveHost, name: string, text: string): Promise<void> {
    await live.run(['sh', '-c', PUT, 'sh', this.at(name)], { input: text, quiet: true });
  }

  /**
   * @param argv a program whose output may be longer than what is kept of one
   * @returns what it wrote
   */
  async outputOf(live: LiveHost, cwd: string, argv: readonly string[], name: string): Promise<string> {
    await live.run(['sh', '-c', INTO, 'sh', cwd, this.at(name), ...argv], {
      quiet: true,
      timeoutMs: LONGEST_MS,
    });
    return (await live.read(this.at(name))) ?? '';
  }
}
