import { setTimeout as sleep } from 'node:timers/promises';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';

/** Folders in which anything that is written leaves a trace: all that a program of the product could write to. */
const watched = ['/var', '/etc', '/root', '/run', '/usr', '/tmp', '/opt', '/home', '/srv'];

/**
 * What the host's own services write by themselves while nothing is done: their logs, and PostgreSQL's and nginx's own state.
 * And the product's lock, which says who holds it.
 */
const alive =
  /^\S+ \S+ \S+ \S+ \S+ \S+ \/(var|run)\/(log\/(journal|nginx)|lib\/postgresql|run\/postgresql|systemd|studio-setup\/lock)(\/| )/;

/**
 * @returns a line for each file and folder: type, mode, owner, size, times of the last write and the last change, path,
 *   target. The same twice means that nothing was written in between, not even put back as it was.
 */
export async function traces(host: Rehearsal): Promise<string[]> {
  const format = '%y %m %U:%G %s %T@ %C@ %p -> %l\\n';
  const { stdout } = await host.exec(['find', ...watched, '-xdev', '-printf', format]);
  return stdout.split('\n').filter((line) => line !== '' && !alive.test(line));
}

/** Seconds before a full hour in which no comparison begins, and after it, until what starts then is done. */
const [BEFORE_HOUR, AFTER_HOUR] = [45, 25];

/**
 * The first of two. At the full hour timers of the site and of Debian start services: what those write would be laid to the
 * product, so an hour that is about to come, or has just come, is let go by.
 */
export async function tracesBefore(host: Rehearsal): Promise<string[]> {
  const since = (Date.now() / 1000) % 3600;
  const left = 3600 - since;
  if (since < AFTER_HOUR) await sleep((AFTER_HOUR - since) * 1000);
  else if (left < BEFORE_HOUR) await sleep((left + AFTER_HOUR) * 1000);
  return traces(host);
}
