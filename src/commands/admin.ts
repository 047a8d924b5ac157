import { Answers } from '../answers/answers.ts';
import type { Question } from '../answers/question.ts';
import { accept } from '../answers/values.ts';
import {
  ACCOUNTS,
  administratorNodes,
  loginAddress,
  type WantedAdministrator,
} from '../app/administrator.ts';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { isWhole } from '../app/transact.ts';
import { UsageError } from '../app/usage.ts';
import { withLock } from '../app/with-lock.ts';
import { plan } from '../engine/plan.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { NoAnswer } from '../output/problem.ts';
import { Secret } from '../output/secret.ts';
import type { Asker } from '../prompts/asker.ts';
import { planText } from '../reporters/plan-text.ts';
import { entriesOf } from '../reporters/plan-view.ts';
import {
  type Administrator,
  administrators,
  EMAIL,
  madePassword,
  PASSWORD,
  USERNAME,
} from '../site/administrator.ts';
import { finishOpen } from './procedure.ts';
import { agreed, carriedOut } from './reviewed.ts';

/** What was typed. */
export interface AdminOptions {
  readonly email?: string;
  readonly generate: boolean;
}

/**
 * Makes an administrator, or gives one a new password: typed twice, or made and shown once. It reaches Django by standard
 * input, and stands in no log.
 */
export async function adminCommand(
  session: Session,
  typed: string | undefined,
  options: AdminOptions,
  stop: Stop,
): Promise<ExitCode> {
  const { wanted, made } = await wantedOf(session, typed, options);
  const command = `admin ${wanted.username}`;
  return withLock(session, command, async () => {
    if (!isWhole(await finishOpen(session, stop))) return EXIT.failed;
    const { json } = session.options;
    const nodes = await administratorNodes(session.host, wanted);
    const entries = entriesOf(await plan(nodes, session.host));
    if (json) entries.forEach(writeRecord);
    else print(...planText(entries, [ACCOUNTS], { diff: false }), '');
    if (!(await agreed(session, 'Do it now?'))) return EXIT.interrupted;
    const code = await carriedOut(session, nodes, stop, command);
    if (code === EXIT.asWanted) await tell(session, wanted, made);
    return code;
  });
}

/** A password that was made is shown here, once: past the funnel, which masks it everywhere else. */
async function tell(
  session: Session,
  { username, password }: WantedAdministrator,
  made: boolean,
): Promise<void> {
  const address = await loginAddress(session);
  if (session.options.json) {
    const record = { v: 1, type: 'administrator', username, address };
    process.stdout.write(`${JSON.stringify(made ? { ...record, password: password.reveal() } : record)}\n`);
    return;
  }
  print('', styled('green', `${username} can log in now: ${address}`));
  if (made)
    process.stdout.write(
      `Password: ${password.reveal()}\nIt is shown this once, and kept nowhere: write it down.\n`,
    );
}

async function wantedOf(
  session: Session,
  typed: string | undefined,
  { email, generate }: AdminOptions,
): Promise<{ readonly wanted: WantedAdministrator; readonly made: boolean }> {
  const given = { username: typed, email };
  for (const [question, value] of [
    [USERNAME, typed],
    [EMAIL, email],
  ] as const)
    refuse(question, value);
  const asker = await session.asker();
  if (asker === undefined) {
    if (typed === undefined || !generate)
      throw new UsageError({
        what: 'admin needs a login name and a password, and nobody is there to ask. Nothing was changed.',
        remedy: 'Have the password generated and printed: studio-setup admin NAME --generate --yes',
      });
    const password = new Secret(madePassword());
    return { wanted: { username: typed, email: email ?? '', password }, made: true };
  }
  return asked(session, asker, given, generate);
}

async function asked(
  session: Session,
  { ask }: Asker,
  given: { readonly username: string | undefined; readonly email: string | undefined },
  generate: boolean,
) {
  const { all } = await administrators(session.host);
  const text = async (question: Question, suggestion?: string) => {
    const answer = await ask(question, new Answers(), suggestion);
    return answer.kind === 'value' && typeof answer.value === 'string' ? answer.value : '';
  };
  const username = given.username ?? (await text(USERNAME, all[0]?.username ?? 'admin'));
  const email = given.email ?? (await text(EMAIL, emailOf(all, username)));
  if (generate) return { wanted: { username, email, password: new Secret(madePassword()) }, made: true };
  // Left empty, one is made and shown there and then.
  const answer = await ask(PASSWORD, new Answers(), undefined);
  if (answer.kind !== 'value' || !(answer.value instanceof Secret)) throw new NoAnswer(PASSWORD.id);
  return { wanted: { username, email, password: answer.value }, made: false };
}

function emailOf(all: readonly Administrator[], username: string): string | undefined {
  return all.find((each) => each.username === username)?.email || undefined;
}

function refuse(question: Question, value: string | undefined): void {
  const accepted = value === undefined ? undefined : accept(question, value);
  if (accepted !== undefined && 'refused' in accepted)
    throw new UsageError({
      what: `${question.label} ${JSON.stringify(value)}: ${accepted.refused} Nothing was changed.`,
      remedy: 'For example: studio-setup admin anna --email anna@example.org',
    });
}
