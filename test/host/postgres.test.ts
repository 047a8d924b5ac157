import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { logIn } from '../../src/host/postgres.ts';
import { refusingServer } from '../site/postgres-server.ts';

const login = { host: '127.0.0.1', user: 'studio', password: 'sample-password', database: 'studio' };

/** Messages as PostgreSQL's sources have them (auth.c, postinit.c, miscinit.c, postmaster.c), one of them in German. */
it.each([
  ['28P01', 'password authentication failed for user "studio"', 'auth_failed', 'password'],
  [
    '28000',
    'no pg_hba.conf entry for host "127.0.0.1", user "studio"',
    'ClientAuthentication',
    'not admitted',
  ],
  ['28000', 'Peer authentication failed for user "studio"', 'auth_failed', 'not admitted'],
  ['28000', 'role "studio" does not exist', 'InitializeSessionUserId', 'no role'],
  ['28000', 'Rolle »studio« existiert nicht', 'InitializeSessionUserId', 'no role'],
  ['28000', 'role "studio" is not permitted to log in', 'InitializeSessionUserId', 'no role'],
  ['3D000', 'database "studio" does not exist', 'InitPostgres', 'no database'],
  ['42501', 'permission denied for database "studio"', 'CheckMyDatabase', 'no right'],
  ['57P03', 'the database system is starting up', 'ProcessStartupPacket', 'not ready'],
  ['57P03', 'the database system is shutting down', 'ProcessStartupPacket', 'not ready'],
  ['53300', 'sorry, too many clients already', 'InitProcess', 'other'],
  ['08P01', 'unsupported startup parameter', 'ProcessStartupPacket', 'other'],
  ['08P01', 'no such database: password authentication failed', 'pgbouncer', 'other'],
] as const)('SQLSTATE %s, "%s" (%s): %s', async (code, message, routine, reason) => {
  const { server, port } = await refusingServer({ code, message, routine });
  try {
    expect(await logIn({ ...login, port })).toEqual({ ok: false, reason, message });
  } finally {
    server.close();
  }
});

it('a port at which nothing listens is unreachable, a folder without a socket too', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  expect(await logIn({ ...login, port })).toMatchObject({ ok: false, reason: 'unreachable' });
  expect(await logIn({ ...login, host: '/nonexistent', port })).toMatchObject({ reason: 'unreachable' });
});
