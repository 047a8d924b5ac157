import type { Host, LiveHost } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { foreignNginx } from '../site/nginx-trust.ts';

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
    what: `nginx refuses its configuration with ${path}, which was taken back: nginx starts at the next boot as before.`,
    remedy: 'The lines above name file and line: fix what they name, then run again.',
    detail: refusal,
  });
}

/**
 * @returns nginx's last words against its configuration, `undefined` when it takes it; `unknown` where there is no nginx, or
 *   where root is not to read what stands there: before nginx is loaded that is refused
 */
async function refusalOf(host: Host): Promise<readonly string[] | 'unknown' | undefined> {
  if ((await foreignNginx(host)).length > 0) return 'unknown';
  // Without its pid file `nginx -t` would make one: then it was not content before either.
  const { code, stderr } = await host.query(['nginx', '-t'], { timeoutMs: 20_000 });
  if (code === 0) return undefined;
  return code === 127 ? 'unknown' : stderr.trim().split('\n').slice(-5);
}
