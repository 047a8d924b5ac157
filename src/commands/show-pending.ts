import { nameOf, openProcedures } from '../app/pending.ts';
import type { Session } from '../app/session.ts';
import { writeRecord } from '../output/json.ts';
import { maintenanceNow, maintenanceWords } from '../site/maintenance.ts';
import { sayNotice } from './notice.ts';

/**
 * For commands that only look: says what is pending, and that the next start that may change something finishes it.
 * @returns whether anything is
 */
export async function sayPending(session: Session): Promise<boolean> {
  const open = await openProcedures(session);
  for (const { kind, pending } of open) {
    if (session.options.json) writeRecord({ type: 'pending', ...{ procedure: kind.id } });
    else sayNotice(session, `"${kind.id}" was interrupted. To finish it: studio-setup ${nameOf(pending)}`);
  }
  return open.length > 0;
}

/** Says that visitors get the maintenance page: whatever is looked at, that is why they do not get the site. */
export async function sayMaintenance(session: Session): Promise<void> {
  const since = await maintenanceNow(session.host);
  if (since === undefined) return;
  sayNotice(session, maintenanceWords(since));
}
