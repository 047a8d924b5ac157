import type { Answers } from '../answers/answers.ts';
import type { Service } from '../engine/service.ts';
import type { Host } from '../host/host.ts';
import { Secret } from '../output/secret.ts';
import { DEFAULT_PORT, isLocalAddress } from './database.ts';
import { MEILISEARCH_PORT } from './layout.ts';
import { hasAnyRole } from './roles.ts';

export const TUNNEL_UNIT = 'studio-tunnel.service';
export const TUNNEL_CONFIG = '/etc/blender-studio/tunnel.conf';
/** As stunnel's PSKsecrets= wants it: a name, a colon, the key. */
export const TUNNEL_KEY_FILE = '/etc/blender-studio/tunnel.key';

/** What a tunnel leads to. */
export interface Tunnel {
  readonly name: 'database' | 'search';
  /** Where it ends on the server that has it, and begins on the one that uses it: a port of 127.0.0.1. */
  readonly inside: number;
  /** The port between the servers. */
  readonly between: number;
  /** The server that has it; absent on that server itself. */
  readonly server?: string;
}

const BETWEEN = { search: 7701, database: 7702 } as const;

/** @returns the tunnels that end or begin on this server; none without a key for them */
export function tunnelsOf(answers: Answers): readonly Tunnel[] {
  if (answers.optionalSecret('tunnel.key') === undefined) return [];
  return (['database', 'search'] as const).flatMap((name): readonly Tunnel[] => {
    const inside =
      name === 'search' ? MEILISEARCH_PORT : Number(answers.optionalText('database.port') ?? DEFAULT_PORT);
    const tunnel = { name, inside, between: BETWEEN[name] };
    if (hasAnyRole(answers, name)) return endsHere(answers, name) ? [tunnel] : [];
    const server = answers.optionalText(`servers.${name}`);
    return server === undefined ? [] : [{ ...tunnel, server }];
  });
}

/** A database server that is not part of the site is reached by its own address, without a tunnel. */
function endsHere(answers: Answers, name: Tunnel['name']): boolean {
  return name === 'search' || isLocalAddress(answers.optionalText('database.host') ?? '');
}

/**
 * The site's database and search stay where the site, nginx and the document look for them: at 127.0.0.1, on either end.
 * Both ends prove that they know the key (stunnel.org/auth.html, PSK). Not in TLS 1.3: there a client that has a key also takes a
 * certificate instead, anybody's (tried with stunnel 5.68); with 1.2 and no cipher but one of the key it does not.
 * @param listen the address of this server at which the others reach it
 */
export function tunnelConfig(tunnels: readonly Tunnel[], listen: string): string {
  return [
    '; Written by studio-setup: the way to the database and the search of a site that is spread over several servers.',
    'foreground = yes',
    'pid =',
    'debug = warning',
    'setuid = nobody',
    'setgid = nogroup',
    'sslVersion = TLSv1.2',
    'ciphers = ECDHE-PSK-CHACHA20-POLY1305',
    `PSKsecrets = ${TUNNEL_KEY_FILE}`,
    'socket = l:TCP_NODELAY=1',
    'socket = r:TCP_NODELAY=1',
    ...tunnels.flatMap(({ name, inside, between, server }) => [
      '',
      `[${name}]`,
      ...(server === undefined
        ? [`accept = ${listen}:${between}`, `connect = 127.0.0.1:${inside}`]
        : ['client = yes', `accept = 127.0.0.1:${inside}`, `connect = ${server}:${between}`]),
    ]),
    '',
  ].join('\n');
}

/** @returns the key that this server has */
export async function currentTunnelKey(host: Host): Promise<Secret | undefined> {
  const key = /^studio:(.+)$/m.exec((await host.read(TUNNEL_KEY_FILE)) ?? '')?.[1];
  return key === undefined ? undefined : new Secret(key);
}

/** @returns which end on this server nobody listens at, as a clause; by ss(8), as an unwanted connection would be logged */
export async function closedEnd(host: Host): Promise<string | undefined> {
  const config = (await host.read(TUNNEL_CONFIG)) ?? '';
  const ends = [...config.matchAll(/^accept = (\S+):(\d+)$/gm)].map(([, , port = '']) => port);
  const { code, stdout, stderr } = await host.query(['ss', '-Hltn']);
  if (code !== 0)
    return `whether it listens could not be asked (${stderr.trim() || `ss ended with exit code ${code}`})`;
  const open = stdout.split('\n').map((line) => line.split(/\s+/)[3] ?? '');
  const closed = ends.filter((port) => !open.some((address) => address.endsWith(`:${port}`)));
  return closed.length === 0 ? undefined : `nobody listens at port ${closed.join(', ')}`;
}

export const TUNNEL: Service = {
  unit: TUNNEL_UNIT,
  target: 'multi-user.target',
  reads: [TUNNEL_CONFIG, TUNNEL_KEY_FILE],
  startShowsWhatItRead: true,
  ask: closedEnd,
  asks: 'Asks systemd for its state, and the kernel whether somebody listens at each end that is on this server. Whether what it leads to answers is seen by the checks of search and database.',
  means: 'On a site that is spread over several servers, they do not reach each other.',
  operation: 'requirements/tunnel',
  fixes: [
    'requirements/tunnel-package',
    'requirements/tunnel-key',
    'requirements/tunnel-config',
    'requirements/tunnel-unit',
    'requirements/tunnel',
  ],
  applies: (answers) => tunnelsOf(answers).length > 0,
};
