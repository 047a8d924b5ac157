import { template } from '../../../templates/index.ts';
import type { Operation } from '../../engine/operation.ts';
import type { Host, LiveHost } from '../../host/host.ts';
import { command } from '../../operations/command.ts';
import { ProblemError } from '../../output/problem.ts';
import { databasePrograms } from '../../site/database-programs.ts';
import { STAGE } from '../../site/layout.ts';
import { databaseState } from './database-state.ts';
import { dumpOf } from './releases.ts';
import { named } from './repository.ts';
import { askManage, askStaged, doStaged, manageStaged } from './stage.ts';
import type { Release } from './state.ts';

/** What code knows of migrations. */
export interface Migrations {
  /** Those that the database lacks. */
  readonly planned: readonly string[];
  /** Those that it has and had not in the earlier state. */
  readonly since: readonly string[];
  /** Of both, those without a way back. */
  readonly lasting: readonly string[];
  /** Of both, those between whose two states code of the one does not work with tables of the other. */
  readonly disruptive: readonly string[];
}

/** @returns what has no way back of the migrations that would be taken back, in words; `undefined` when all have one */
function lastingWords({ lasting, planned, since }: Migrations): string | undefined {
  const concerned = lasting.filter((each) => planned.includes(each) || since.includes(each));
  return concerned.length === 0 ? undefined : named(concerned);
}

/**
 * The new code on this server, before the site has it: it starts with the site's settings, passes its own checks, knows what
 * to do with the database, and everything it does there can be taken back.
 * @param restore the operator said that the database may be put back from its dump
 */
export function checkedCode(
  id: string,
  release: Release,
  applied: readonly string[],
  restore: boolean,
): Operation {
  const title = 'the new code starts, and passes its checks';
  return {
    id,
    title,
    async observe(host) {
      if (host.willChange(STAGE) || (await host.status(STAGE)) === undefined)
        return { later: 'needs the new code', summary: title, shell: [], proves: true };
      const migrations = await plannedBy(host, release, applied);
      const check = await askManage(host, release, 'check');
      if (check.code !== 0)
        throw new ProblemError({
          what: `manage.py check fails with the code of ${release.commit.slice(0, 12)} (exit code ${check.code}). The site runs as before.`,
          remedy: 'Fix what it names, in settings.py or in the code, then update again.',
          detail: check.stderr.split('\n').filter(Boolean).slice(-20),
        });
      const lasting = lastingWords(migrations);
      if (lasting === undefined || restore) return undefined;
      throw new ProblemError({
        what: `These migrations have no way back: ${lasting}. If the update failed after them, only the dump that is made right before them could bring the database back, without what visitors write in between: some seconds, or as long as the migrations take. The site runs as before.`,
        remedy: 'If that may be: the same command with --restore-database',
      });
    },
  };
}

/** @returns what the code of a release, beside the site, knows of migrations @throws ProblemError when it can't tell */
export function plannedBy(host: Host, release: Release, applied: readonly string[]): Promise<Migrations> {
  const values = { applied: applied.join(' ') };
  return host.once(`migrations:${release.commit}:${values.applied}`, () =>
    askStaged<Migrations>(host, release, values, template('python/migrations.py')),
  );
}

/** The database has what the new code wants; the old code still serves. */
export function migrated(id: string, release: Release): Operation {
  return command({
    id,
    title: 'manage.py migrate',
    shell: ['manage.py migrate --no-input'],
    touches: ['database'],
    async missing(host) {
      if (host.willChange(STAGE) || (await host.status(STAGE)) === undefined)
        return { later: 'needs the new code' };
      const { planned } = await plannedBy(host, release, []);
      return planned.length === 0 ? undefined : named(planned);
    },
    apply: (live) => manageStaged(live, release, 'migrate', '--no-input'),
  });
}

export interface DatabaseBack {
  readonly id: string;
  /** Migrations of the state that it goes to. */
  readonly applied: readonly string[];
  /** The kept release whose dump is of that state. */
  readonly dump: string;
  /** The newer release, whose code takes its migrations back; absent: the dump is taken. */
  readonly by?: Release;
  /** Whether the dump may be taken where the code can't. */
  readonly restore: boolean;
}

/** The database is that of an earlier state: by the migrations' own way back, else by its dump. */
export function databaseBack({ id, applied, dump, by, restore }: DatabaseBack): Operation {
  return command({
    id,
    title: 'the database of before',
    shell: ['manage.py migrate APP MIGRATION', `pg_restore ${dumpOf(dump)}`],
    touches: ['database'],
    async missing(host) {
      if (host.willChange(STAGE) && by !== undefined) return { later: 'after the old code' };
      return difference((await databaseState(host)).applied, applied);
    },
    async apply(live) {
      if (by !== undefined && (await takenBack(live, by, applied, restore))) return;
      if ((await live.status(dumpOf(dump))) === undefined)
        throw new ProblemError({
          what: `${dumpOf(dump)} is gone: the database can't be put back.`,
          remedy: 'Put a dump of the database there, then start the same command again.',
        });
      live.warn('The database is put back from its dump: what was written since is lost.');
      await (await databasePrograms(live)).restore(dumpOf(dump));
    },
  });
}

/** @returns which migrations differ, in words; `undefined` when none does */
export function difference(now: readonly string[], wanted: readonly string[]): string | undefined {
  const more = now.filter((each) => !wanted.includes(each));
  const less = wanted.filter((each) => !now.includes(each));
  return more.length + less.length === 0 ? undefined : named([...more, ...less]);
}

/** @returns whether the code took its migrations back @throws ProblemError when it can't and the dump may not be taken */
async function takenBack(
  live: LiveHost,
  by: Release,
  applied: readonly string[],
  restore: boolean,
): Promise<boolean> {
  try {
    const migrations = await plannedBy(live, by, applied);
    const lasting = migrations.since.filter((each) => migrations.lasting.includes(each));
    if (lasting.length > 0)
      throw new ProblemError({
        what: `These migrations have no way back: ${named(lasting)}.`,
        remedy: WITH_DUMP,
      });
    await doStaged(live, by, { applied: applied.join(' ') }, template('python/migrate_back.py'));
    return true;
  } catch (error) {
    if (restore && error instanceof ProblemError && !live.signal.aborted) {
      live.warn(`The migrations can't be taken back: ${error.problem.what}`);
      return false;
    }
    if (error instanceof ProblemError) throw new ProblemError({ ...error.problem, remedy: WITH_DUMP });
    throw error;
  }
}

const WITH_DUMP =
  'The database can be put back from its dump; what was written since is lost. If that may be: studio-setup update --restore-database';
