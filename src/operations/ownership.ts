import type { Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { KEPT } from '../host/process.ts';
import type { Rights } from '../host/rights.ts';
import { quote, shellOf } from '../host/shell.ts';
import { throughLinksOfRoot } from '../host/trusted-path.ts';
import { ProblemError } from '../output/problem.ts';
import { madeBeside } from '../site/releases.ts';

export interface Ownership extends Pick<Operation, 'id' | 'title' | 'after' | 'covers'> {
  readonly path: string;
  /** find(1) tests that an entry which is not up to date meets, e.g. `['-type', 'd', '!', '-perm', '-2000']`. */
  readonly wrong: readonly string[];
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
    async observe(host) {
      // What is not there yet will be made as www-data, and so with the right owner from the start.
      if ((await host.status(wanted.path)) === undefined) return undefined;
      // find(1) does not go through a link that it is given.
      const path = await madeBeside(host, await throughLinksOfRoot(host, wanted.path));
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

/** @throws ProblemError when it could not look everywhere: what it did not see is not therefore up to date */
async function find(host: Host, words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await host.query(['find', ...words], { quiet: true });
  // What goes while find looks (an upload, byte code) is not wrong any more.
  const said = stderr.split('\n').filter((line) => line !== '' && !/: No such file or directory$/.test(line));
  if (code === 0 || (code === 1 && said.length === 0)) return stdout;
  throw new ProblemError({
    what: `The owners and modes in ${words[0]} could not be read: ${said[0] ?? `find ended with exit code ${code}`}`,
    remedy: 'Fix the cause, then run again. Nothing was changed there.',
  });
}

/** @returns an operation for `chown -R owner:group path`, as www-data's services need it. */
export function ownedBy(
  owner: string,
  group: string,
  wanted: Pick<Ownership, 'id' | 'after' | 'covers' | 'path'>,
): Operation {
  return ownership({
    ...wanted,
    title: `${wanted.path} belongs to ${owner}`,
    wrong: ['(', '!', '-user', owner, '-o', '!', '-group', group, ')'],
    fixed: ([file, , mode]) => [file, `${owner}:${group}`, mode],
    fix: ['chown', '--no-dereference', `${owner}:${group}`],
    shell: [`chown ${owner}:${group} -R ${quote(wanted.path)}`],
  });
}
