import { type Pending, readPending, removePending } from '../engine/pending.ts';
import { writeRecord } from '../front/json.ts';
import { print, styled } from '../front/print.ts';
import { wrap } from '../front/wrap.ts';
import type { ProcedureKind } from '../procedures/procedure.ts';
import type { Session } from '../session.ts';

/** A procedure that was begun and has not come to an end. */
export interface Open {
  readonly kind: ProcedureKind;
  readonly pending: Pending;
}

/**
 * @returns what is pending on this host, `undefined` for nothing. The trace on the host decides: a record without one is
 *   of something that had not begun, or had just ended; a trace without a record is finished by what it holds itself.
 */
export async function openProcedure(session: Session): Promise<Open | undefined> {
  const record = readPending(session.product.paths.state);
  for (const kind of (await session.product.procedures?.()) ?? []) {
    if ((await session.host.status(kind.trace)) === undefined) continue;
    const lost: Pending = { procedure: kind.id, arguments: {}, direction: 'forward', run: '' };
    return { kind, pending: record?.procedure === kind.id ? record : lost };
  }
  return undefined;
}

/** For commands that only look: says what is pending, and that the next start that may change something finishes it. */
export async function sayPending(session: Session): Promise<Open | undefined> {
  const open = await openProcedure(session);
  if (open === undefined) return undefined;
  const { id } = open.kind;
  if (session.options.json) writeRecord({ type: 'pending', ...{ procedure: id } });
  else
    print(
      ...wrap(
        `"${id}" was begun and did not come to its end. To finish it: studio-setup ${nameOf(open.pending)}`,
        {
          first: `${styled('yellow', '!')} `,
          rest: '  ',
        },
      ),
    );
  return open;
}

/** @returns a procedure as it is typed: its first argument as such, the others as options */
export function nameOf({ procedure, arguments: given }: Pick<Pending, 'procedure' | 'arguments'>): string {
  const [first, ...others] = Object.entries(given);
  const options = others.flatMap(([name, value]) => [`--${name}`, value]);
  return [procedure, ...(first?.slice(1) ?? []), ...options].filter((word) => word !== '').join(' ');
}

/** A record that no trace goes with is of no use: what it names never began, or ended. */
export function forgetPending(session: Session): void {
  removePending(session.product.paths.state);
}
