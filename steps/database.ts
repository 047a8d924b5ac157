import type { Answers } from '../src/answers/answers.ts';
import type { Trial } from '../src/answers/question.ts';
import type { Operation } from '../src/engine/operation.ts';
import type { Section } from '../src/engine/section.ts';
import type { Host } from '../src/host/host.ts';
import { shellOf } from '../src/host/shell.ts';
import { command } from '../src/operations/command.ts';
import { packages } from '../src/operations/packages.ts';
import { runningUnit } from '../src/operations/unit.ts';
import { count } from '../src/output/duration.ts';
import { ProblemError } from '../src/output/problem.ts';
import { Secret } from '../src/output/secret.ts';
import { clusterScript, databaseScript, roleScript } from '../src/script/database.ts';
import { DEFAULT_PORT, isLocal, POSTGRESQL } from '../src/site/database.ts';
import {
  clusterOptions,
  clusterState,
  hasRole,
  identifier,
  isAccepting,
  ownerOfDatabase,
  SUPERUSER,
} from '../src/site/database-cluster.ts';
import { loginOf, refusal, wasLetIn } from '../src/site/database-login.ts';
import { placeholder } from '../src/site/integrations.ts';
import { POSTGRESQL_UNIT, SITE_USER } from '../src/site/layout.ts';
import { CODE, hasAnyRole, isSpread } from '../src/site/roles.ts';
import { scramVerifier } from '../src/site/scram.ts';
import { databaseInForce } from '../src/site/settings.ts';
import { TUNNEL_UNIT } from '../src/site/tunnel.ts';
import { unitState } from '../src/site/units.ts';
import { randomText } from '../src/text/random.ts';

/** The oldest PostgreSQL that the site's development notes allow. */
const OLDEST = 120_000;

/** The role that the product itself made, and where. */
const ROLE_MADE = 'role-made';

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;

const section: Section = {
  id: 'database',
  title: 'Database',
  heading: 'Working directory › Production settings.py (database credentials)',
  summary: "PostgreSQL, with the role and the database from the site's settings.",
  needs: ['requirements/services'],
  questions: [
    {
      id: 'database.host',
      advanced: true,
      label: 'Database server',
      help: 'localhost: PostgreSQL is installed on this server, and the role and the database are created. Any other server: both must exist there.',
      kind: 'text',
      default: 'localhost',
      validate: (value) =>
        /^[A-Za-z0-9.:_/-]+$/.test(value)
          ? undefined
          : 'Enter a host name, an IP address or a socket directory.',
      current: async (host) => (await databaseInForce(host)).host,
    },
    {
      id: 'database.port',
      advanced: true,
      label: 'Database port',
      help: 'The port that PostgreSQL listens on; by default 5432.',
      kind: 'text',
      default: DEFAULT_PORT,
      validate: (value) =>
        /^\d+$/.test(value) && Number(value) > 0 && Number(value) < 65536
          ? undefined
          : `${value} is not a port: enter a number from 1 to 65535.`,
      current: async (host) => (await databaseInForce(host)).port,
    },
    {
      id: 'database.name',
      advanced: true,
      label: 'Database name',
      help: "The PostgreSQL database of the site. The site's development notes use the name studio.",
      kind: 'text',
      default: 'studio',
      validate: nameRule,
      existing: existingName,
      current: async (host) => (await databaseInForce(host)).name,
    },
    {
      id: 'database.user',
      advanced: true,
      label: 'Database role',
      help: "The PostgreSQL role that the site logs in as. The site's development notes use the name studio.",
      kind: 'text',
      default: 'studio',
      validate: nameRule,
      existing: existingName,
      current: async (host) => (await databaseInForce(host)).user,
    },
    {
      id: 'database.password',
      label: 'Database password',
      help: 'The password of the database role. For a database on this server, generate it. It is stored in settings.py only.',
      kind: 'secret',
      repeat: (answers) => answers.has('database.host') && !isLocal(answers),
      generate: () => randomText(32),
      validate: placeholder,
      rotatedBy: 'rotate database-password',
      current: async (host) => {
        const { password } = await databaseInForce(host);
        return password === undefined ? undefined : new Secret(password);
      },
      // The site logs in without one: as its own account (peer), or where pg_hba.conf trusts it.
      alreadyOnHost: async (host) => (await databaseInForce(host)).withoutPassword,
      async trial(answers, host) {
        if (isLocal(answers)) return judgedPassword(answers);
        const login = await loginOf(host, answers);
        return login.ok
          ? { ok: true, message: 'Logged in.' }
          : { ok: false, message: refusal(answers, login).message };
      },
    },
  ],
  operations: (answers) =>
    isLocal(answers) ? local(answers) : hasAnyRole(answers, ...CODE) ? external(answers) : [],
};
export default section;

/** Characters below which a password can be tried out. */
const SHORTEST_PASSWORD = 12;

/** Of a database on this server nothing can be tried yet: what is typed for it is judged by itself. */
function judgedPassword(answers: Answers): Trial {
  const password = answers.optionalSecret('database.password')?.reveal() ?? '';
  const made = { ok: true, message: 'The role and the database will be created on this server.' } as const;
  if (['host', 'generated'].includes(answers.sourceOf('database.password') ?? '')) return made;
  // PostgreSQL compares what SASLprep (RFC 4013) makes of a text, which for ASCII is the text itself.
  if (!/^[\x20-\x7e]*$/.test(password))
    return {
      ok: false,
      message:
        'It has characters other than ASCII, with which a login may fail. Choose another, or have one generated.',
    };
  if (password.length >= SHORTEST_PASSWORD) return made;
  return {
    ...made,
    doubt: true,
    message: `${count(password.length, 'character')}: easy to guess. Choose at least ${SHORTEST_PASSWORD}, or have one generated.`,
  };
}

function external(answers: Answers): readonly Operation[] {
  return [
    ...(isSpread(answers) ? [client] : []),
    {
      id: 'database/login',
      title: 'login to the database server',
      after: isSpread(answers) ? ['requirements', 'database/client'] : [],
      covers: ['settings-database'],
      async observe(host) {
        if (answers.has('servers.database') && (await unitState(host, TUNNEL_UNIT)).active !== 'active')
          return { later: 'needs the tunnel to it', summary: 'log in', shell: [], proves: true };
        const login = await loginOf(host, answers);
        if (!login.ok) throw refusal(answers, login);
        if (login.version < OLDEST) throw tooOld(login.version);
        return undefined;
      },
    },
  ];
}

/** `backup` and `update` keep the database as it is by pg_dump. */
const client = packages({
  id: 'database/client',
  title: "packages: PostgreSQL's client",
  packages: ['postgresql-client'],
  after: ['requirements/services', 'requirements/tunnel'],
});

const beyondTheDocument = {
  id: 'database-made',
  document: 'DATABASE must be updated with database credentials from your production db',
  instead: 'PostgreSQL is installed on this server; a role and a database that it owns are created.',
  why: 'The document assumes that they exist.',
} as const;

function local(answers: Answers): readonly Operation[] {
  const user = answers.text('database.user');
  const name = answers.text('database.name');
  const cluster = clusterOptions(answers);
  const made = `${user}@${cluster.join(' ')}`;
  return [
    // Last in apt's row, so that the certificate is asked for meanwhile and nothing but the tables waits for it.
    packages({
      id: 'database/packages',
      title: 'packages: PostgreSQL',
      packages: POSTGRESQL,
      starts: [POSTGRESQL_UNIT],
      covers: ['development-requirements'],
      // From PostgreSQL's own repository the packages without a number would bring a newer one, with a cluster of its own.
      unneeded: async (host) => ((await clusterState(host, answers)) === 'accepting' ? POSTGRESQL : []),
      // pg_ctlcluster, which apt waits for, goes on trying the new cluster for two seconds. Until the unit is active,
      // database/running would start or restart it.
      usable: async (host) =>
        (await isAccepting(host, answers)) &&
        (await host.query(['systemctl', 'is-active', '--quiet', POSTGRESQL_UNIT], { quiet: true })).code ===
          0,
    }),
    runningUnit({
      id: 'database/running',
      unit: POSTGRESQL_UNIT,
      title: 'PostgreSQL enabled and running',
      wantedBy: 'multi-user.target',
      waits: clusterScript(answers),
      async answers(host) {
        const state = await clusterState(host, answers);
        return state === 'accepting'
          ? undefined
          : `the cluster at port ${answers.text('database.port')} accepts no connections (${state})`;
      },
    }),
    command({
      id: 'database/role',
      title: `role ${user}`,
      covers: ['settings-database'],
      departure: beyondTheDocument,
      shell: [
        `sudo -u ${SUPERUSER} ${shellOf(['createuser', ...cluster, '--createdb', '--login', '--pwprompt', user])}`,
      ],
      script: roleScript(answers),
      async missing(host) {
        const task = await roleTask(host, answers, made);
        if (task === undefined || typeof task !== 'string') return task;
        return task === 'create' ? 'not created yet' : 'its password is in no settings.py';
      },
      async apply(live) {
        const task = await roleTask(live, answers, made);
        if (typeof task !== 'string') return;
        if (task === 'create') live.remember(ROLE_MADE, made);
        const rights = task === 'create' ? ' LOGIN CREATEDB' : '';
        const password = answers.optionalSecret('database.password');
        const verifier = password && ` PASSWORD '${scramVerifier(password.reveal())}'`;
        const verb = task === 'create' ? 'CREATE' : 'ALTER';
        // By standard input, and as a verifier: the password is neither in argv nor in the server's log.
        await live.run(
          [
            ...['psql', '--quiet', '--no-psqlrc', '--set', 'ON_ERROR_STOP=1'],
            ...cluster,
            '--dbname',
            'postgres',
          ],
          { as: SUPERUSER, input: `${verb} ROLE ${identifier(user)} WITH${rights}${verifier ?? ''};\n` },
        );
      },
    }),
    command({
      id: 'database/database',
      title: `database ${name}`,
      departure: beyondTheDocument,
      shell: [
        `sudo -u ${SUPERUSER} ${shellOf(['createdb', ...cluster, '--owner', user, '--encoding', 'UTF8', '--template', 'template0', name])}`,
      ],
      script: databaseScript(answers),
      irreversible: 'studio-setup never drops a database',
      async missing(host) {
        const login = await loginOf(host, answers);
        if (!login.ok) {
          if (login.reason === 'no database') return 'not created yet';
          if (wasLetIn(login)) throw refusal(answers, login);
          return { later: 'needs the role' };
        }
        if (login.version < OLDEST) throw tooOld(login.version);
        await belongsToTheSite(host, answers);
        return undefined;
      },
      async apply(live) {
        const options = [`--owner=${user}`, '--encoding', 'UTF8', '--template', 'template0'];
        await live.run(['createdb', ...cluster, ...options, '--', name], { as: SUPERUSER });
      },
    }),
  ];
}

/**
 * What is to be done to the role. A role that the product did not make is never altered: something may log in with it.
 * @returns `undefined` when the server lets it in
 * @throws ProblemError when the server refuses it for another reason than that it is not there, or could not be asked
 */
async function roleTask(
  host: Host,
  answers: Answers,
  made: string,
): Promise<'create' | 'set password' | { readonly later: string } | undefined> {
  const login = await loginOf(host, answers);
  if (login.ok || wasLetIn(login)) return undefined;
  if (login.reason === 'unreachable' && (await clusterState(host, answers)) !== 'accepting')
    return { later: 'needs PostgreSQL running' };
  // A password is refused for a role that is not there, too: the server does not tell the two apart for strangers.
  const mayBeAbsent = ['password', 'no role'].includes(login.reason) || isOwnAccount(answers, login.reason);
  if (!mayBeAbsent) throw refusal(answers, login);
  if (!(await hasRole(host, answers))) return 'create';
  // A run that was killed between making the role and writing settings.py leaves a password that nobody knows.
  const lost = answers.sourceOf('database.password') === 'generated' && host.hint(ROLE_MADE) === made;
  if (login.reason === 'password' && lost) return 'set password';
  throw refusal(answers, login);
}

/** By the socket the server may know the site by its account: then a role of that name lets it in. */
function isOwnAccount(answers: Answers, reason: string): boolean {
  return reason === 'not admitted' && answers.text('database.user') === SITE_USER;
}

/**
 * Every role may connect to every database unless that was forbidden: a login proves nothing about whose it is.
 * @throws ProblemError for another's database, when nobody said that it is the site's: neither settings.py nor a password that
 *   somebody gave for this login
 */
async function belongsToTheSite(host: Host, answers: Answers): Promise<void> {
  const [name, user] = [answers.text('database.name'), answers.text('database.user')];
  if ((await databaseInForce(host)).name === name) return;
  if (answers.sourceOf('database.password') !== 'generated') return;
  const owner = await ownerOfDatabase(host, answers);
  if (owner === user) return;
  throw new ProblemError({
    what: `The database ${name} already exists and belongs to ${owner}: the site's tables would be mixed with those of another application. The database was not changed.`,
    remedy: `Choose another database (answer database.name). If this one is meant for the site: ALTER DATABASE ${identifier(name)} OWNER TO ${identifier(user)}; then run again.`,
  });
}

function tooOld(version: number): ProblemError {
  return new ProblemError({
    what: `The database server runs PostgreSQL ${Math.floor(version / 10_000)}; the site needs 12 or later.`,
    remedy: 'Upgrade it (pg_upgradecluster on Debian), then run again.',
  });
}

/** What can stand in SQL, in argv and in a line of shell without being anything else. */
function existingName(value: string): string | undefined {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_.@+-]*$/u.test(value)
    ? undefined
    : `${value} contains characters that studio-setup does not put into commands.`;
}

function nameRule(value: string): string | undefined {
  return NAME.test(value)
    ? undefined
    : `Enter lowercase letters, digits and underscores, starting with a letter; at most 63 characters (this has ${value.length}).`;
}
