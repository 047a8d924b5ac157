import { type InForce, parseInForce } from '../configs/nginx/in-force.ts';
import type { Host } from '../host/host.ts';
import { foreignNginx } from './nginx-trust.ts';

/**
 * What nginx would read now, by its own word (`nginx -T`).
 * @returns `undefined` where it can't be asked: it is not installed, it refuses its configuration, it does not run, when
 *   the question would leave a pid file, or its files hold what root is not to do (./nginx-trust.ts)
 */
export function nginxInForce(host: Host): Promise<InForce | undefined> {
  return host.once('nginx -T', async () => {
    if ((await host.status('/run/nginx.pid')) === undefined) return undefined;
    if ((await foreignNginx(host)).length > 0) return undefined;
    // Anybody's passwords may stand there: that is not for the log.
    const { code, stdout } = await host.query(['nginx', '-T'], { quiet: true, timeoutMs: 8000 });
    return code === 0 ? parseInForce(stdout) : undefined;
  });
}
