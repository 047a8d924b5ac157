import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';

/** Certificates and ACME's own nonces begin to fail at differences of this size, in milliseconds. */
export const TOLERATED_MS = 5 * 60_000;
const ANSWERS_MS = 8000;

/**
 * Compares the host's clock with the certificate authority's own, by the Date of its answer.
 * @param directory the ACME directory's address
 * @throws ProblemError when the two differ
 */
export async function rightClock(host: Host, directory: string): Promise<void> {
  const answer = await host.request(directory, { timeoutMs: ANSWERS_MS });
  const theirs = Date.parse(answer.headers.date ?? '');
  // Out of reach: what needs it will say so, and a clock that is far off also breaks TLS itself.
  if (Number.isNaN(theirs)) {
    if (/not yet valid|expired/i.test(answer.error ?? ''))
      throw wrong(`TLS to ${new URL(directory).host} fails (${answer.error})`);
    return;
  }
  const difference = Date.now() - theirs;
  if (Math.abs(difference) > TOLERATED_MS) {
    throw wrong(
      `it is ${Math.round(Math.abs(difference) / 60_000)} minutes ${difference > 0 ? 'ahead of' : 'behind'} ${new URL(directory).host}`,
    );
  }
}

/** @returns milliseconds by which this server is ahead of the authority, `undefined` when that does not answer */
export async function clockDifference(host: Host, directory: string): Promise<number | undefined> {
  const { headers } = await host.request(directory, { timeoutMs: ANSWERS_MS });
  const theirs = Date.parse(headers.date ?? '');
  return Number.isNaN(theirs) ? undefined : Date.now() - theirs;
}

function wrong(how: string): ProblemError {
  return new ProblemError({
    what: `The clock of this server is wrong: ${how}.`,
    remedy:
      'Turn time synchronization on: timedatectl set-ntp true (package systemd-timesyncd); then run again. Nothing was changed.',
  });
}
