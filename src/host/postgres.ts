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
export async function logIn(address: DatabaseAddress): Promise<Login> {
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
