export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** Where Debian's PostgreSQL has its socket, and libpq looks for it when no host is named. */
export const DEFAULT_SOCKETS = '/var/run/postgresql';

/** Why a login failed; `other` is a cause that the product does not know. */
type LoginFailure =
  /** Nothing listens there. */
  | 'unreachable'
  /** It listens, and takes no connections yet or any more. */
  | 'not ready'
  | 'password'
  /** pg_hba.conf lets nobody in this way: no line, a `reject`, or the account is another one (peer, ident). */
  | 'not admitted'
  | 'no role'
  /** The role was let in; the database is not there. */
  | 'no database'
  /** The role was let in; the database is closed to it. */
  | 'no right'
  | 'other';

/** How a login to PostgreSQL went. */
export type Login =
  | { readonly ok: true; readonly version: number }
  | {
      readonly ok: false;
      readonly reason: LoginFailure;
      /** The server's own words, or the system's. */
      readonly message: string;
    };

/**
 * Logs in as the site will and asks for the server's version. The password goes over the connection only: not to
 * argv, nor to an environment.
 * @returns how it went; `version` as the server numbers it, e.g. 150018
 */
export function logIn(address: DatabaseAddress): Promise<Login> {
  return ask(address);
}

/**
 * Gives a role another password, as the role itself: it may, and no superuser is needed, on whatever server.
 * Connections that are open stay.
 * @param verifier what the server keeps, of the new password (`scramVerifier`); never the password, which a server may log
 */
export function setOwnPassword(address: DatabaseAddress, verifier: string): Promise<Login> {
  if (!/^[\w$:+/=-]+$/.test(verifier)) throw new TypeError('not a SCRAM verifier');
  return ask(address, `ALTER ROLE CURRENT_USER PASSWORD '${verifier}'`);
}

async function ask(address: DatabaseAddress, statement?: string): Promise<Login> {
  const { Client } = (await import('pg')).default;
  const client = new Client({
    host: address.host === '' ? DEFAULT_SOCKETS : address.host,
    port: address.port,
    user: address.user,
    password: address.password,
    database: address.database,
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => {
    // The connection broke after the answer: nothing is asked of it any more.
  });
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
    if (statement !== undefined) await client.query(statement);
    return { ok: true, version: Number(rows[0]?.server_version_num ?? 0) };
  } catch (error) {
    return { ok: false, reason: reasonOf(error, address), message: messageOf(error) };
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * By SQLSTATE (PostgreSQL's errcodes.txt) and by the system's own codes; a server's words come in its own language.
 * A server that lets a role in says 3D000 and 42501 of the database afterwards (InitPostgres in postinit.c).
 */
const REASONS: Readonly<Record<string, LoginFailure>> = {
  ECONNREFUSED: 'unreachable',
  ENOENT: 'unreachable',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ETIMEDOUT: 'unreachable',
  '57P03': 'not ready',
  '57P01': 'not ready',
  '28P01': 'password',
  '28000': 'not admitted',
  '3D000': 'no database',
  '42501': 'no right',
};

function reasonOf(error: unknown, address: DatabaseAddress): LoginFailure {
  const { code, routine } = error as { code?: string; routine?: string };
  // 28000 has two senses; the function that raised it tells them apart in every language.
  if (code === '28000' && routine === 'InitializeSessionUserId') return 'no role';
  // The client itself gives up when a password is asked for and there is none.
  if (code === undefined && address.password === '') return 'password';
  return REASONS[code ?? ''] ?? 'other';
}

/** Several addresses that all failed are one error without words of its own. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '')
    return error.errors.map((each) => messageOf(each)).join('; ');
  return error instanceof Error ? error.message : String(error);
}
