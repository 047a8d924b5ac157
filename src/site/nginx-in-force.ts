import { type InForce, parseInForce } from '../configs/nginx/in-force.ts';
import type { Host, ProgramResult } from '../host/host.ts';
import { askNginxIfSafe } from './nginx-program.ts';

/**
 * Has nginx test the files on the disk, and print them (`nginx -T`).
 * @returns `undefined` where it must not be asked: it does not run, when the question would leave a pid file; or it would do
 *   as root what www-data wrote (whoever loads it says so)
 */
export function nginxTest(host: Host): Promise<ProgramResult | undefined> {
  return host.once('nginx -T', async () => {
    if ((await host.status('/run/nginx.pid')) === undefined) return undefined;
    // Anybody's passwords may stand there: that is not for the log.
    return askNginxIfSafe(host, '-T', { quiet: true, timeoutMs: 8000 });
  });
}

/**
 * What nginx would read now, by its own word.
 * @returns `undefined` where it can't be asked ({@link nginxTest}), is not installed, or refuses its configuration
 */
export function nginxInForce(host: Host): Promise<InForce | undefined> {
  return host.once('nginx-in-force', async () => {
    const answer = await nginxTest(host);
    return answer?.code === 0 ? parseInForce(answer.stdout) : undefined;
  });
}
