import { type InForce, parseInForce } from '../configs/nginx/in-force.ts';
import type { Host } from '../host/host.ts';
import { askNginxIfSafe } from './nginx-program.ts';

/**
 * What nginx would read now, by its own word (`nginx -T`).
 * @returns `undefined` where it can't be asked: it is not installed, it refuses its configuration, or it does not run,
 *   when the question would leave a pid file; or it would do as root what www-data wrote (whoever loads it says so)
 */
export function nginxInForce(host: Host): Promise<InForce | undefined> {
  return host.once('nginx -T', async () => {
    if ((await host.status('/run/nginx.pid')) === undefined) return undefined;
    // Anybody's passwords may stand there: that is not for the log.
    const answer = await askNginxIfSafe(host, '-T', { quiet: true, timeoutMs: 8000 });
    return answer?.code === 0 ? parseInForce(answer.stdout) : undefined;
  });
}
