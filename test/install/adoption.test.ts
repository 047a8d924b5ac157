import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeAnswers } from '../rehearsal/answers.ts';
import { Operator } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { Proof } from '../rehearsal/proof.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';
import { copiesApart, filesWith, givenAway, namesIn, systemdSays } from './secrets.ts';

const site = '/var/www/blender-studio';
const settings = `${site}/studio/settings.py`;
const unit = '/etc/systemd/system/meilisearch.service';
const keyFile = '/etc/blender-studio/meilisearch.env';

/** What somebody made up who began by hand, as the document says, and gave up half-way. */
const own = {
  'secret-key': 'made-by-hand-secret-key-0001-for-nobody-but-this-very-host',
  'database.password': 'made-by-hand-database-password-0001',
  'blender-id.secret': 'made-by-hand-blender-id-secret-0001',
  'blender-id.webhook-secret': 'made-by-hand-webhook-secret-0001',
  'coconut.api-key': 'made-by-hand-coconut-key-0001',
  'meilisearch.master-key': 'made-by-hand-master-key-0001',
};
const secrets = givenAway(Object.entries(own).map(([id, value]) => ({ id, value })));

/** Their edits of settings.py, with notes of their own, in the style of an editor opened in haste. */
const edits: readonly (readonly [string, string])[] = [
  ["SECRET_KEY = 'CHANGE_ME'", `SECRET_KEY = "${own['secret-key']}"   # head /dev/urandom, 3 May`],
  [
    "    'studio.local',\n    'localhost',\n",
    "    'studio.example.org',  # ours\n    'www.studio.example.org',\n",
  ],
  ["'http://id.local:8000/'", "'https://id.example.org/'"],
  ["'OAUTH_CLIENT': 'CHANGE_ME'", "'OAUTH_CLIENT': 'client-of-ours'"],
  ["'OAUTH_SECRET': 'CHANGE_ME'", `'OAUTH_SECRET': '${own['blender-id.secret']}'`],
  ["b'CHANGE_ME'", `b"${own['blender-id.webhook-secret']}"`],
  [
    `'PASSWORD': 'CHANGE_ME',  # see "Development setup"`,
    `'PASSWORD':   '${own['database.password']}',  # also in the safe`,
  ],
  ["COCONUT_API_KEY = 'CHANGE_ME'", `COCONUT_API_KEY = '${own['coconut.api-key']}'`],
  ['"https://studio.local"', '"https://videos.example.org"'],
  ['# Video encoding\n', '# Video encoding: ask Ada before you touch this!\n\t\n'],
];
const ownSetting =
  "\n# Not in the example: the banner of the open day\nOPEN_DAY = {'text': 'Welcome',\n            'until': \"June\"}\n";

let host: Rehearsal;
let operator: Operator;
let proof: Proof;
let handMade: string;
let before: string;

beforeAll(async () => {
  host = await startRehearsal();
  await installProduct(host, console.log);
  await writeAnswers(host, {
    only: ['certificate.email', 'certificate.server', 'meilisearch.release', 'meilisearch.sha256'],
  });
  await byHand();
  before = await adoptable();
  operator = new Operator(host);
  proof = new Proof(host);
  console.log(await operator.run());
});
afterAll(() => host?.stop());

/** The document's first half, by root, in the order of the document. */
async function byHand(): Promise<void> {
  await shell(`
    apt-get update -q
    apt-get install -qy git virtualenv postgresql
    mkdir -p /var/www && cd /var/www
    git clone --quiet --branch production ${host.internet.git.url}
    virtualenv --quiet -p /usr/bin/python3 venv
    venv/bin/pip install --quiet poetry==1.1.6
    echo 'call Ada about the open day' > blender-studio/notes.txt`);
  const example = await host.read(`${site}/studio/settings.example.py`);
  handMade =
    edits.reduce((text, [from, to]) => {
      if (!text.includes(from)) throw new Error(`The example settings have no ${from}`);
      return text.replace(from, to);
    }, example) + ownSetting;
  await host.write(settings, handMade);
  const documented = await host.read(`${site}/deploy${unit}`);
  await host.write(
    unit,
    documented.replace('MEILI_MASTER_KEY=CHANGE_ME', `MEILI_MASTER_KEY=${own['meilisearch.master-key']}`),
  );
  // By standard input: sudo writes the command line into the journal.
  const role = `CREATE ROLE studio LOGIN CREATEDB PASSWORD '${own['database.password']}'`;
  await host.exec(['sudo', '-u', 'postgres', 'psql', '--quiet'], { input: role });
  await shell('sudo -u postgres createdb --owner studio studio');
}

/** What would be another if it had been made again: the clone, the virtualenv, and the role's password. */
function adoptable(): Promise<string> {
  return shell(`
    stat --format='%n %i' ${site}/.git/HEAD /var/www/venv/pyvenv.cfg /var/www/venv/bin/poetry
    git -c safe.directory='*' -C ${site} rev-parse HEAD
    sha256sum ${site}/notes.txt
    sudo -u postgres psql -Atc "SELECT rolpassword FROM pg_authid WHERE rolname = 'studio'"
    sudo -u postgres psql -Atc "SELECT oid FROM pg_database WHERE datname = 'studio'"`);
}

async function shell(line: string): Promise<string> {
  const { code, stdout, stderr } = await host.exec(['sh', '-euc', line]);
  if (code !== 0) throw new Error(`${line}\nended with ${code}: ${stderr.slice(-1000)}`);
  return stdout;
}

test('clone, virtualenv, role and database are those made by hand', async () => {
  expect(await adoptable()).toBe(before);
});

test('settings.py has its own values, comments and order; only what the document names is another', async () => {
  const adopted = await host.read(settings);
  const lines = adopted.split('\n');
  const left = handMade.split('\n').filter((line) => !lines.includes(line));
  expect(left).toEqual([
    'os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"',
    'DEBUG = True',
    "INSTALLED_APPS += ['sslserver']",
    "MEILISEARCH_PUBLIC_KEY = 'CHANGE_ME'",
    "MEILISEARCH_PRIVATE_KEY = 'CHANGE_ME'",
    "MEILISEARCH_API_ADDRESS = 'http://localhost:7700'",
    "AWS_CLOUDFRONT_KEY = os.environ.get('AWS_CLOUDFRONT_KEY').encode('ascii')",
    "    'WEBHOOK_SECRET': 'CHANGE_ME:CHANGE_ME',",
  ]);
  const kept = handMade.split('\n').filter((line) => !left.includes(line));
  // In their order, with nothing else in between but what took the place of the others.
  expect(lines.filter((line) => kept.includes(line))).toEqual(kept);
  expect(lines.length - kept.length).toBeLessThanOrEqual(left.length);
});

test('the master key that stood in the unit went on to its own file', async () => {
  expect(await host.read(keyFile)).toBe(`MEILI_MASTER_KEY=${own['meilisearch.master-key']}\n`);
  expect(await host.read(unit)).not.toContain('MEILI_MASTER_KEY=');
});

test('everything of the site belongs to www-data', async () => {
  expect(await shell('stat --format=%U:%G /var/www')).toBe('www-data:www-data\n');
  expect(await shell(`cd /var/www; find ${site} config venv ! -user www-data -o ! -group www-data`)).toBe('');
  expect(await shell('find /var/www -type d ! -group www-data -o -type d ! -perm -2000')).toBe('');
  expect(await shell(`stat --format=%a ${settings}`)).toBe('640\n');
});

test('the site is up, with the settings that were made by hand', async () => {
  await proof.https(['studio.example.org', 'www.studio.example.org']);
  await proof.databasePage();
  await proof.search();
  await proof.services();
  await proof.timers();
});

test('a second run changes and restarts nothing', async () => {
  console.log(await operator.runAgain(proof));
});

test('the doctor is content', async () => {
  console.log(await operator.doctor());
});

test('the secrets made by hand went nowhere else', async () => {
  const { 'meilisearch.master-key': _, ...inSettings } = own;
  const compiled = settings.replace('settings.py', '__pycache__/settings.cpython-311.pyc');
  const { files, copies } = copiesApart(await filesWith(host, secrets));
  // What stood in the two files before, for `undo`.
  expect([...copies.values()].toSorted((a, b) => a.length - b.length)).toEqual([
    ['meilisearch.master-key'],
    Object.keys(inSettings),
  ]);
  expect(files).toEqual(
    new Map([
      [settings, Object.keys(inSettings)],
      [compiled, Object.keys(inSettings)],
      [keyFile, ['meilisearch.master-key']],
    ]),
  );
  expect(namesIn(await systemdSays(host), secrets)).toEqual([]);
  for (const { stdout, stderr } of operator.transcripts)
    expect(namesIn(`${stdout}\n${stderr}`, secrets)).toEqual([]);
});
