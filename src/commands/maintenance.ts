import { EXIT, type ExitCode } from '../app/exit-code.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { UsageError } from '../app/usage.ts';
import { siteNames } from '../operations/maintenance.ts';
import { maintenanceSince, maintenanceWords } from '../site/maintenance.ts';
import { kindOf, procedureCommand, sayDone } from './procedure.ts';

/** What was typed. */
export interface MaintenanceRequest {
  readonly action: 'on' | 'off' | 'status';
  /** Seconds. */
  readonly retryAfter?: number;
}

/** Turns the maintenance page on or off, or says which it is. */
export async function maintenanceCommand(
  session: Session,
  { action, retryAfter }: MaintenanceRequest,
  stop: Stop,
): Promise<ExitCode> {
  if (action !== 'on' && retryAfter !== undefined)
    throw new UsageError({
      what: '--retry-after is for the page while it is on. Nothing was changed.',
      remedy: 'To turn it on: studio-setup maintenance on --retry-after SECONDS',
    });
  if (action === 'status') {
    const [name] = await siteNames(session.host);
    const since = await maintenanceSince(session.host, name);
    sayDone(session, {
      done: since === undefined ? 'The maintenance page is off.' : maintenanceWords(since),
    });
    return EXIT.asWanted;
  }
  const given = {
    state: action,
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
  };
  return procedureCommand(session, await kindOf(session, 'maintenance'), given, stop);
}
