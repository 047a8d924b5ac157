import type { Answers } from '../answers/answers.ts';
import type { Host } from '../host/host.ts';
import { type Login, logIn } from '../host/postgres.ts';
import { ProblemError } from '../output/problem.ts';
import { addressOf, isSocketFolder } from './database.ts';
import { SITE_USER } from './layout.ts';

type Failed = Extract<Login, { ok: false }>;

/** @returns how the site's own login goes, asked once until the host changes */
export function loginOf(host: Host, answers: Answers): Promise<Login> {
  return host.once('database-login', async () => {
    const login = await logIn(addressOf(answers));
    const byAccount =
      !login.ok && login.reason === 'not admitted' && isSocketFolder(answers.text('database.host'));
    return byAccount ? await loginAsTheSite(host, answers, login) : login;
  });
}

/**
 * By the socket a server may ask which account is connecting (peer): root is another one than the site's.
 * psql's exit code is 2 for a connection that failed, and no SQLSTATE comes with it: the role is proved by a database that
 * every cluster has.
 */
async function loginAsTheSite(host: Host, answers: Answers, login: Failed): Promise<Login> {
  const { host: folder, port, user, database } = addressOf(answers);
  const ask = (name: string) =>
    host.query(
      [
        ...['psql', '--no-psqlrc', '--no-password', '--tuples-only', '--no-align'],
        ...['--host', folder, '--port', String(port), `--username=${user}`, `--dbname=${name}`],
        ...['--command', 'SHOW server_version_num'],
      ],
      { as: SITE_USER },
    );
  const own = await ask(database);
  if (own.code === 0) return { ok: true, version: Number(own.stdout.trim()) };
  if (own.code !== 2) return login;
  const message = own.stderr.trim();
  const { code } = await ask('template1');
  return { ok: false, reason: code === 0 ? 'no database' : 'not admitted', message };
}

/** @returns whether the server knew the role and let it in, whatever it said of the database */
export function wasLetIn(login: Login): boolean {
  return login.ok || login.reason === 'no database' || login.reason === 'no right';
}

/** @returns what a failed login means, with the server's own words where they say more, and what to do next */
export function refusal(answers: Answers, login: Failed): ProblemError {
  const { port, user, database } = addressOf(answers);
  const server = answers.text('database.host');
  const where = isSocketFolder(server) ? `in ${server}, port ${port}` : `${server}:${port}`;
  const [what, remedy] = WORDS[login.reason]({ where, user, database, message: login.message });
  return new ProblemError({ what, remedy });
}

interface Told {
  readonly where: string;
  readonly user: string;
  readonly database: string;
  readonly message: string;
}

/** One row a cause; what is not known is told in the server's own words. */
const WORDS: Readonly<Record<Failed['reason'], (told: Told) => readonly [what: string, remedy: string]>> = {
  unreachable: ({ where, message }) => [
    `No database server answers at ${where} (${message}).`,
    'Check the address (answers database.host and database.port), and that the server listens there (listen_addresses in postgresql.conf; pg_lsclusters shows the ports).',
  ],
  'not ready': ({ where, message }) => [
    `The database server ${where} accepts no connections at the moment: ${message}`,
    'Wait until it has started (see its log), then run again.',
  ],
  password: ({ where, user }) => [
    `The database server ${where} refuses the password of ${user}.`,
    `Give the role's real password (answer database.password), or set it: ALTER ROLE "${user}" PASSWORD …; or name another role (answer database.user). Then run again. The role was not changed.`,
  ],
  'not admitted': ({ where, user, database, message }) => [
    `The database server ${where} does not let ${user} in: ${message}`,
    `See pg_hba.conf (psql as postgres: SHOW hba_file). A line such as "host ${database} ${user} 127.0.0.1/32 scram-sha-256" lets the role in by password; then systemctl reload postgresql, and run again.`,
  ],
  'no role': ({ where, user, message }) => [
    `The database server ${where} has no role ${user}, or one that may not log in: ${message}`,
    `Create the role there: createuser --pwprompt ${user}; then run again.`,
  ],
  'no database': ({ where, user, database }) => [
    `The server ${where} has no database ${database}.`,
    `Make it there: createdb --owner ${user} ${database}; then run again.`,
  ],
  'no right': ({ where, user, database, message }) => [
    `The server ${where} does not let ${user} into the database ${database}: ${message}`,
    `It belongs to something else, or lacks a right: GRANT CONNECT ON DATABASE "${database}" TO "${user}"; or name another (answer database.name). Then run again.`,
  ],
  other: ({ where, message }) => [
    `The login to the database server ${where} failed, and the cause is not known. The server says: ${message}`,
    'Fix what the server says, then run again.',
  ],
};
