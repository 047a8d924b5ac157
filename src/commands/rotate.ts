import type { ExitCode } from '../app/exit-code.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { procedureCommand } from './procedure.ts';
import type { ROTATED } from './program.ts';

/** Makes one of the site's own secrets anew, on the live site. @param secret as typed */
export async function rotateCommand(
  session: Session,
  secret: (typeof ROTATED)[number],
  stop: Stop,
): Promise<ExitCode> {
  const id = `rotate ${secret}`;
  const kind = (await session.product.procedures?.())?.find((each) => each.id === id);
  if (kind === undefined) throw new TypeError(`no procedure is called ${id}`);
  return procedureCommand(session, kind, {}, stop);
}
