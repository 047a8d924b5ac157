import type { ProcedureKind } from '../procedures/procedure.ts';
import { type Pending, readPending, removePending } from './pending-record.ts';
import type { Session } from './session.ts';

/** A procedure that was begun and has not come to an end. */
export interface Open {
  readonly kind: ProcedureKind;
  readonly pending: Pending;
}

/**
 * @returns all that is pending on this server. The transaction record on the host decides: a record without one is of something that had
 *   not begun, or had just ended; a transaction record without a record is finished by what it holds itself. What is recorded comes
 *   first: there is one record, and finishing another one would replace it.
 */
export async function openProcedures(session: Session): Promise<readonly Open[]> {
  const record = readPending(session.product.paths.state);
  const open: Open[] = [];
  for (const kind of (await session.product.procedures?.()) ?? []) {
    if ((await session.host.status(kind.transactionRecord)) === undefined) continue;
    const lost: Pending = { procedure: kind.id, arguments: {}, direction: 'forward', run: '' };
    if (record?.procedure === kind.id) open.unshift({ kind, pending: record });
    else open.push({ kind, pending: lost });
  }
  return open;
}

/** @returns a procedure as it is typed: its first argument as such, the others as options */
export function nameOf({ procedure, arguments: given }: Pick<Pending, 'procedure' | 'arguments'>): string {
  const [first, ...others] = Object.entries(given);
  const options = others.flatMap(([name, value]) => [`--${name}`, value]);
  return [procedure, ...(first?.slice(1) ?? []), ...options].filter((word) => word !== '').join(' ');
}

/** A record that no transaction record goes with is of no use: what it names never began, or ended. */
export function forgetPending(session: Session): void {
  removePending(session.product.paths.state);
}
