import { readFileSync } from 'node:fs';
import { accept } from '../answers/values.ts';
import type { Session } from '../app/session.ts';
import { UsageError } from '../app/usage.ts';
import { PASSWORD, REPOSITORY } from '../backup/questions.ts';
import {
  type RepositorySettings,
  readSettings,
  refusedLine,
  repositorySettings,
} from '../backup/settings.ts';
import { Secret } from '../output/secret.ts';
import { asked } from './asked.ts';

/** How a repository is named on the command line. */
export interface RepositoryOptions {
  readonly repository?: string;
  readonly passwordFile?: string;
  readonly environmentFile?: string;
}

/**
 * @param command as typed so far, without the product's name
 * @returns the repository that was named, else the one that was set up; `undefined` for none
 * @throws UsageError for an address that restic does not take, a file that can't be read, or a password that nobody is there to give
 */
export async function wantedRepository(
  session: Session,
  { repository, passwordFile, environmentFile }: RepositoryOptions,
  command: string,
): Promise<RepositorySettings | undefined> {
  if (repository === undefined) {
    if (passwordFile === undefined && environmentFile === undefined)
      return (await readSettings(session.host)).repository;
    throw new UsageError({
      what: '--password-file and --environment-file belong to a repository, and none is named. Nothing was changed.',
      remedy: `Name it: studio-setup ${command} --repository ADDRESS --password-file FILE`,
    });
  }
  const address = accept(REPOSITORY, repository);
  if ('refused' in address)
    throw new UsageError({
      what: `This is no address of a repository. Nothing was changed.`,
      remedy: address.refused,
    });
  const password =
    passwordFile === undefined
      ? await asked(session, PASSWORD, {
          what: 'A repository has a password, and nobody is there to ask. Nothing was changed.',
          remedy: `Name a file with it, for root only: studio-setup ${command} --repository ADDRESS --password-file FILE`,
        })
      : // As restic reads it: without the blanks around it (its manual, "--password-file").
        textOf(passwordFile).trim();
  if (password === '')
    throw new UsageError({
      what: `There is no password in ${passwordFile}. Nothing was changed.`,
      remedy: 'Write it into the file, on one line.',
    });
  return repositorySettings(repository, password, environmentOf(environmentFile));
}

function environmentOf(file: string | undefined): readonly string[] {
  if (file === undefined) return [];
  const lines = textOf(file)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  for (const line of lines) {
    new Secret(line.slice(line.indexOf('=') + 1));
    const refused = refusedLine(line);
    if (refused !== undefined)
      throw new UsageError({
        what: `${file}: ${refused} Nothing was changed.`,
        remedy: 'Correct that line.',
      });
  }
  return lines;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError({
      what: `${file} can't be read: ${error instanceof Error ? error.message : String(error)}. Nothing was changed.`,
      remedy: 'Name a file that is there.',
    });
  }
}
