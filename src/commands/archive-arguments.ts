import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Question } from '../answers/question.ts';
import type { Session } from '../app/session.ts';
import { UsageError } from '../app/usage.ts';
import { Repository } from '../backup/restic.ts';
import { archiveAt, SNAPSHOT_PREFIX, snapshotIn } from '../backup/source.ts';
import type { Source } from '../backup/verify.ts';
import { asked } from './asked.ts';
import { type RepositoryOptions, wantedRepository } from './repository-arguments.ts';

const IDENTITY: Question = {
  id: 'identity',
  label: 'Key that opens the archive',
  help: 'The file that age-keygen wrote. It is read, and not kept: bring it for this, on a stick or into /run, and take it away again.',
  kind: 'text',
};

/** What opens a backup. */
export interface OpeningOptions extends RepositoryOptions {
  /** The file of an archive's key; asked for when absent. */
  readonly identity?: string;
}

/**
 * @param typed path of an archive, or `restic:latest`, `restic:ID`
 * @param command as typed so far, without the product's name
 * @throws UsageError when a file is not there, or nobody is there to ask
 */
export async function wantedSource(
  session: Session,
  typed: string,
  options: OpeningOptions,
  command: string,
): Promise<Source> {
  if (!typed.startsWith(SNAPSHOT_PREFIX)) return archiveSource(session, typed, options.identity, command);
  const wanted = typed.slice(SNAPSHOT_PREFIX.length);
  if (!/^(latest|[\da-f]{4,64})$/.test(wanted))
    throw new UsageError({
      what: `${typed} names no backup in a repository. Nothing was changed.`,
      remedy: `It is ${SNAPSHOT_PREFIX}latest, or ${SNAPSHOT_PREFIX} with at least four digits of an id: studio-setup backup list`,
    });
  const repository = await wantedRepository(session, options, command);
  if (repository === undefined)
    throw new UsageError({
      what: 'No repository is set up on this server, and none is named. Nothing was changed.',
      remedy: `Name it: studio-setup ${command} --repository ADDRESS --password-file FILE`,
    });
  return snapshotIn(new Repository(repository), wanted);
}

async function archiveSource(
  session: Session,
  typed: string,
  key: string | undefined,
  command: string,
): Promise<Source> {
  const unattended = {
    what: 'To open an archive takes its key, and nobody is there to ask. Nothing was changed.',
    remedy: `Name the file of the key: studio-setup ${command} --identity FILE`,
  };
  const archive = path.resolve(typed);
  refuseMissing(archive, 'Name an archive that there is: studio-setup backup list');
  const identity = path.resolve(key ?? (await asked(session, IDENTITY, unattended)));
  refuseMissing(identity, unattended.remedy);
  return archiveAt(archive, identity);
}

function refuseMissing(file: string, remedy: string): void {
  if (existsSync(file)) return;
  throw new UsageError({ what: `There is no file ${file}. Nothing was changed.`, remedy });
}
