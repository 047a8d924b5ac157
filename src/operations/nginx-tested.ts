import type { Host, LiveHost } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { askNginxIfSafe } from '../site/nginx-program.ts';

/**
 * Makes a change to what nginx reads, and takes it back when nginx, content before, refuses its configuration after it: a
 * running nginx would go on, and not start at the next boot, with all the sites of this server.
 * @param back brings what was there before
 * @throws ProblemError with nginx's words, once it is taken back
 */
export async function nginxTested(
  live: LiveHost,
  path: string,
  change: () => Promise<void>,
  back: () => Promise<void>,
): Promise<void> {
  const content = (await refusalOf(live)) === undefined;
  await change();
  const refusal = content ? await refusalOf(live) : undefined;
  if (refusal === undefined || refusal === 'unknown') return;
  await back();
  throw new ProblemError({
    what: `nginx refuses its configuration with the new ${path}. That change was taken back, and nginx works as before.`,
    remedy: 'Fix the file and line named above, then run again.',
    detail: refusal,
  });
}

/** @returns nginx's last words against its configuration, `undefined` when it takes it; `unknown` where it is not there, or not safe to ask */
async function refusalOf(host: Host): Promise<readonly string[] | 'unknown' | undefined> {
  // Without its pid file `nginx -t` would make one: then it was not content before either.
  const answer = await askNginxIfSafe(host, '-t', { timeoutMs: 20_000 });
  if (answer?.code === 0) return undefined;
  return answer === undefined || answer.code === 127 ? 'unknown' : answer.stderr.trim().split('\n').slice(-5);
}
