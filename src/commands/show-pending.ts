import { nameOf, openProcedures } from '../app/pending.ts';
import type { Session } from '../app/session.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { wrap } from '../output/wrap.ts';
import { maintenanceNow, maintenanceWords } from '../site/maintenance.ts';

/**
 * For commands that only look: says what is pending, and that the next start that may change something finishes it.
 * @returns whether anything is
 */
export async function sayPending(session: Session): Promise<boolean> {
  const open = await openProcedures(session);
  for (const { kind, pending } of open) {
    if (session.options.json) writeRecord({ type: 'pending', ...{ procedure: kind.id } });
    else
      print(
        ...wrap(`"${kind.id}" was interrupted. To finish it: studio-setup ${nameOf(pending)}`, {
          first: `${styled('yellow', '!')} `,
          rest: '  ',
        }),
      );
  }
  return open.length > 0;
}

/** Says that visitors get the maintenance page: whatever is looked at, that is why they do not get the site. */
export async function sayMaintenance({ host, options: { json } }: Session): Promise<void> {
  const since = await maintenanceNow(host);
  if (since === undefined) return;
  const message = maintenanceWords(since);
  if (json) writeRecord({ type: 'notice', ...{ message } });
  else print(...wrap(message, { first: `${styled('yellow', '!')} `, rest: '  ' }));
}
