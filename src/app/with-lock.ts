import { takeLock } from '../engine/lock.ts';
import { clean } from '../output/clean.ts';
import { printError } from '../output/print.ts';
import { clearWorkFolder } from './backup-folder.ts';
import { endLeftovers, waitForLeftovers } from './leftovers.ts';
import type { Session } from './session.ts';

/**
 * Does what changes the host while nothing else of the product does: takes the lock, waits for programs that a killed run
 * left at work, and removes what a backup had in the open, before and after. When the operator stops it, what it started ends
 * with it.
 * @param command as typed, without the product's name; shown to whoever is refused meanwhile
 * @param tell shows what is waited for
 */
export async function withLock<Result>(
  session: Session,
  command: string,
  work: () => Promise<Result>,
  tell: (line: string) => void = (line) => printError(line),
): Promise<Result> {
  const { lock: file, state, copies } = session.product.paths;
  const lock = await takeLock(file, `studio-setup ${command}`);
  try {
    await waitForLeftovers(state, (line) => tell(clean(line)), session.signal);
    clearWorkFolder(copies);
    return await work();
  } finally {
    if (session.signal.aborted) await endLeftovers(state);
    clearWorkFolder(copies);
    await lock.release();
  }
}
