import { describe, expect, it } from 'vitest';
import { type AnswerSource, Answers } from '../../src/answers/answers.ts';
import { isLater } from '../../src/engine/operation.ts';
import type { Host } from '../../src/host/host.ts';
import { Secret } from '../../src/output/secret.ts';
import type { SettingsInForce } from '../../src/site/computed-settings.ts';
import { SETTINGS, SETTINGS_EXAMPLE } from '../../src/site/layout.ts';
import settings from '../../steps/settings.ts';

const EXAMPLE = `import os
SECRET_KEY = 'CHANGE_ME'
DEBUG = True
ALLOWED_HOSTS = ['example.org']
DATABASES = {'default': {'NAME': 'studio', 'USER': 'studio', 'PASSWORD': 'CHANGE_ME', 'HOST': 'localhost', 'PORT': '5432'}}
COCONUT_API_KEY = 'CHANGE_ME'
GATEWAYS = {'braintree': {'environment': braintree.Environment.Sandbox}}
`;

const IN_FORCE: SettingsInForce = {
  secretKey: 'sample-secret-key-from-elsewhere',
  allowedHosts: ['.example.org'],
  database: { NAME: 'site', USER: 'site', PASSWORD: 'sample-password', HOST: 'db', PORT: '5432' },
};

/** @param django what the site's Django says of its settings (standard output of the probe), or why it can't */
function hostWith(installed: string, django: SettingsInForce | string = 'KeyError: SECRET_KEY'): Host {
  const host: Partial<Host> = {
    read: async (path) => (path === SETTINGS ? installed : path === SETTINGS_EXAMPLE ? EXAMPLE : undefined),
    status: async (path) =>
      path === SETTINGS
        ? { type: 'file', mode: 0o640, owner: 'www-data', group: 'www-data', size: 1, modified: 0 }
        : undefined,
    once: (_key, compute) => compute(),
    query: async () =>
      typeof django === 'string'
        ? { code: 1, stdout: '', stderr: `Traceback\n${django}\n` }
        : { code: 0, stdout: `\n@@${JSON.stringify(django)}\n`, stderr: '' },
    warn: () => undefined,
    hint: () => undefined,
    willChange: () => false,
  };
  return host as Host;
}

function answersFrom(source: AnswerSource, more: Readonly<Record<string, string | Secret>> = {}): Answers {
  const values = {
    domain: 'studio.example.org',
    'secret-key': new Secret(IN_FORCE.secretKey),
    'database.name': 'site',
    'database.user': 'site',
    'database.host': 'db',
    'database.port': '5432',
    'database.password': new Secret('sample-password'),
    ...more,
  };
  return Object.entries(values).reduce(
    (all, [id, value]) => (value === '' ? all : all.with(id, value, source)),
    new Answers(),
  );
}

async function after(answers: Answers, host: Host): Promise<string> {
  const operation = settings.operations(answers).find(({ id }) => id === 'settings/production');
  try {
    const change = await operation?.observe(host);
    if (change === undefined) return 'nothing';
    return isLater(change) ? `later: ${change.later}` : (change.diff ?? change.summary);
  } catch (error) {
    return `refused: ${(error as Error).message}`;
  }
}

const PLAIN = `import os
SECRET_KEY = '${IN_FORCE.secretKey}'
DEBUG = False
ALLOWED_HOSTS = ['studio.example.org']
DATABASES = {'default': {'NAME': 'site', 'USER': 'site', 'PASSWORD': 'sample-password', 'HOST': 'db', 'PORT': '5432'}}
`;

const replaced = (from: string, to: string) => {
  if (!PLAIN.includes(from)) throw new Error(from);
  return PLAIN.replace(from, to);
};

describe('settings that are in force in other words than the product writes', () => {
  it.each([
    ['plain', PLAIN],
    ['the key from the environment', replaced(`'${IN_FORCE.secretKey}'`, "os.environ['SECRET_KEY']")],
    ['the key of a file', replaced(`'${IN_FORCE.secretKey}'`, "open('/etc/site/key').read().strip()")],
    ['the password from the environment', replaced("'sample-password'", "os.environ.get('DB')")],
    [
      'the database by an address',
      replaced(
        "{'default': {'NAME': 'site', 'USER': 'site', 'PASSWORD': 'sample-password', 'HOST': 'db', 'PORT': '5432'}}",
        "{'default': parse(os.environ['DATABASE_URL'])}",
      ),
    ],
    ['the password by update()', `${PLAIN}DATABASES['default'].update(secrets.database)\n`],
    ['the key in a block', `${PLAIN}if True:\n    SECRET_KEY = load()\n`],
    ['the names from the environment', replaced("['studio.example.org']", "os.environ['HOSTS'].split()")],
    ['the port as a number', replaced("'5432'", '5432')],
    ['no port', replaced(", 'PORT': '5432'", '')],
    ['an empty port', replaced("'5432'", "''")],
  ])('%s: stay as they are', async (_case, source) => {
    expect(await after(answersFrom('host'), hostWith(source, IN_FORCE))).toBe('nothing');
  });

  it('a socket, an account and no password stay as they are', async () => {
    const peer = replaced("'PASSWORD': 'sample-password', 'HOST': 'db'", "'PASSWORD': '', 'HOST': ''");
    const answers = answersFrom('host', { 'database.host': '/var/run/postgresql', 'database.password': '' });
    expect(await after(answers, hostWith(peer))).toBe('nothing');
  });

  it.each([
    ["names that lack the site's", replaced("['studio.example.org']", 'hosts()'), 'ALLOWED_HOSTS in'],
    [
      'a password by update(), and another one answered',
      `${PLAIN}DATABASES['default'].update(secrets)\n`,
      'DATABASES.default.NAME cannot be managed: line 6',
    ],
  ])('%s: nothing is written, and the line is named', async (_case, source, words) => {
    const inForce = { ...IN_FORCE, allowedHosts: ['other.example.net'] };
    const said = await after(answersFrom('file'), hostWith(source, inForce));
    expect(said).toMatch(/^refused/);
    expect(said).toContain(words);
  });

  it.each(['SECRET_KEY', 'ALLOWED_HOSTS'])(
    "%s that nobody can tell is asked of nobody's default",
    async (name) => {
      const source = PLAIN.replace(new RegExp(`^${name} = .*$`, 'm'), `${name} = os.environ['X']`);
      const host = hostWith(source);
      const told = async () => {
        if (name === 'ALLOWED_HOSTS') return after(answersFrom('host'), host);
        const question = settings.questions.find(({ id }) => id === 'secret-key');
        return `${await question?.current?.(host).catch((error: Error) => `refused: ${error.message}`)}`;
      };
      expect(await told()).toMatch(/^refused: .*line \d computes it.*could not be asked for it: KeyError/);
    },
  );
});
