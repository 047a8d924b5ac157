import { childEnvironment } from '../host/environment.ts';
import { runProcess } from '../host/process.ts';
import { clean } from '../output/clean.ts';
import { ProblemError } from '../output/problem.ts';
import { SERVICE_UNITS, TIMERS } from '../site/layout.ts';
import type { Session } from './session.ts';

/** Whose logs can be asked for: what runs all the time, and the periodic tasks. By the names that are typed. */
export const LOGGED: readonly string[] = [...Object.keys(SERVICE_UNITS), ...TIMERS];

/** How much of a log is shown at first. */
export const LOG_LINES = 200;

/** A day, for whoever watches: then it ends. */
const LONGEST_WATCH_MS = 24 * 60 * 60_000;

/** @returns journalctl for some services; local times, no pager, and long lines whole */
function journalctl(services: readonly string[], lines: number): readonly string[] {
  const units = services.flatMap((name) => ['--unit', `${name}.service`]);
  return ['journalctl', ...units, '--lines', String(lines), '--output', 'short', '--no-pager', '--quiet'];
}

/**
 * @param services names among {@link LOGGED}; none: all of them
 * @returns the last lines of their logs together, oldest first, without secrets and without what would move the cursor
 * @throws ProblemError when the journal can't be read
 */
export async function serviceLogs(
  session: Session,
  services: readonly string[],
  lines: number,
): Promise<readonly string[]> {
  await session.learnSecrets();
  const argv = journalctl(services.length === 0 ? LOGGED : services, lines);
  const { code, stdout, stderr } = await session.host.query(argv, { quiet: true });
  if (code !== 0) throw unreadable(stderr, code);
  return clean(stdout)
    .split('\n')
    .filter((line) => line !== '');
}

/** The same, and what comes, until `session.signal` ends it. @param say takes each line, cleaned */
export async function watchServiceLogs(
  session: Session,
  services: readonly string[],
  lines: number,
  say: (line: string) => void,
): Promise<void> {
  await session.learnSecrets();
  const argv = [...journalctl(services.length === 0 ? LOGGED : services, lines), '--follow'];
  const { code, stderr } = await runProcess(argv, {
    env: childEnvironment('/root', 'root'),
    timeoutMs: LONGEST_WATCH_MS,
    signal: session.signal,
    onLine: (line) => say(clean(line)),
  });
  if (code !== 0 && !session.signal.aborted) throw unreadable(stderr, code);
}

function unreadable(stderr: string, code: number): ProblemError {
  return new ProblemError({
    what: `The services' logs can't be read: ${clean(stderr).trim() || `journalctl ended with exit code ${code}`}`,
    remedy: 'See whether the journal works: systemctl status systemd-journald',
  });
}
