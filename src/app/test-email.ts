import { hostname } from 'node:os';
import type { Question } from '../answers/question.ts';
import { savedAnswers } from '../answers/saved.ts';
import { ProblemError } from '../output/problem.ts';
import { mailAddress } from '../site/mail-address.ts';
import { emailProblem, sendTestEmail, type TestEmail } from '../site/test-email.ts';
import { namesOnHost } from '../site/vhost.ts';
import type { Session } from './session.ts';

/** Who gets the message. */
export const RECIPIENT: Question = {
  id: 'address',
  label: 'Recipient',
  help: 'The e-mail address that gets the test message. The site sends it with the same settings as all its e-mail.',
  kind: 'text',
  validate: mailAddress,
};

/** @returns the operator's own address, as an earlier answer tells it */
export function usualRecipient({ ledger }: Session): string | undefined {
  const saved = savedAnswers(ledger);
  const given = [saved.get('admin.email'), saved.get('certificate.email')];
  return given.flatMap((each) => (each?.kind === 'value' ? [each.value] : [])).find(isText);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** Has the site send a message. @throws ProblemError when it was not taken, with the mail server's answer and what to do */
export async function testEmail(session: Session, address: string): Promise<TestEmail> {
  await session.learnSecrets();
  const from = (await namesOnHost(session.host))?.domain ?? hostname();
  const email = await sendTestEmail(session.host, address, from);
  if (email.failed !== undefined) throw new ProblemError(emailProblem(email, email.failed));
  return email;
}
