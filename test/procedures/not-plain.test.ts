import { expect, it } from 'vitest';
import { Answers } from '../../src/answers/answers.ts';
import type { Host } from '../../src/host/host.ts';
import { procedures } from '../../src/procedures/index.ts';
import type { ProcedureKind } from '../../src/procedures/procedure.ts';
import { SETTINGS } from '../../src/site/layout.ts';

function kindOf(id: string): ProcedureKind {
  const found = procedures.find((each) => each.id === id);
  if (found === undefined) throw new Error(id);
  return found;
}

const databasePassword = kindOf('rotate database-password');
const secretKey = kindOf('rotate secret-key');

const PLAIN = `SECRET_KEY = 'sample-secret-key-of-this-site'
DATABASES = {'default': {'NAME': 'site', 'USER': 'site', 'PASSWORD': 'sample-password', 'HOST': 'db', 'PORT': '5432'}}
`;
const IN_FORCE = {
  secretKey: 'sample-secret-key-from-elsewhere',
  allowedHosts: [],
  database: { NAME: 'site', USER: 'site', PASSWORD: 'sample-password', HOST: 'db', PORT: '5432' },
};

/** A host whose Django says what is in force. */
function hostWith(source: string): Host {
  const host: Partial<Host> = {
    read: async (path) => (path === SETTINGS ? source : undefined),
    status: async () => undefined,
    once: (_key, compute) => compute(),
    query: async () => ({ code: 0, stdout: `\n@@${JSON.stringify(IN_FORCE)}\n`, stderr: '' }),
  };
  return host as Host;
}

it.each<[string, ProcedureKind, string, string]>([
  [
    'the password comes by update()',
    databasePassword,
    `${PLAIN}DATABASES['default'].update(secrets.DB)\n`,
    'line 3 changes it in place (by update)',
  ],
  [
    'the password comes by update() of all',
    databasePassword,
    `${PLAIN}DATABASES.update(secrets.DB)\n`,
    'line 3 changes it in place (by update)',
  ],
  [
    "the password is another module's",
    databasePassword,
    PLAIN.replace("'sample-password'", 'secrets.PASSWORD'),
    'line 2 computes it',
  ],
  ['there is no password', databasePassword, PLAIN.replace("'sample-password'", "''"), 'without a password'],
  [
    "the key is the environment's",
    secretKey,
    PLAIN.replace(/'sample-secret.*'/, "os.environ['KEY']"),
    'line 1 computes it',
  ],
  [
    'the key is assigned in a block',
    secretKey,
    `${PLAIN}if DEBUG:\n    SECRET_KEY = 'x'\n`,
    'line 4 assigns it inside an if',
  ],
  ['there are no settings at all', secretKey, '', 'Set the site up first'],
])('%s: nothing is rotated, and it is said where it stands', async (_case, kind, source, words) => {
  const built = kind.build({ host: hostWith(source), answers: new Answers() }, {});
  const problem = await built.then(
    () => 'built',
    ({ problem: { what, remedy } }) => `${what} ${remedy}`,
  );
  expect(problem).toContain(words);
  expect(problem).not.toContain('sample-');
});
