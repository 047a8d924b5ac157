import type { Host } from '../host/host.ts';
import { CHECKOUT, SETTINGS, SITE_USER, VENV } from './layout.ts';

/** What uploads, git and tools keep below the checkout is no code of the site's. */
const NOT_CODE = ['.git', 'public', 'node_modules', '__pycache__'];

/**
 * A running process has the code that was there when it started: `git pull` by hand, an edit, or another package in the
 * virtualenv is not in force before it starts again. Templates count, as Django keeps them too once DEBUG is off.
 * @returns the file of the site's code, or the packages' record (`*.dist-info`), that changed last; `undefined` when there is
 *   none. settings.py is skipped: it has a way of its own. So is what comes from the future, by a clock that was set back:
 *   no start would ever be newer.
 */
export function newestCode(host: Host): Promise<string | undefined> {
  return host.once('newest code', async () => {
    const skipped = NOT_CODE.flatMap((name, index) => [...(index === 0 ? [] : ['-o']), '-name', name]);
    const print = ['-printf', '%T@ %p\\n'];
    const code = [
      ...['find', CHECKOUT, '(', ...skipped, ')', '-prune', '-o', '-type', 'f'],
      ...['(', '-name', '*.py', '-o', '-name', '*.html', '-o', '-name', '*.txt', ')', ...print],
    ];
    const packages = ['find', `${VENV}/lib`, '-maxdepth', '3', '-name', '*.dist-info', ...print];
    // As the account itself: the names are its own, and only names and times are read.
    const found = await Promise.all(
      [code, packages].map((argv) => host.query(argv, { as: SITE_USER, quiet: true, timeoutMs: 10_000 })),
    );
    return newestOf(found.map(({ stdout }) => stdout).join(''), Date.now());
  });
}

/**
 * @param listing a line each: seconds since the epoch and a path, as `find -printf '%T@ %p\\n'` writes them
 * @param now milliseconds since the epoch
 */
export function newestOf(listing: string, now: number): string | undefined {
  let newest: { readonly at: number; readonly path: string } | undefined;
  for (const line of listing.split('\n')) {
    const [, seconds, path] = /^(\d+(?:\.\d+)?) (\/.*)$/.exec(line) ?? [];
    const at = Number(seconds) * 1000;
    if (path === undefined || path === SETTINGS || at > now || at <= (newest?.at ?? 0)) continue;
    newest = { at, path };
  }
  return newest?.path;
}
