import { rotations } from '../procedures/index.ts';
import type { Session } from '../session.ts';
import type { ExitCode } from './exit-code.ts';
import { procedureCommand } from './procedure.ts';
import type { ROTATED } from './program.ts';
import type { Stop } from './signals.ts';

/** Makes one of the site's own secrets anew, on the live site. @param secret as typed */
export function rotateCommand(
  session: Session,
  secret: (typeof ROTATED)[number],
  stop: Stop,
): Promise<ExitCode> {
  const kind = rotations[secret];
  if (kind === undefined) throw new TypeError(`no rotation is called ${secret}`);
  return procedureCommand(session, kind, {}, stop);
}
