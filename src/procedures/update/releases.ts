import type { Operation } from '../../engine/operation.ts';
import type { Host } from '../../host/host.ts';
import { asAccount } from '../../host/shell.ts';
import { command } from '../../operations/command.ts';
import { removeFolder } from '../../operations/remove-folder.ts';
import { databasePrograms } from '../../site/database-programs.ts';
import { git } from '../../site/git.ts';
import { CHECKOUT, RELEASES, SITE_USER, STAGE, VENV, WWW } from '../../site/layout.ts';
import { VIRTUALENV_NAME } from '../../site/releases.ts';
import { databaseState } from './database-state.ts';
import { unstage } from './stage.ts';
import { type Kept, parsedKept, type Way } from './state.ts';

/** The name of a kept release, by its time and commit: whatever else stands there is not the product's to delete. */
const NAME = /^\d{14}-[0-9a-f]{12}$/;

/** Releases that stay besides the one that serves. */
const MOST = 3;

/** @returns the absolute path of a kept release's dump */
export function dumpOf(name: string): string {
  return `${RELEASES}/${name}/database.dump`;
}

/** A release that is kept, and when its dump was made: milliseconds since the epoch. */
interface Found extends Kept {
  readonly name: string;
  readonly at: number;
}

/** @returns what is kept, the newest first: names begin with their time */
export async function keptReleases(host: Host): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const name of await host.list(RELEASES)) {
    const kept = parsedKept((await host.read(`${RELEASES}/${name}/release.json`)) ?? '');
    const dump = await host.status(dumpOf(name));
    if (kept !== undefined && dump !== undefined) found.push({ ...kept, name, at: dump.modified });
  }
  return found.reverse();
}

/** Keeps what the site is now: its database, and what commit and virtualenv it has. */
export function keptRelease(id: string, { from, kept, applied, back }: Way): Operation {
  const folder = `${RELEASES}/${kept}`;
  const left = back === undefined ? {} : ({ left: true } as const);
  return command({
    id,
    // Without the name of the folder: it is another one with each look, and nothing that an operator agrees to.
    title: `a dump of the database, in ${RELEASES}`,
    shell: ['pg_dump --format=custom …'],
    touches: [folder],
    missing: async (host) =>
      (await host.status(`${folder}/release.json`)) === undefined ? 'not dumped yet' : undefined,
    async apply(live) {
      await live.makeFolder(RELEASES, { mode: 0o700, owner: 'root' });
      await live.run(['rm', '-rf', '--', folder]);
      await live.makeFolder(folder, { mode: 0o700, owner: 'root' });
      // Before the dump: what is written meanwhile counts as written since.
      const { writes } = await databaseState(live);
      await (await databasePrograms(live)).dump(dumpOf(kept));
      // So that git keeps the commit, whatever becomes of the branches.
      await live.run(git(CHECKOUT, 'update-ref', refOf(kept), from.commit), { as: SITE_USER });
      const release: Kept = { ...from, applied, writes, ...left };
      await live.write(`${folder}/release.json`, `${JSON.stringify(release)}\n`, {
        mode: 0o600,
        owner: 'root',
      });
    },
  });
}

function refOf(name: string): string {
  return `refs/studio-setup/${name}`;
}

/**
 * Takes away what an update worked with, and releases that are older than the newest three; of the virtualenvs, those that
 * neither the site nor a kept release has.
 * @param gone name of a release that is kept no longer
 */
export function tidied(id: string, gone: string | undefined, after: string): Operation {
  return command({
    id,
    title: `keep the last ${MOST} releases`,
    shell: [asAccount(SITE_USER, `git -C ${CHECKOUT} worktree remove --force ${STAGE}`)],
    async missing(host) {
      if (host.willChange(after)) return { later: 'after the proof' };
      const { releases, virtualenvs } = await superfluous(host, gone);
      const staged = (await host.status(STAGE)) === undefined ? [] : [STAGE];
      return [...staged, ...releases, ...virtualenvs].join(', ') || undefined;
    },
    async apply(live) {
      const { releases, virtualenvs } = await superfluous(live, gone);
      await unstage(live);
      for (const name of virtualenvs) await removeFolder(live, `${WWW}/${name}`);
      for (const name of releases) {
        await live.run(git(CHECKOUT, 'update-ref', '-d', refOf(name)), { as: SITE_USER });
        await live.run(['rm', '-rf', '--', `${RELEASES}/${name}`]);
      }
    },
  });
}

async function superfluous(
  host: Host,
  gone: string | undefined,
): Promise<{ readonly releases: readonly string[]; readonly virtualenvs: readonly string[] }> {
  const staying = (await keptReleases(host)).filter(({ name }) => name !== gone).slice(0, MOST);
  const names = staying.map(({ name }) => name);
  const used = [(await host.status(VENV))?.target, ...staying.map(({ virtualenv }) => virtualenv)];
  return {
    releases: (await host.list(RELEASES)).filter((name) => NAME.test(name) && !names.includes(name)),
    virtualenvs: (await host.list(WWW)).filter((name) => VIRTUALENV_NAME.test(name) && !used.includes(name)),
  };
}
