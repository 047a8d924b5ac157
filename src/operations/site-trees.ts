import type { Host } from '../host/host.ts';
import { throughLinksOfRoot } from '../host/trusted-path.ts';
import { ProblemError } from '../output/problem.ts';
import { CHECKOUT, CONFIG, MEILISEARCH_DATA, SITE_USER, VENV, WWW } from '../site/layout.ts';
import { madeBeside } from '../site/releases.ts';

/** Tests of find(1) that a folder which is not up to date meets. */
export const OTHER_GROUP: readonly string[] = ['-type', 'd', '!', '-group', SITE_USER];
export const NOT_INHERITING: readonly string[] = ['-type', 'd', '!', '-perm', '-2000'];

/** @returns tests that an entry of another account, or group, meets */
export function foreign(owner: string, group: string): readonly string[] {
  return ['(', '!', '-user', owner, '-o', '!', '-group', group, ')'];
}

/** find(1) does not go through a link that it is given. @returns where a folder of the site really is */
export async function placeOf(host: Host, path: string): Promise<string> {
  return madeBeside(host, await throughLinksOfRoot(host, path));
}

/**
 * Looks once for all that sections ask of the trees of the site: each alone would walk through the same folders.
 * @returns whether every entry of checkout, configuration, virtualenv and search data belongs to the site's account, and every
 *   folder of the site has its group and hands it on; `false` where that is not so, or could not be told: then each has to look
 */
export function treesInOrder(host: Host): Promise<boolean> {
  return host.once('site-trees', async () => {
    // Not every server has the search engine.
    const data = (await host.status(MEILISEARCH_DATA)) === undefined ? [] : [MEILISEARCH_DATA];
    const [www = WWW, ...owned] = await Promise.all(
      [WWW, CHECKOUT, CONFIG, VENV, ...data].map((path) => placeOf(host, path)),
    );
    const there = await Promise.all([www, ...owned].map((path) => host.status(path)));
    if (there.includes(undefined)) return false;
    // Those would be patterns to find(1).
    if (owned.some((path) => /[*?[\\]/.test(path))) return false;
    const folders = ['(', ...OTHER_GROUP, '-o', ...NOT_INHERITING, ')'];
    const pruned = owned.flatMap((path, index) => [...(index === 0 ? [] : ['-o']), '-path', path]);
    const looks = [
      [...owned, '(', ...foreign(SITE_USER, SITE_USER), '-o', ...folders, ')'],
      [www, '(', ...pruned, ')', '-prune', '-o', ...folders],
    ];
    try {
      const found = await Promise.all(looks.map((words) => find(host, [...words, '-print', '-quit'])));
      return found.join('') === '';
    } catch (error) {
      // Who looks alone says what it is.
      if (error instanceof ProblemError) return false;
      throw error;
    }
  });
}

/** @throws ProblemError when it could not look everywhere: what it did not see is not therefore up to date */
export async function find(host: Host, words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await host.query(['find', ...words], { quiet: true });
  // What goes while find looks (an upload, byte code) is not wrong any more.
  const said = stderr.split('\n').filter((line) => line !== '' && !/: No such file or directory$/.test(line));
  if (code === 0 || (code === 1 && said.length === 0)) return stdout;
  throw new ProblemError({
    what: `The owners and modes in ${words[0]} could not be read: ${said[0] ?? `find ended with exit code ${code}`}`,
    remedy: 'Fix the cause, then run again. Nothing was changed there.',
  });
}
