import { Answers } from '../answers/answers.ts';
import { accept } from '../answers/values.ts';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import type { Session } from '../app/session.ts';
import { testEmail, usualRecipient } from '../app/test-email.ts';
import { RECIPIENT } from '../app/test-recipient.ts';
import { UsageError } from '../app/usage.ts';
import { clean } from '../output/clean.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { wrap } from '../output/wrap.ts';
import { sentLines } from '../site/test-email.ts';

/** Sends one message with the site's own settings, and says what the mail server answered. Changes nothing on the host. */
export async function testEmailCommand(session: Session, typed: string | undefined): Promise<ExitCode> {
  const address = typed === undefined ? await asked(session) : checked(typed);
  const email = await testEmail(session, address);
  if (session.options.json) writeRecord({ type: 'email', ...email });
  else {
    const [first = '', ...rest] = sentLines(email).map(clean);
    print(
      ...wrap(first, { first: `${styled('green', '✓')} `, rest: '  ' }),
      ...rest.flatMap((line) => wrap(line, { first: '  ', rest: '  ' })),
    );
  }
  return EXIT.asWanted;
}

function checked(typed: string): string {
  const accepted = accept(RECIPIENT, typed);
  if ('value' in accepted && typeof accepted.value === 'string') return accepted.value;
  throw new UsageError({
    what: `${JSON.stringify(typed)}: ${'refused' in accepted ? accepted.refused : ''} Nothing was sent.`,
    remedy: 'Give the address that is to get the message: studio-setup test-email you@example.org',
  });
}

async function asked(session: Session): Promise<string> {
  const asker = await session.asker();
  if (asker === undefined)
    throw new UsageError({
      what: 'test-email needs an address, and there is no terminal to ask in. Nothing was sent.',
      remedy: 'Give the address that is to get the message: studio-setup test-email you@example.org',
    });
  const given = await asker.ask(RECIPIENT, new Answers(), usualRecipient(session));
  return given.kind === 'value' && typeof given.value === 'string' ? given.value : '';
}
