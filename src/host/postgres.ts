export interface DatabaseAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

/** How a login to PostgreSQL went. */
export type Login =
  | { readonly ok: true; readonly version: number }
  | {
      readonly ok: false;
      readonly reason: 'refused' | 'password' | 'no database' | 'other';
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
    host: address.host === '' ? '/var/run/postgresql' : address.host,
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
    const { code = '', message } = error as { code?: string; message: string };
    return { ok: false, reason: REASONS[code] ?? 'other', message };
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** By SQLSTATE and by the system's own codes. */
const REASONS: Readonly<Record<string, 'refused' | 'password' | 'no database'>> = {
  ECONNREFUSED: 'refused',
  ENOENT: 'refused',
  '28P01': 'password',
  '28000': 'password',
  '3D000': 'no database',
};
