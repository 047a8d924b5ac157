import type { ExitCode } from '../app/exit-code.ts';
import { openProcedures } from '../app/pending.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { namesOnHost } from '../site/vhost.ts';
import { kindOf, procedureCommand } from './procedure.ts';

/** What was typed; names are as DNS has them. */
export interface NewDomain {
  readonly name: string;
  readonly old?: 'redirect' | 'remove';
  readonly extra?: readonly string[];
}

/** Gives the live site another domain. What becomes of the old one is asked on a terminal; else it redirects to the new one. */
export async function changeDomainCommand(
  session: Session,
  { name, old, extra }: NewDomain,
  stop: Stop,
): Promise<ExitCode> {
  const becomes = old ?? (await askedOld(session, name));
  return procedureCommand(
    session,
    await kindOf(session, 'change-domain'),
    {
      domain: name,
      ...(becomes === undefined ? {} : { old: becomes }),
      ...(extra === undefined ? {} : { extra: extra.join(' ') }),
    },
    stop,
  );
}

async function askedOld(session: Session, domain: string): Promise<NewDomain['old']> {
  if (!session.interactive || (await openProcedures(session)).length > 0) return undefined;
  const now = (await namesOnHost(session.host))?.domain;
  if (now === undefined || now === domain) return undefined;
  const { chosen } = await import('../prompts/prompts.ts');
  return chosen(
    `What should happen to ${now}?`,
    [
      { value: 'redirect' as const, name: `it redirects to ${domain} (links and bookmarks keep working)` },
      { value: 'remove' as const, name: 'it is no longer answered' },
    ],
    session.signal,
  );
}
