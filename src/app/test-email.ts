import { hostname } from 'node:os';
import { savedAnswers } from '../answers/saved.ts';
import { ProblemError } from '../output/problem.ts';
import { emailProblem, sendTestEmail, type TestEmail } from '../site/test-email.ts';
import { namesOnHost } from '../site/vhost.ts';
import type { Session } from './session.ts';

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
