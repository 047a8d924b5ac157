import type { Answers } from '../answers/answers.ts';
import type { Host, RunOptions } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { isSocketFolder } from './database.ts';

/** The account that owns PostgreSQL on Debian and Ubuntu; the cluster lets it in by itself. */
export const SUPERUSER = 'postgres';

/** @returns the arguments that lead PostgreSQL's programs to the cluster that was answered, and to no other on this server */
export function clusterOptions(answers: Answers): readonly string[] {
  const server = answers.text('database.host');
  return [
    ...(isSocketFolder(server) ? ['--host', server] : []),
    ...['--port', answers.text('database.port')],
  ];
}

/** What pg_isready says (its exit codes); `not installed`: there is no such program or account yet. */
type ClusterState = 'accepting' | 'not ready' | 'silent' | 'not installed';

/** @returns `not ready` where it starts or ends, `silent` where nothing answers */
export async function clusterState(host: Host, answers: Answers): Promise<ClusterState> {
  const options = clusterOptions(answers);
  return host.once(`cluster ${options.join(' ')}`, () => askCluster(host, options));
}

/** Debian's folder for the sockets of all clusters (pg_createcluster(1), unix_socket_directories). */
const SOCKETS = '/var/run/postgresql';

/**
 * The same asked anew, and cheap enough to be asked again and again.
 * @returns whether it accepts connections
 */
export async function isAccepting(host: Host, answers: Answers): Promise<boolean> {
  const port = answers.text('database.port');
  if ((await host.status(`${SOCKETS}/.s.PGSQL.${port}`)) === undefined) return false;
  return (await askCluster(host, clusterOptions(answers), { quiet: true })) === 'accepting';
}

async function askCluster(
  host: Host,
  options: readonly string[],
  how: Pick<RunOptions, 'quiet'> = {},
): Promise<ClusterState> {
  if ((await host.query(['getent', 'passwd', SUPERUSER], how)).code !== 0) return 'not installed';
  // As postgres: for each try by another user the server logs that there is no such role.
  const { code } = await host.query([await readyProgram(host), ...options], { as: SUPERUSER, ...how });
  if (code === 0) return 'accepting';
  if (code === 127) return 'not installed';
  return code === 1 ? 'not ready' : 'silent';
}

/**
 * Each version's answers for the clusters of all. The one in /usr/bin is a script in Perl that starts one of them (pg_wrapper of
 * postgresql-common), which takes ten times as long.
 */
async function readyProgram(host: Host): Promise<string> {
  for (const version of await host.list('/usr/lib/postgresql')) {
    const program = `/usr/lib/postgresql/${version}/bin/pg_isready`;
    if ((await host.status(program)) !== undefined) return program;
  }
  return 'pg_isready';
}

/** @returns whether the cluster has the role. @throws ProblemError when it could not be asked: that is no answer */
export async function hasRole(host: Host, answers: Answers): Promise<boolean> {
  const user = answers.text('database.user');
  return (await ask(host, answers, `SELECT 1 FROM pg_roles WHERE rolname = ${literal(user)}`)) === '1';
}

/** @returns the role that owns the database, `undefined` when it is not there. @throws ProblemError when it could not be asked */
export async function ownerOfDatabase(host: Host, answers: Answers): Promise<string | undefined> {
  const name = literal(answers.text('database.name'));
  const sql = `SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = ${name}`;
  return (await ask(host, answers, sql)) || undefined;
}

async function ask(host: Host, answers: Answers, sql: string): Promise<string> {
  const psql = ['psql', '--no-psqlrc', '--no-password', '--tuples-only', '--no-align'];
  const { code, stdout, stderr } = await host.query(
    [...psql, ...clusterOptions(answers), '--dbname', 'postgres', '--command', sql],
    { as: SUPERUSER },
  );
  if (code === 0) return stdout.trim();
  throw new ProblemError({
    what: `PostgreSQL at port ${answers.text('database.port')} could not be asked, as ${SUPERUSER}, which roles and databases it has (exit code ${code}). Nothing was changed.`,
    remedy: `See why: sudo -u ${SUPERUSER} psql ${clusterOptions(answers).join(' ')} --list. Then run again.`,
    detail: stderr.split('\n').filter((line) => line !== ''),
  });
}

/** @returns a text as SQL writes it */
function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** @returns a name as SQL writes it: a role may be called `www-data` */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
