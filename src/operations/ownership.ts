import { isLater, type Operation } from '../engine/operation.ts';
import type { Host, LiveHost } from '../host/host.ts';
import { KEPT } from '../host/output.ts';
import type { Rights } from '../host/rights.ts';
import { quote, shellOf } from '../host/shell.ts';
import { SITE_USER } from '../site/layout.ts';
import { find, foreign, placeOf } from './site-trees.ts';

export interface Ownership extends Pick<Operation, 'id' | 'title' | 'after' | 'covers'> {
  readonly path: string;
  /** find(1) tests that an entry which is not up to date meets, e.g. `['-type', 'd', '!', '-perm', '-2000']`. */
  readonly wrong: readonly string[];
  /** @returns whether a look at several trees, this among them, found all up to date: then this one need not be looked at alone */
  readonly inOrder?: (host: Host) => Promise<boolean>;
  /** @returns what such an entry is to be */
  readonly fixed: (now: Rights) => Rights;
  /** The same for the exported script: carried out by find(1) in the folder of each, and never through a link. */
  readonly fix: readonly string[];
  /** The same as the document types it. */
  readonly shell: readonly string[];
}

/** Rights of a whole tree. Only what is wrong is touched, so that a second run touches nothing. */
export function ownership(wanted: Ownership): Operation {
  // From inside each folder: www-data could swap a folder on the way for a link while root walks.
  const find = ['find', wanted.path, ...wanted.wrong, '-execdir', ...wanted.fix, '{}', '+'];
  return {
    id: wanted.id,
    title: wanted.title,
    script: [`[ ! -e ${quote(wanted.path)} ] || ${shellOf(find)}`],
    ...(wanted.after ? { after: wanted.after } : {}),
    ...(wanted.covers ? { covers: wanted.covers } : {}),
    async nothingYet(host) {
      return (await host.status(wanted.path)) === undefined;
    },
    ...(wanted.inOrder ? { early: wanted.inOrder } : {}),
    async observe(host) {
      // What is not there yet will be made as www-data, and so with the right owner from the start.
      if ((await host.status(wanted.path)) === undefined) return undefined;
      if (await wanted.inOrder?.(host)) return undefined;
      const path = await placeOf(host, wanted.path);
      const first = await firstWrong(host, { ...wanted, path });
      if (first === undefined) return undefined;
      return {
        kind: 'update',
        summary: `${wanted.title} (${first})`,
        shell: wanted.shell,
        async apply(live) {
          // A hundred thousand uploads are more than is kept of one answer: its end is corrected, and the rest asked for again.
          for (let before: string | undefined, whole = false; !whole; ) {
            const now = await rightsNow(live, { ...wanted, path });
            const first = now.rights[0]?.[0];
            // Where it had no effect it has none a second time either.
            whole = now.whole || first === before;
            before = first;
            await live.setRights(path, now.rights.map(wanted.fixed));
          }
        },
      };
    },
  };
}

/** What is wrong, as it is; `whole`: all of it. */
async function rightsNow(
  host: Host,
  { path, wrong }: Ownership,
): Promise<{ readonly rights: readonly Rights[]; readonly whole: boolean }> {
  const stdout = await find(host, [path, ...wrong, '-printf', '%u:%g %m %p\\0']);
  const whole = Buffer.byteLength(stdout) < KEPT;
  // Of a longer answer the first record may lack its beginning.
  const records = stdout.split('\0').slice(whole ? 0 : 1);
  const rights = records.flatMap((line): Rights[] => {
    const [, owner, mode, file] = /^(\S+) (\d+) (\/[\s\S]*)$/.exec(line) ?? [];
    return owner === undefined || mode === undefined || file === undefined
      ? []
      : [[file, owner, Number.parseInt(mode, 8)]];
  });
  return { rights, whole };
}

async function firstWrong(host: Host, wanted: Ownership): Promise<string | undefined> {
  const words = [wanted.path, ...wanted.wrong, '-print', '-quit'];
  // Two sections ask it of the same tree.
  const stdout = await host.once(`find ${words.join(' ')}`, () => find(host, words));
  return stdout.split('\n')[0] || undefined;
}

/**
 * @param wanted whose entries are given: with `wrong` those that meet it, else all of other accounts and groups
 * @returns an operation for `chown -R owner:group path`, as www-data's services need it.
 */
export function ownedBy(
  owner: string,
  group: string,
  wanted: Pick<Ownership, 'id' | 'after' | 'covers' | 'path' | 'inOrder'> & Partial<Pick<Ownership, 'wrong'>>,
): Operation {
  return ownership({
    wrong: foreign(owner, group),
    ...wanted,
    title: `${wanted.path} belongs to ${owner}`,
    fixed: ([file, , mode]) => [file, `${owner}:${group}`, mode],
    fix: ['chown', '--no-dereference', `${owner}:${group}`],
    shell: [`chown ${owner}:${group} -R ${quote(wanted.path)}`],
  });
}

/**
 * Gives the site's account what is not its own in a folder of its own: what root ran there by hand, such as `manage.py`, pip, poetry
 * or Meilisearch, leaves files that the account can neither change nor remove.
 * @param folder absolute path, which need not be there
 */
export async function giveToSite(live: LiveHost, folder: string): Promise<void> {
  const foreign = await ownedBy(SITE_USER, SITE_USER, { id: 'give/owner', path: folder }).observe(live);
  if (foreign !== undefined && !isLater(foreign)) await foreign.apply(live);
}
