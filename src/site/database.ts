import type { Answers } from '../answers/answers.ts';
import type { DatabaseAddress } from '../host/postgres.ts';
import { hasAnyRole } from './roles.ts';

/** What Debian and Ubuntu call PostgreSQL. */
export const POSTGRESQL = ['postgresql', 'postgresql-client'] as const;

/** PostgreSQL's own; libpq and Django take it when none is named. */
export const DEFAULT_PORT = '5432';

/** @returns whether the database is on this server, and so the product's to install and set up. */
export function isLocal(answers: Answers): boolean {
  if (!hasAnyRole(answers, 'database')) return false;
  return isLocalAddress(answers.text('database.host'));
}

/** @returns whether that is this server: by name, address or socket */
export function isLocalAddress(server: string): boolean {
  return ['localhost', '127.0.0.1', '::1', ''].includes(server) || isSocketFolder(server);
}

/** @returns whether a server is named by the folder of its socket, where accounts of this server may be let in by themselves */
export function isSocketFolder(server: string): boolean {
  return server.startsWith('/');
}

/** @returns where the site logs in; the password is empty where the site has none (peer, trust) */
export function addressOf(answers: Answers): DatabaseAddress {
  return {
    host: answers.text('database.host') || '127.0.0.1',
    port: Number(answers.text('database.port')),
    user: answers.text('database.user'),
    password: answers.optionalSecret('database.password')?.reveal() ?? '',
    database: answers.text('database.name'),
  };
}
