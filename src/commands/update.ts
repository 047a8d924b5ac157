import type { ExitCode } from '../app/exit-code.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { UsageError } from '../app/usage.ts';
import { kindOf, procedureCommand, reviewCommand } from './procedure.ts';

/** What was typed. */
export interface UpdateRequest {
  /** A branch or a commit. */
  readonly to?: string;
  readonly check?: true;
  readonly rollback?: true;
  readonly restoreDatabase?: true;
  /** Whether visitors get the maintenance page; absent: where the migrations need it. */
  readonly maintenance?: boolean;
}

/** Brings new code to the live site, or takes the last update back; or shows what that would be. */
export async function updateCommand(
  session: Session,
  { to, check, rollback, restoreDatabase, maintenance }: UpdateRequest,
  stop: Stop,
): Promise<ExitCode> {
  if (to !== undefined && rollback)
    throw new UsageError({
      what: '--rollback goes back to the release before the last update: it takes no branch or commit. Nothing was changed.',
      remedy: 'To go to a commit: studio-setup update COMMIT',
    });
  const kind = await kindOf(session, 'update');
  const flags = restoreDatabase ? { 'restore-database': '' } : {};
  const given = {
    to: to ?? '',
    ...(rollback ? { rollback: '' } : {}),
    ...(maintenance === undefined ? {} : { [maintenance ? 'maintenance' : 'no-maintenance']: '' }),
    ...flags,
  };
  if (check) return reviewCommand(session, kind, given);
  // One that found neither way out is given the word that it asked for.
  return procedureCommand(session, kind, given, stop, flags);
}
