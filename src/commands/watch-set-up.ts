import type { ExitCode } from '../app/exit-code.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { WATCH, wantedChannels, watchSetUp } from '../app/watch/set-up.ts';
import { unwatchOperations } from '../watch/units.ts';
import { setUp } from './set-up.ts';

/** Sets the watch up: asks for the ways of telling, shows what changes, makes it, and proves it by a first round. */
export async function watchEnableCommand(session: Session, stop: Stop): Promise<ExitCode> {
  const channels = await wantedChannels(session);
  return setUp(session, stop, {
    command: 'watch enable',
    section: WATCH,
    operations: watchSetUp(session, channels),
    done: 'The watch is set up, and a first round was made. To send a test message: studio-setup watch test',
    nothing: 'The watch is set up already; nothing was changed.',
  });
}

/** Takes it away again, its ways of telling among it; its history stays. */
export async function watchDisableCommand(session: Session, stop: Stop): Promise<ExitCode> {
  return setUp(session, stop, {
    command: 'watch disable',
    section: WATCH,
    operations: unwatchOperations(),
    done: 'Nothing is checked by itself any more.',
    nothing: 'The watch is not set up; nothing was changed.',
  });
}
