import type { LiveHost } from '../host/host.ts';
import { SITE_USER, WWW } from './layout.ts';
import { databaseInForce } from './settings.ts';

/** A dump of a large database takes its time. Milliseconds. */
const LONGEST_MS = 6 * 60 * 60_000;

/**
 * Root does no more than open the dump, which is its own alone. All else is the site's account: what it connects to, and what
 * is in the dump, the site decides, and psql carries out commands that a dump may hold (CVE-2025-8714).
 */
const WRITING = 'umask 077; file=$1; shift; exec "$@" > "$file"';
const READING = 'file=$1; shift; exec "$@" 3< "$file"';
const AS_SITE = ['setpriv', '--reuid', SITE_USER, '--regid', SITE_USER, '--init-groups', '--'];

/** The password comes by standard input, and stands in a file in memory while the program runs. */
const PASSWORD = `set -eu
umask 077
PGPASSFILE=$(mktemp -p /dev/shm studio-setup.XXXXXXXX)
export PGPASSFILE
trap 'rm -f -- "$PGPASSFILE"' EXIT
trap 'exit 143' HUP INT TERM
cat > "$PGPASSFILE"
`;
const DUMP = `${PASSWORD}pg_dump --format=custom "$@" < /dev/null`;
const LIST = 'pg_restore --list <&3 > /dev/null';
/**
 * One transaction: visitors see the one content or the other, and a dump that ends early is not taken, as nothing ends the
 * transaction then. What the role owns is all that Django made. Comments on extensions are their owner's, a superuser.
 */
const RESTORE = `${PASSWORD}{
  echo 'BEGIN; DROP OWNED BY CURRENT_USER CASCADE;'
  pg_restore --no-owner --no-comments --file=- <&3
  echo 'COMMIT;'
} | psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 "$@" --file=-`;

/** Programs of PostgreSQL's on the site's own database. */
interface DatabasePrograms {
  /** A dump in PostgreSQL's own format, of one moment, that can be read. @param file absolute, root's own @throws ProblemError */
  dump(file: string): Promise<void>;
  /** Gives the database the content of a dump, whole or not at all. */
  restore(file: string): Promise<void>;
}

/**
 * Works on the site's database as the site's own role: it owns what is in there, and no superuser is needed, on whatever
 * server. The password is never in arguments or environment.
 */
export async function databasePrograms(live: LiveHost): Promise<DatabasePrograms> {
  const { host = '', port = '', user = '', name = '', password = '' } = await databaseInForce(live);
  const where = ['--no-password', '--host', host, '--port', port, '--username', user, '--dbname', name];
  const run = (open: string, file: string, script: string) =>
    live.run(['sh', '-c', open, 'sh', file, ...AS_SITE, 'sh', '-c', script, 'sh', ...where], {
      // libpq looks for certificates there.
      env: { HOME: WWW },
      // libpq-pgpass: hostname:port:database:username:password, with a backslash before ":" and itself.
      input: `*:*:*:*:${password.replace(/[\\:]/g, '\\$&')}\n`,
      timeoutMs: LONGEST_MS,
    });
  return {
    async dump(file) {
      await run(WRITING, file, DUMP);
      await run(READING, file, LIST);
    },
    async restore(file) {
      await run(READING, file, RESTORE);
    },
  };
}
