import { hostNames, servers } from '../../configs/nginx/site.ts';
import { NginxSyntaxError, parseNginx } from '../../configs/nginx/tree.ts';
import type { Host } from '../../host/host.ts';
import { askNginx } from '../../site/nginx-program.ts';

/**
 * @returns the text of each file that nginx reads, by includes as well; `undefined` when it refuses its configuration, and
 *   so does not tell
 */
export async function configurations(host: Host): Promise<readonly string[] | undefined> {
  // Anybody's passwords may stand there: that is not for the log.
  const { code, stdout } = await askNginx(host, '-T', { quiet: true });
  // Of a very long output only the end is there.
  if (code !== 0 || !stdout.startsWith(HEADING)) return undefined;
  return stdout.split(new RegExp(`^${HEADING}.*:$`, 'm')).slice(1);
}

/** What nginx writes before each file. */
const HEADING = '# configuration file ';

/** @returns the names of a file's servers; none for what this product can't read: nginx can, it was tested */
export function namesIn(text: string): readonly string[] {
  try {
    return servers(parseNginx(text)).flatMap(hostNames);
  } catch (error) {
    if (error instanceof NginxSyntaxError) return [];
    throw error;
  }
}

/** @returns the files that nginx is told to take certificates and keys from, as they are written: also `$ssl_server_name.pem` */
export function certificateFiles(text: string): readonly string[] {
  return [...text.matchAll(/\b\w*ssl_\w*(?:certificate|crl)\w*\s+(?:"([^"]+)"|'([^']+)'|([^\s;"']+))/g)].map(
    ([, double, single, plain]) => double ?? single ?? plain ?? '',
  );
}
