import type { Answers } from '../src/answers/answers.ts';
import type { Operation } from '../src/engine/operation.ts';
import type { Section } from '../src/engine/section.ts';
import type { Host } from '../src/host/host.ts';
import { type Login, logIn } from '../src/host/postgres.ts';
import { command, requirement } from '../src/operations/command.ts';
import { packages } from '../src/operations/packages.ts';
import { runningUnit } from '../src/operations/unit.ts';
import { ProblemError } from '../src/output/problem.ts';
import { Secret } from '../src/output/secret.ts';
import { isLocal, POSTGRESQL } from '../src/site/database.ts';
import { randomText } from '../src/site/integrations.ts';
import { scramVerifier } from '../src/site/scram.ts';
import { databaseSetting } from '../src/site/settings.ts';

/** The oldest PostgreSQL that the site's development notes allow. */
const OLDEST = 120_000;

/** The role that the product itself made. */
const ROLE_MADE = 'role-made';

const NAME = /^[a-z_][a-z0-9_]{0,62}$/;

const section: Section = {
  id: 'database',
  title: 'Database',
  heading: 'Working directory › Production settings.py (database credentials)',
  summary: "PostgreSQL, with the role and the database that the site's settings name.",
  needs: ['requirements/services'],
  questions: [
    {
      id: 'database.host',
      advanced: true,
      label: 'Database server',
      help: 'localhost: PostgreSQL is installed here, and role and database are made. Another server: both must exist there.',
      kind: 'text',
      default: 'localhost',
      validate: (value) =>
        /^[A-Za-z0-9.:_/-]+$/.test(value)
          ? undefined
          : 'That is not a host name, an address or a socket folder.',
      current: (host) => databaseSetting(host, 'HOST'),
    },
    {
      id: 'database.port',
      advanced: true,
      label: 'Port of the database server',
      help: 'PostgreSQL listens on 5432 unless told otherwise.',
      kind: 'text',
      default: '5432',
      validate: (value) =>
        /^\d+$/.test(value) && Number(value) > 0 && Number(value) < 65536
          ? undefined
          : 'A port is a number from 1 to 65535.',
      current: (host) => databaseSetting(host, 'PORT'),
    },
    {
      id: 'database.name',
      advanced: true,
      label: 'Name of the database',
      help: "The site's development notes call it studio.",
      kind: 'text',
      default: 'studio',
      validate: nameRule,
      current: (host) => databaseSetting(host, 'NAME'),
    },
    {
      id: 'database.user',
      advanced: true,
      label: 'Role that the site logs in as',
      help: "The site's development notes call it studio.",
      kind: 'text',
      default: 'studio',
      validate: nameRule,
      current: (host) => databaseSetting(host, 'USER'),
    },
    {
      id: 'database.password',
      label: 'Password of that role',
      help: 'For a database on this host let one be generated: it is kept in settings.py only.',
      kind: 'secret',
      generate: () => randomText(32),
      current: async (host) => {
        const password = await databaseSetting(host, 'PASSWORD');
        return password === undefined ? undefined : new Secret(password);
      },
      async trial(answers) {
        if (isLocal(answers)) return { ok: true, message: 'Role and database are made on this host.' };
        const login = await tryLogin(answers);
        return login.ok
          ? { ok: true, message: 'Logged in.' }
          : { ok: false, message: refusal(answers, login).message };
      },
    },
  ],
  operations: (answers) => (isLocal(answers) ? local(answers) : external(answers)),
};
export default section;

function external(answers: Answers): readonly Operation[] {
  return [
    requirement({
      id: 'database/login',
      title: 'log in to the database server',
      covers: ['settings-database'],
      async check(host) {
        const login = await loginOf(host, answers);
        if (!login.ok) throw refusal(answers, login);
        if (login.version < OLDEST) throw tooOld(login.version);
      },
    }),
  ];
}

const beyondTheDocument = {
  id: 'database-made',
  document: 'DATABASE must be updated with database credentials from your production db',
  instead: 'PostgreSQL is installed here; a role and a database owned by it are made.',
  why: 'The document takes for granted that they exist.',
} as const;

function local(answers: Answers): readonly Operation[] {
  const user = answers.text('database.user');
  const name = answers.text('database.name');
  return [
    // Last in apt's row, so that the certificate is asked for meanwhile and nothing but the tables waits for it.
    packages({
      id: 'database/packages',
      title: 'packages: PostgreSQL',
      packages: POSTGRESQL,
      starts: ['postgresql.service'],
      covers: ['development-requirements'],
    }),
    runningUnit({
      id: 'database/running',
      unit: 'postgresql.service',
      title: 'PostgreSQL enabled and running',
      wantedBy: 'multi-user.target',
      async answers(host) {
        // As postgres: for each try by another user the server logs that there is no such role.
        const ready = ['pg_isready', '--port', answers.text('database.port')];
        const { code, stdout } = await host.query(ready, { as: 'postgres' });
        return code === 0 ? undefined : `it takes no connections (${stdout.trim()})`;
      },
    }),
    command({
      id: 'database/role',
      title: `role ${user}`,
      covers: ['settings-database'],
      departure: beyondTheDocument,
      shell: [`sudo -u postgres createuser --createdb --login --pwprompt ${user}`],
      async missing(host) {
        const login = await loginOf(host, answers);
        if (login.ok || login.reason === 'no database') return undefined;
        if (login.reason === 'refused') return 'not made yet';
        if (!(await roleExists(host, user))) return 'not made yet';
        // A run that was killed between making the role and writing settings.py leaves a password that nobody knows.
        // Another one's role, though, keeps its password: something may log in with it.
        if (answers.sourceOf('database.password') === 'generated' && host.hint(ROLE_MADE) === user)
          return 'its password is not known to any settings.py';
        throw refusal(answers, login);
      },
      async apply(live) {
        const verifier = scramVerifier(answers.secret('database.password').reveal());
        const exists = await roleExists(live, user);
        if (!exists) live.remember(ROLE_MADE, user);
        // By standard input, and as a verifier: the password is neither in argv nor in the server's log.
        await live.run(
          [
            'psql',
            '--quiet',
            '--no-psqlrc',
            '--set',
            'ON_ERROR_STOP=1',
            '--port',
            answers.text('database.port'),
          ],
          {
            as: 'postgres',
            input: `${exists ? 'ALTER' : 'CREATE'} ROLE "${user}" WITH LOGIN CREATEDB PASSWORD '${verifier}';\n`,
          },
        );
      },
    }),
    command({
      id: 'database/database',
      title: `database ${name}`,
      departure: beyondTheDocument,
      shell: [`sudo -u postgres createdb --owner ${user} --encoding UTF8 --template template0 ${name}`],
      irreversible: 'a database is never dropped by the product',
      async missing(host) {
        const login = await loginOf(host, answers);
        if (!login.ok) return 'not made yet';
        if (login.version < OLDEST) throw tooOld(login.version);
        return undefined;
      },
      async apply(live) {
        await live.run(
          [
            'createdb',
            '--port',
            answers.text('database.port'),
            '--owner',
            user,
            '--encoding',
            'UTF8',
            '--template',
            'template0',
            name,
          ],
          { as: 'postgres' },
        );
      },
    }),
  ];
}

function loginOf(host: Host, answers: Answers): Promise<Login> {
  return host.once('database-login', () => tryLogin(answers));
}

function tryLogin(answers: Answers): Promise<Login> {
  return logIn({
    host: answers.text('database.host') || '127.0.0.1',
    port: Number(answers.text('database.port')),
    user: answers.text('database.user'),
    password: answers.secret('database.password').reveal(),
    database: answers.text('database.name'),
  });
}

async function roleExists(host: Host, user: string): Promise<boolean> {
  const { stdout } = await host.query(
    [
      'psql',
      '--no-psqlrc',
      '--tuples-only',
      '--no-align',
      '--command',
      `SELECT 1 FROM pg_roles WHERE rolname = '${user}'`,
    ],
    {
      as: 'postgres',
    },
  );
  return stdout.trim() === '1';
}

function refusal(answers: Answers, login: Extract<Login, { ok: false }>): ProblemError {
  const where = `${answers.text('database.host')}:${answers.text('database.port')}`;
  const user = answers.text('database.user');
  const name = answers.text('database.name');
  const [what, remedy] = {
    password: [
      `The database server ${where} refuses the password of ${user}.`,
      `Give the role's real password (answer database.password), or set it: ALTER ROLE ${user} PASSWORD …; then run again.`,
    ],
    'no database': [
      `The server ${where} has no database ${name}.`,
      `Make it there: createdb --owner ${user} ${name}; then run again.`,
    ],
    refused: [
      `No database server answers at ${where}.`,
      'Check the address (answers database.host and database.port), and that the server listens for this host.',
    ],
    other: [
      `The login to the database server ${where} failed: ${login.message}`,
      'Mend what the server says, then run again.',
    ],
  }[login.reason] as [string, string];
  return new ProblemError({ what, remedy });
}

function tooOld(version: number): ProblemError {
  return new ProblemError({
    what: `The database server is PostgreSQL ${Math.floor(version / 10_000)}; the site needs 12 or later.`,
    remedy: 'Upgrade it (pg_upgradecluster on Debian), then run again.',
  });
}

function nameRule(value: string): string | undefined {
  return NAME.test(value)
    ? undefined
    : 'Small letters, digits and underscores, beginning with a letter, at most 63.';
}
