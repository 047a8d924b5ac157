import type { ExitCode } from '../app/exit-code.ts';
import { openProcedures } from '../app/pending.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { UsageError } from '../app/usage.ts';
import { parseTypedDomain } from '../configs/domain.ts';
import { namesOnHost } from '../site/vhost.ts';
import { kindOf, procedureCommand } from './procedure.ts';

/** As typed. */
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
  const domain = hostName(name);
  const extraNames = extra?.flatMap((each) => each.split(/[\s,]+/)).filter((each) => each !== '');
  const becomes = old ?? (await askedOld(session, domain));
  return procedureCommand(
    session,
    await kindOf(session, 'change-domain'),
    {
      domain,
      ...(becomes === undefined ? {} : { old: becomes }),
      ...(extraNames === undefined ? {} : { extra: extraNames.map(hostName).join(' ') }),
    },
    stop,
  );
}

function hostName(typed: string): string {
  const parsed = parseTypedDomain(typed);
  if (parsed.ok) return parsed.domain;
  throw new UsageError({
    what: `${typed === '' ? 'The name' : typed}: ${parsed.reason} Nothing was changed.`,
    remedy: 'For example: studio-setup change-domain studio.example.org',
  });
}

async function askedOld(session: Session, domain: string): Promise<NewDomain['old']> {
  if (!session.interactive || (await openProcedures(session)).length > 0) return undefined;
  const now = (await namesOnHost(session.host))?.domain;
  if (now === undefined || now === domain) return undefined;
  const { chosen } = await import('../prompts/prompts.ts');
  return chosen(
    `What becomes of ${now}?`,
    [
      { value: 'redirect' as const, name: `it leads to ${domain} (links and bookmarks go on working)` },
      { value: 'remove' as const, name: 'it is no longer answered' },
    ],
    session.signal,
  );
}
