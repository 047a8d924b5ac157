import { existsSync } from 'node:fs';
import path from 'node:path';
import { Answers } from '../answers/answers.ts';
import type { Question } from '../answers/question.ts';
import type { Session } from '../app/session.ts';
import { UsageError } from '../app/usage.ts';

const IDENTITY: Question = {
  id: 'identity',
  label: 'Key that opens the archive',
  help: 'The file that age-keygen wrote. It is read, and not kept: bring it for this, on a stick or into /run, and take it away again.',
  kind: 'text',
};

/**
 * @param typed the archive @param key the file of its key; asked for when absent
 * @param command as typed so far, without the product's name
 * @returns absolute paths of files that are there @throws UsageError when one is not
 */
export async function archiveAndIdentity(
  session: Session,
  typed: string,
  key: string | undefined,
  command: string,
): Promise<{ readonly archive: string; readonly identity: string }> {
  const unattended = {
    what: 'To open an archive takes its key, and nobody is there to ask. Nothing was changed.',
    remedy: `Name the file of the key: studio-setup ${command} --identity FILE`,
  };
  const archive = path.resolve(typed);
  refuseMissing(archive, 'Name an archive that there is: studio-setup backup list');
  const identity = path.resolve(key ?? (await asked(session, IDENTITY, unattended)));
  refuseMissing(identity, unattended.remedy);
  return { archive, identity };
}

/** @throws UsageError when nobody is there to ask */
export async function asked(
  session: Session,
  question: Question,
  unattended: { readonly what: string; readonly remedy: string },
): Promise<string> {
  if (!session.interactive) throw new UsageError(unattended);
  const { prompter } = await import('../prompts/prompts.ts');
  const { ask } = await prompter(session.host, session.signal);
  const given = await ask(question, new Answers(), undefined);
  return given.kind === 'value' && typeof given.value === 'string' ? given.value : '';
}

function refuseMissing(file: string, remedy: string): void {
  if (existsSync(file)) return;
  throw new UsageError({ what: `There is no file ${file}. Nothing was changed.`, remedy });
}
