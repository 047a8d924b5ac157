import { mkdtemp } from 'node:fs/promises';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type AnswerSource, Answers } from '../../src/answers/answers.ts';
import { isLater, type Operation } from '../../src/engine/operation.ts';
import type { Host, ProgramResult } from '../../src/host/host.ts';
import { Secret } from '../../src/output/secret.ts';
import { SETTINGS } from '../../src/site/layout.ts';
import database from '../../steps/database.ts';
import { type Refusal, refusingServer } from '../site/postgres-server.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** PostgreSQL's errors as its sources have them. */
const WRONG_PASSWORD: Refusal = {
  code: '28P01',
  message: 'password authentication failed for user "studio"',
  routine: 'auth_failed',
};
const NO_ENTRY: Refusal = { code: '28000', message: 'no pg_hba.conf entry for host "127.0.0.1"' };
const NO_DATABASE: Refusal = { code: '3D000', message: 'database "studio" does not exist' };
const STARTING: Refusal = { code: '57P03', message: 'the database system is starting up' };
const NO_RIGHT: Refusal = { code: '42501', message: 'permission denied for database "studio"' };

const failed = (code: number, stderr: string): ProgramResult => ({ code, stdout: '', stderr });
const said = (stdout: string): ProgramResult => ({ code: 0, stdout, stderr: '' });

const READY = '/usr/lib/postgresql/15/bin/pg_isready';
const PROGRAM = { type: 'file', mode: 0o755, owner: 'root', group: 'root', size: 1, modified: 0 } as const;

interface Cluster {
  /** What psql, asked as postgres, says of roles: all those that are there, or why it can't be asked. */
  readonly roles: readonly string[] | ProgramResult;
  readonly owner?: string;
  /** pg_isready's exit code (its manual: 0 accepting, 1 rejecting, 2 no response). */
  ready?: number;
  /** Whether there is a socket. */
  socket?: boolean;
  /** What `systemctl is-active` ends with: 0 for a unit that is active, 3 for others (systemctl(1)). */
  active?: number;
  readonly installed?: boolean;
  readonly settings?: string;
  readonly hint?: string;
  readonly asTheSite?: (database: string) => ProgramResult;
}

/** A host with what PostgreSQL's own programs print; each that is run is noted. */
function hostWith(cluster: Cluster) {
  const ran: { argv: readonly string[]; as: string | undefined }[] = [];
  const host: Pick<Host, 'query' | 'read' | 'list' | 'once' | 'hint' | 'status' | 'warn' | 'willChange'> = {
    async query(argv, options = {}) {
      ran.push({ argv, as: options.as });
      const words = argv.join(' ');
      if (argv[0] === 'getent') return cluster.installed === false ? failed(2, '') : said('postgres:x:…');
      if (argv[1] === 'is-active') return { ...said(''), code: cluster.active ?? 0 };
      if (argv[0] === READY) return { ...said(''), code: cluster.ready ?? 0 };
      if (options.as === 'www-data')
        return (
          cluster.asTheSite?.(/--dbname=(\S+)/.exec(words)?.[1] ?? '') ??
          failed(2, 'psql: error: FATAL:  Peer authentication failed for user "studio"')
        );
      if (words.includes('pg_database')) return said(`${cluster.owner ?? ''}\n`);
      const { roles } = cluster;
      if ('code' in roles) return roles;
      return said(roles.some((role) => words.includes(`'${role}'`)) ? '1\n' : '');
    },
    read: async (path) => (path === SETTINGS ? cluster.settings : undefined),
    once: (_key, compute) => compute(),
    hint: (key) => (key === 'role-made' ? cluster.hint : undefined),
    list: async (path) => (path === '/usr/lib/postgresql' ? ['15'] : []),
    status: async (path) =>
      path === READY || (cluster.socket === true && path.startsWith('/var/run/postgresql/.s.PGSQL.'))
        ? PROGRAM
        : undefined,
    warn: () => undefined,
    willChange: () => false,
  };
  return { host: host as Host, ran };
}

async function answersFor(
  login: Refusal | 'nothing listens',
  more: Readonly<Record<string, string>> = {},
  source: AnswerSource = 'generated',
) {
  const { server, port } = await refusingServer(login === 'nothing listens' ? STARTING : login);
  servers.push(server);
  if (login === 'nothing listens') await new Promise((resolve) => server.close(resolve));
  const texts = { host: '127.0.0.1', port: String(port), name: 'studio', user: 'studio', ...more };
  const answers = Object.entries(texts).reduce(
    (all, [key, value]) => all.with(`database.${key}`, value, 'default'),
    new Answers(),
  );
  return {
    port: texts.port,
    answers: answers.with('database.password', new Secret('sample-password-1'), source),
  };
}

function operation(answers: Answers, id: string): Operation {
  const found = database.operations(answers).find((each) => each.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}

async function observed(what: Operation, host: Host): Promise<string> {
  try {
    const found = await what.observe(host);
    if (found === undefined) return 'nothing';
    return isLater(found) ? `later: ${found.later}` : found.summary;
  } catch (error) {
    return `refused: ${(error as Error).message}`;
  }
}

describe('the packages', () => {
  const META = 'postgresql';
  it.each([
    // From apt.postgresql.org a cluster may come by its numbered packages alone.
    [
      'a cluster of another package answers',
      'postgresql-17 installed\npostgresql-client-17 installed\n',
      0,
      false,
    ],
    ['no cluster answers at that port', 'postgresql-17 installed\n', 2, true],
    ['a cluster answers, and a run was cut off while it was installed', `${META} unpacked\n`, 0, true],
    ['nothing is there', '', 2, true],
  ])('%s', async (_, dpkg, ready, installs) => {
    const { answers } = await answersFor('nothing listens');
    const { host } = hostWith({ roles: [], ready });
    const known = host.query.bind(host);
    host.query = async (argv, options) => (argv[0] === 'dpkg-query' ? said(dpkg) : known(argv, options));
    const seen = await observed(operation(answers, 'database/packages'), host);
    expect(seen).toMatch(installs ? /^install postgresql/ : /^nothing$/);
  });

  /** While apt waits for pg_ctlcluster, which tries a new cluster for two seconds. */
  describe('let the role and the tables be made while apt is still at work', () => {
    const changeOf = async (cluster: Cluster, dpkg: string) => {
      const { answers } = await answersFor('nothing listens');
      const { host } = hostWith(cluster);
      const known = host.query.bind(host);
      host.query = async (argv, options) => (argv[0] === 'dpkg-query' ? said(dpkg) : known(argv, options));
      const change = await operation(answers, 'database/packages').observe(host);
      if (change === undefined || isLater(change)) throw new Error('Nothing to change');
      return { usable: change.usable, host };
    };

    it.each([
      ['apt is at others yet, and another server answers at that port', { ready: 0 }, false],
      ['the server starts', { socket: true, ready: 1 }, false],
      ['a socket is left of a server', { socket: true, ready: 2 }, false],
      ['its unit is being started', { socket: true, ready: 0, active: 3 }, false],
      ['the server answers', { socket: true, ready: 0 }, true],
    ])('%s', async (_, then, expected) => {
      const cluster: Cluster = { roles: [], ready: 2 };
      const { usable, host } = await changeOf(cluster, '');
      Object.assign(cluster, then);
      expect(await usable?.(host)).toBe(expected);
    });

    it('but not in a server that dpkg brings into use before apt is at work', async () => {
      const { usable } = await changeOf({ roles: [], ready: 2 }, `${META} unpacked\n`);
      expect(usable).toBeUndefined();
    });
  });
});

describe('the role', () => {
  const unasked = failed(2, 'psql: error: connection to server on socket failed: No such file or directory');
  it.each<[string, Refusal | 'nothing listens', Cluster, AnswerSource, RegExp]>([
    ['is not there', WRONG_PASSWORD, { roles: [] }, 'generated', /^role studio: not created yet$/],
    [
      "is another application's",
      WRONG_PASSWORD,
      { roles: ['studio'] },
      'generated',
      /^refused: .*refuses the password of studio/,
    ],
    [
      'is there, and the password that was given is wrong',
      WRONG_PASSWORD,
      { roles: ['studio'] },
      'file',
      /^refused: .*refuses the password/,
    ],
    [
      'could not be asked for',
      WRONG_PASSWORD,
      { roles: unasked },
      'generated',
      /^refused: .*could not be asked.*Nothing was changed/,
    ],
    [
      "could not be asked for in psql's own error",
      WRONG_PASSWORD,
      { roles: failed(1, 'ERROR') },
      'generated',
      /^refused: .*could not be asked/,
    ],
    [
      "is another application's, and TCP is closed",
      'nothing listens',
      { roles: ['studio'] },
      'generated',
      /^refused: No database server answers at 127/,
    ],
    [
      'is not there, and TCP is closed',
      'nothing listens',
      { roles: [] },
      'generated',
      /^refused: No database server answers/,
    ],
    [
      'has no line in pg_hba.conf',
      NO_ENTRY,
      { roles: ['studio'] },
      'generated',
      /^refused: .*does not let studio in: no pg_hba.conf entry/,
    ],
    [
      'is not there, and would have no line',
      NO_ENTRY,
      { roles: [] },
      'generated',
      /^refused: .*no pg_hba.conf entry/,
    ],
    [
      'meets a server that starts',
      STARTING,
      { roles: ['studio'] },
      'generated',
      /^refused: .*accepts no connections at the moment: the database system is starting up/,
    ],
    ['was let in; the database is missing', NO_DATABASE, { roles: ['studio'] }, 'generated', /^nothing$/],
    ['was let in; the database is closed to it', NO_RIGHT, { roles: ['studio'] }, 'generated', /^nothing$/],
    [
      'waits for packages',
      'nothing listens',
      { roles: unasked, installed: false },
      'generated',
      /^later: needs PostgreSQL/,
    ],
    [
      'waits for the cluster',
      'nothing listens',
      { roles: unasked, ready: 2 },
      'generated',
      /^later: needs PostgreSQL/,
    ],
    [
      'has an unknown cause',
      { code: '53300', message: 'sorry, too many clients already' },
      { roles: ['studio'] },
      'generated',
      /^refused: .*cause is not known.*sorry, too many clients already/,
    ],
  ])('%s', async (_case, login, cluster, source, expected) => {
    const { answers } = await answersFor(login, {}, source);
    expect(await observed(operation(answers, 'database/role'), hostWith(cluster).host)).toMatch(expected);
  });

  it('that a killed run left is given its password; not one of the same name in another cluster', async () => {
    const { answers, port } = await answersFor(WRONG_PASSWORD);
    const role = operation(answers, 'database/role');
    const own = hostWith({ roles: ['studio'], hint: `studio@--port ${port}` });
    expect(await observed(role, own.host)).toBe('role studio: its password is in no settings.py');
    const other = hostWith({ roles: ['studio'], hint: 'studio@--port 5433' });
    expect(await observed(role, other.host)).toMatch(/^refused/);
  });

  it('is never altered, whatever happened between plan and run', async () => {
    const { answers } = await answersFor(WRONG_PASSWORD);
    const roles: string[] = [];
    const { host } = hostWith({ roles });
    const change = await operation(answers, 'database/role').observe(host);
    if (change === undefined || isLater(change)) throw new Error('no change');
    roles.push('studio');
    const commands: string[] = [];
    const live = {
      ...host,
      remember: () => undefined,
      run: async (_: unknown, { input }: { input: string }) => commands.push(input),
    };
    await expect(change.apply(live as never)).rejects.toThrow('refuses the password');
    expect(commands).toEqual([]);
  });
});

describe('the database', () => {
  it.each<[string, Refusal | 'nothing listens', Cluster, RegExp]>([
    ['is not there', NO_DATABASE, { roles: ['studio'] }, /^database studio: not created yet$/],
    ["can't be told before the role", WRONG_PASSWORD, { roles: [] }, /^later: needs the role/],
    [
      'is closed to the role',
      NO_RIGHT,
      { roles: ['studio'] },
      /^refused: .*does not let studio into the database/,
    ],
    ['meets a closed port', 'nothing listens', { roles: [] }, /^later: needs the role/],
  ])('%s', async (_case, login, cluster, expected) => {
    const { answers } = await answersFor(login);
    expect(await observed(operation(answers, 'database/database'), hostWith(cluster).host)).toMatch(expected);
  });
});

describe('two clusters', () => {
  it('the port that was answered is in every command, in the plan too', async () => {
    const { answers, port } = await answersFor(WRONG_PASSWORD);
    const { host, ran } = hostWith({ roles: [] });
    const change = await operation(answers, 'database/role').observe(host);
    expect(change?.shell.join()).toContain(`--port ${port}`);
    const programs = ran.filter(({ argv }) => ['psql', READY].includes(argv[0] ?? ''));
    expect(programs.length).toBeGreaterThan(0);
    for (const { argv } of programs) expect(argv.join(' ')).toContain(`--port ${port}`);
  });
});

describe('the socket, where the server knows the site by its account', () => {
  const settings = `DATABASES = {'default': {'NAME': 'site', 'USER': 'www-data', 'PASSWORD': '', 'HOST': '', 'PORT': ''}}\n`;
  const socket = { host: '/nonexistent-socket-folder', user: 'www-data', name: 'site' };

  it('is answered by the settings in force', async () => {
    const { host } = hostWith({ roles: [], settings });
    const current = async (id: string) =>
      database.questions.find((question) => question.id === `database.${id}`)?.current?.(host);
    expect(await Promise.all(['host', 'port', 'name', 'user'].map(current))).toEqual([
      '/var/run/postgresql',
      '5432',
      'site',
      'www-data',
    ]);
    expect(await current('password')).toBeUndefined();
    const password = database.questions.find(({ id }) => id === 'database.password');
    expect(await password?.alreadyOnHost?.(host)).toBe(true);
  });

  it('is not answered by a copy of the example that nobody filled in', async () => {
    const example = settings.replace("'PASSWORD': ''", "'PASSWORD': 'CHANGE_ME'");
    const { host } = hostWith({ roles: [], settings: example });
    const questions = database.questions.filter(({ id }) => /host|port|password/.test(id));
    for (const question of questions) expect(await question.current?.(host)).toBeUndefined();
    expect(await questions.at(-1)?.alreadyOnHost?.(host)).toBe(false);
  });

  it.each<[string, (database: string) => ProgramResult, string, string]>([
    ['lets the site in', () => said('150018\n'), 'nothing', 'nothing'],
    [
      'lets the site in, without a database yet',
      (name) =>
        name === 'template1' ? said('150018\n') : failed(2, 'FATAL:  database "site" does not exist'),
      'nothing',
      'database site: not created yet',
    ],
    [
      'refuses the site, whose role is there',
      () => failed(2, 'psql: error: FATAL:  Peer authentication failed for user "www-data"'),
      'refused: The database server in FOLDER, port 5432 does not let www-data in: psql: error: FATAL:  Peer authentication failed for user "www-data"',
      'later: needs the role',
    ],
  ])('%s', async (_case, asTheSite, role, made) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'pg-'));
    const peer = {
      code: '28000',
      message: 'Peer authentication failed for user "www-data"',
      routine: 'auth_failed',
    };
    servers.push((await refusingServer(peer, folder)).server);
    let answers = new Answers();
    for (const [key, value] of Object.entries({ host: folder, port: '5432', user: 'www-data', name: 'site' }))
      answers = answers.with(`database.${key}`, value, 'host');
    const { host } = hostWith({ roles: ['www-data'], settings, asTheSite });
    const told = async (id: string) =>
      (await observed(operation(answers, id), host)).replaceAll(folder, 'FOLDER');
    expect(await told('database/role')).toBe(role);
    expect(await told('database/database')).toBe(made);
  });

  it.each<[string, Cluster, AnswerSource, string]>([
    ["another application's", { roles: [], owner: 'shop' }, 'generated', 'belongs to shop'],
    ["the role's own", { roles: [], owner: 'www-data' }, 'generated', 'nothing'],
    ["another's, and settings.py names it", { roles: [], owner: 'shop', settings }, 'generated', 'nothing'],
    ["another's, and its login was given", { roles: [], owner: 'shop' }, 'file', 'nothing'],
  ])('a database that lets the role in and is %s', async (_case, cluster, source, expected) => {
    const folder = await mkdtemp(path.join(tmpdir(), 'pg-'));
    const peer = { code: '28000', message: 'Peer authentication failed', routine: 'auth_failed' };
    servers.push((await refusingServer(peer, folder)).server);
    let answers = new Answers().with('database.password', new Secret('sample-password-1'), source);
    for (const [key, value] of Object.entries({ host: folder, port: '5432', user: 'www-data', name: 'site' }))
      answers = answers.with(`database.${key}`, value, 'file');
    const { host } = hostWith({ ...cluster, asTheSite: () => said('150018\n') });
    expect(await observed(operation(answers, 'database/database'), host)).toContain(expected);
  });

  it('without an answer from the socket the role waits, and is not made elsewhere', async () => {
    const { answers } = await answersFor(STARTING, socket);
    const { host, ran } = hostWith({ roles: ['www-data'], settings, ready: 2 });
    expect(await observed(operation(answers, 'database/role'), host)).toMatch(/^later/);
    for (const { argv } of ran.filter(({ argv }) => argv[0] === READY))
      expect(argv.join(' ')).toContain('--host /nonexistent-socket-folder');
  });
});
