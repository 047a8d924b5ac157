import { basename } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { secretsFolder, writeAnswers } from '../rehearsal/answers.ts';
import { installedHost } from '../rehearsal/installed.ts';
import { expectExit, type Operator, records } from '../rehearsal/operator.ts';
import { Proof } from '../rehearsal/proof.ts';
import { laterDjango } from '../rehearsal/python.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { traces, tracesBefore } from './files.ts';
import { killAt } from './interruptions.ts';
import { adminPage, loggedIn, logsIn, passFile } from './logins.ts';
import { oneLine, setUp, shell } from './operator.ts';
import { keyFile, type Rotated, rotated, settingsFile, wholeSearch } from './rotation.ts';
import { filesWith, givenAway, namesIn, type Secrets, systemdSays, watchProcesses } from './secrets.ts';
import { underTrickle } from './trickle.ts';

const version = '0.25.2';
/** A key that the operator chose, for the first rotation: what is known before can be looked for all the while. */
const chosen = 'chosen-by-the-operator-master-key-0001';
const site = '/var/www/blender-studio';

// One host, and one installation on it: the tests are stations of its life, in this order.
let host: Rehearsal;
let operator: Operator;
let proof: Proof;
let first: Rotated;

beforeAll(async () => {
  ({ host, operator } = await installedHost('generated'));
  proof = new Proof(host);
  first = await rotated(host);
});
afterAll(() => host?.powerOff());

/** Rotates while visitors come by; none of them may notice. */
async function rotate(secret: string, ...options: readonly string[]) {
  const { result, seen, words } = await underTrickle(host, () =>
    operator.start('rotate', secret, '--json', ...options),
  );
  console.log(`rotate ${secret}: ${result.seconds.toFixed(1)} s; ${words}`);
  expectExit(result, 0);
  expect(records(result)).toContainEqual(
    expect.objectContaining({ type: 'procedure-finished', procedure: `rotate ${secret}`, state: 'new' }),
  );
  expect(seen.asked).toBeGreaterThan(20);
  expect(seen.failed).toEqual([]);
  return result;
}

function restartsOf(ran: Awaited<ReturnType<Operator['start']>>): unknown {
  return records(ran).find(({ type }) => type === 'run-finished')?.restarts;
}

describe('rotate meilisearch-key', () => {
  let secrets: Secrets;
  // The operator takes the line out of the answers file again, as the notice says.
  afterAll(() => writeAnswers(host, { integrations: 'skipped', secrets: 'generate' }));

  test('makes the key again, shows it to nobody, and no page fails', async () => {
    await host.write(`${secretsFolder}/chosen`, `${chosen}\n`, { mode: '600' });
    await writeAnswers(host, {
      integrations: 'skipped',
      secrets: 'generate',
      extra: { 'meilisearch.master-key': { file: `${secretsFolder}/chosen` } },
    });
    secrets = givenAway([
      { id: 'old', value: first.master },
      { id: 'new', value: chosen },
      { id: 'old public', value: first.public },
      { id: 'old private', value: first.private },
    ]);
    const watch = await watchProcesses(host, secrets);
    const ran = await rotate('meilisearch-key');
    const { shown } = await watch.stop();
    // Meilisearch takes its key by no other way in this version; only root and www-data can look there.
    expect(shown.filter(({ group }) => group !== 'meilisearch.service')).toEqual([]);
    expect(shown.length).toBeGreaterThan(0);
    expect(records(ran).filter(({ type }) => type === 'planned').length).toBeGreaterThan(6);
    expect(restartsOf(ran)).toEqual(['meilisearch.service', 'studio.service', 'studio-background.service']);
  });

  test('the new one is in force everywhere, and the old keys are worth nothing', async () => {
    expect((await rotated(host)).master).toBe(chosen);
    await wholeSearch(host, version, [first.master, first.public, first.private]);
  });

  test('a run after it changes and restarts nothing', async () => {
    console.log(await operator.runAgain(proof));
  });

  test('old and new stand only in the files that own them', async () => {
    const now = await rotated(host);
    const all = givenAway([
      ...Object.entries(first).map(([id, value]) => ({ id: `first ${id}`, value })),
      { id: 'master', value: now.master },
      { id: 'private', value: now.private },
    ]);
    const found = await filesWith(host, all);
    const unchanged = ['first password', 'first secretKey', 'private'];
    expect(new Map([...found].map(([path, names]) => [path, names.sort()]))).toEqual(
      new Map([
        [`${secretsFolder}/chosen`, ['master']],
        [keyFile, ['master']],
        [settingsFile, unchanged],
        [settingsFile.replace('settings.py', '__pycache__/settings.cpython-311.pyc'), unchanged],
      ]),
    );
    for (const { stdout, stderr } of operator.transcripts)
      expect(namesIn(`${stdout}\n${stderr}`, all)).toEqual([]);
    expect(namesIn(await systemdSays(host), all)).toEqual([]);
  });
});

describe('rotate secret-key', () => {
  test('ends all sessions, says so first, and no page fails', async () => {
    const session = await loggedIn(host);
    expect(await adminPage(host, session)).toBe('200');
    const ran = await rotate('secret-key');
    expect(records(ran).find(({ type }) => type === 'notice')?.message).toMatch(/^All sessions end/);
    expect(await adminPage(host, session)).toBe('302');
    expect((await rotated(host)).secretKey).not.toBe(first.secretKey);
    console.log(await operator.runAgain(proof));
  });
});

describe('rotate database-password', () => {
  test('role, settings.py and the running site change together; an open connection stays; no page fails', async () => {
    const open = host.spawn(
      [
        ...[
          'psql',
          '--no-psqlrc',
          '--tuples-only',
          '--no-align',
          '--host=127.0.0.1',
          '--username=studio',
          'studio',
        ],
      ],
      { env: { PGPASSFILE: await passFile(host, first.password) } },
    );
    let said = '';
    open.stdout?.on('data', (chunk) => {
      said += String(chunk);
    });
    open.stdin?.write("SELECT 'before';\n");
    await expect.poll(() => said).toContain('before');
    await rotate('database-password');
    open.stdin?.end("SELECT 'after';\n");
    await expect.poll(() => said).toContain('after');
    const { password } = await rotated(host);
    expect([await logsIn(host, first.password), await logsIn(host, password)]).toEqual([false, true]);
    console.log(await operator.runAgain(proof));
    await proof.databasePage();
  });
});

describe('when a step fails', () => {
  beforeAll(() => shell(host, `chown root:root ${site}/studio`));
  afterAll(() => shell(host, `chown www-data:www-data ${site}/studio`));

  test.each(['meilisearch-key', 'secret-key', 'database-password'])(
    'rotate %s: what was before works again, and no page fails',
    async (secret) => {
      const before = await rotated(host);
      const { result, seen, words } = await underTrickle(host, () => operator.start('rotate', secret));
      console.log(`rotate ${secret}, settings.py can't be written: ${words}`);
      expect(seen.failed).toEqual([]);
      expect(result.code).toBe(1);
      const said = oneLine(result.stdout);
      expect(said).toMatch(/This did not succeed: restoring the old state\..* is in force again/);
      expect(said).toMatch(/can't be written as www-data/);
      expect(await rotated(host)).toEqual(before);
      await wholeSearch(host, version);
      await proof.databasePage();
      expect(await logsIn(host, before.password)).toBe(true);
    },
  );
});

describe('killed with kill -9', () => {
  test('what is pending is said by whoever only looks; the next run finishes it, also when its record is lost', async () => {
    const before = await rotated(host);
    const killed = await killAt(
      host,
      [{ operation: 'meilisearch-key/service', output: 'end', within: 0 }],
      ['rotate', 'meilisearch-key'],
    );
    expect([killed.code, killed.said]).toEqual([null, expect.anything()]);
    // The account's own shell still writes what it was given.
    await expect
      .poll(() => shell(host, "find /var/www -name '*.studio-setup-partial'"), { timeout: 10_000 })
      .toBe('');
    const there = await tracesBefore(host);
    for (const [command, code] of [
      ['plan', 3],
      ['status', 0],
      ['doctor', 3],
    ] as const) {
      const ran = await operator.start(command);
      expect([command, ran.code]).toEqual([command, code]);
      expect(oneLine(ran.stdout)).toContain(
        '"rotate meilisearch-key" was interrupted. To finish it: studio-setup rotate meilisearch-key',
      );
    }
    expect(await traces(host)).toEqual(there);
    await shell(host, 'rm /var/lib/studio-setup/pending.json');
    const { code, stdout, stderr } = await setUp(host);
    expect(code, stdout + stderr).toBe(0);
    expect(oneLine(stdout)).toContain('It is finished first.');
    const after = await rotated(host);
    expect(after.master).not.toBe(before.master);
    await wholeSearch(host, version, [before.master, before.public, before.private]);
    console.log(await operator.runAgain(proof));
  });

  test('in the middle of the change of the password: the site does not stay paused, and the next start finishes it', async () => {
    const before = await rotated(host);
    const killed = await killAt(
      host,
      [{ operation: 'database-password/role', output: /ALTER ROLE/, within: 0 }],
      ['rotate', 'database-password'],
    );
    expect([killed.code, killed.said]).toEqual([null, expect.anything()]);
    // Whatever the site says, it says something.
    expect(await staticPage()).toMatch(/^[45]\d\d$/);
    const { code, seconds } = await operator.start('rotate', 'database-password');
    console.log(`finished in ${seconds.toFixed(1)} s`);
    expect(code).toBe(0);
    const after = await rotated(host);
    expect(after.password).not.toBe(before.password);
    expect([await logsIn(host, before.password), await logsIn(host, after.password)]).toEqual([false, true]);
    console.log(await operator.runAgain(proof));
    await proof.databasePage();
  });
});

describe('ended by SIGTERM in the middle of the change of the password', () => {
  test('the site goes on; the next start finishes it, also when uWSGI was left paused', async () => {
    const before = await rotated(host);
    const ended = await killAt(
      host,
      [{ operation: 'database-password/role', output: /ALTER ROLE/, within: 0 }],
      ['rotate', 'database-password'],
      'SIGTERM',
    );
    expect([ended.code, ended.point]).toEqual([130, expect.anything()]);
    await proof.databasePage();
    const pause = 'systemctl kill --kill-who=main --signal=SIGTSTP studio.service';
    await shell(host, pause);
    const { code, seconds } = await operator.start('rotate', 'database-password');
    console.log(`finished in ${seconds.toFixed(1)} s`);
    expect(code).toBe(0);
    const after = await rotated(host);
    expect([await logsIn(host, before.password), await logsIn(host, after.password)]).toEqual([false, true]);
    await proof.databasePage();
  });

  test('the site goes on when the whole session is killed', async () => {
    const script = `systemd-run --quiet --scope --unit=session studio-setup rotate database-password --yes --json | while read -r line; do
case $line in *'ALTER ROLE'*) systemctl kill --signal=SIGKILL session.scope;; esac; done`;
    await shell(host, script);
    expect(await shell(host, 'ls /etc/blender-studio')).toContain('database-password.pending');
    await expect.poll(staticPage, { timeout: 60_000 }).toMatch(/^[45]\d\d$/);
    expect((await operator.start('rotate', 'database-password')).code).toBe(0);
    await proof.databasePage();
  });
});

// The last: the site's own Django is not put back.
describe('rotate secret-key where Django knows SECRET_KEY_FALLBACKS', () => {
  beforeAll(async () => {
    const wheel = await laterDjango(() => {});
    const there = `/srv/${basename(wheel)}`;
    await host.push(wheel, there);
    const pip = '/var/www/venv/bin/pip install --quiet --no-index --no-deps --no-compile';
    await shell(host, `sudo -Hu www-data ${pip} ${there}; systemctl restart studio studio-background`);
  });

  test('sessions go on, twice over; they end once the list is emptied', async () => {
    // Once Django has taken a session by an old key it gives it another number: each of these is used once.
    const [first, second] = [await loggedIn(host), await loggedIn(host)];
    for (const earlier of [0, 1]) {
      const before = await rotated(host);
      const ran = await rotate('secret-key');
      expect(records(ran).find(({ type }) => type === 'notice')?.message).toMatch(/^Sessions continue/);
      const after = await rotated(host);
      expect(after.secretKey).not.toBe(before.secretKey);
      const kept = (await shell(host, `grep ^SECRET_KEY_FALLBACKS ${settingsFile}`)).match(/'[^']+'/g);
      expect(kept?.length).toBe(earlier + 1);
      expect(kept?.[0]).toBe(`'${before.secretKey}'`);
    }
    expect(await adminPage(host, first)).toBe('200');
    await shell(
      host,
      `sed -i 's/^SECRET_KEY_FALLBACKS.*/SECRET_KEY_FALLBACKS = []/' ${settingsFile}; systemctl restart studio`,
    );
    expect(await adminPage(host, second)).toBe('302');
  });

  test('a list that something else empties again: the old key works again', async () => {
    await shell(host, `echo 'globals().update(SECRET_KEY_FALLBACKS=[])' >> ${settingsFile}`);
    const session = await loggedIn(host);
    const before = await rotated(host);
    const { code, stdout } = await operator.start('rotate', 'secret-key');
    expect(code).toBe(1);
    expect(oneLine(stdout)).toContain('are refused, although SECRET_KEY_FALLBACKS lists it');
    expect(await rotated(host)).toEqual(before);
    expect(await adminPage(host, session)).toBe('200');
  });
});

/** @returns the HTTP status of a page that is not there: whatever the site says, it says something */
async function staticPage(): Promise<string> {
  const said = ['--output', '/dev/null', '--write-out', '%{http_code}', '--max-time', '20'];
  return (await host.internet.curl(...said, 'https://studio.example.org/static-page/')).stdout;
}
