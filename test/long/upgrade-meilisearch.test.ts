import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { killAt, type Point } from '../install/interruptions.ts';
import { must, oneLine, shell } from '../install/operator.ts';
import { keyFile, rotated, wholeSearch } from '../install/rotation.ts';
import { underTrickle } from '../install/trickle.ts';
import { answersFile, writeAnswers } from '../rehearsal/answers.ts';
import type { MeilisearchVersion } from '../rehearsal/meilisearch/release.ts';
import { expectExit, Operator, type Ran } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { Proof } from '../rehearsal/proof.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';

const SKIPPED = { integrations: 'skipped', secrets: 'generate' } as const;

let host: Rehearsal;
let operator: Operator;
afterAll(() => host?.stop());

/** @param version of Meilisearch that the answers file says from now on */
const answer = (version: MeilisearchVersion) => writeAnswers(host, { ...SKIPPED, meilisearch: version });

async function installed(version: MeilisearchVersion, newerClient = false): Promise<void> {
  await host?.stop();
  host = await startRehearsal({ report: () => {}, newerClient });
  await answer(version);
  await installProduct(host, () => {});
  operator = new Operator(host);
  console.log(version, await operator.run());
  await host.checkpoint('installed');
}

/** Starts of the service so far. */
const starts = async () =>
  Number(await shell(host, "journalctl --unit meilisearch --output cat | grep -c 'Server listening'"));
const versions = async () => {
  const { master } = await rotated(host);
  return must(host, ['curl', '--silent', '--config', '-'], {
    input: `header = "Authorization: Bearer ${master}"\nheader = "X-Meili-API-Key: ${master}"\nurl = "http://127.0.0.1:7700/version"\n`,
  });
};

/** Nothing but this version serves, in whole, and nothing is left half done. */
async function serves(version: MeilisearchVersion): Promise<void> {
  expect(await versions()).toContain(`"pkgVersion": "${version}"`);
  await wholeSearch(host, version);
  expect(
    await shell(host, 'ls -d /var/www/*.partial /run/systemd/system/studio-setup-* 2>&1 || true'),
  ).toMatch(/^(ls: [^\n]*No such file or directory\n){2}$/);
}

/** One start of the command, with visitors of the pages and of the search. */
async function visited(...args: readonly string[]): Promise<Ran> {
  const before = await starts();
  const {
    result: inner,
    words: search,
    seen: searched,
  } = await underTrickle(
    host,
    () => underTrickle(host, () => operator.start('upgrade', 'meilisearch', ...args)),
    { path: '/s/health' },
  );
  const { result, seen, words } = inner;
  console.log(
    `upgrade meilisearch ${args.join(' ')}: ${result.seconds.toFixed(1)} s; ${words}; search: ${search}`,
  );
  expect(result.code, result.stdout + result.stderr).toBe(0);
  expect(seen.failed).toEqual([]);
  expect(await starts()).toBe(before + 1);
  // The stand-in takes half a second to start.
  expect(searched.longestGapMs).toBeLessThan(5000);
  return result;
}

/** The same command again, and a run: nothing to do, and nothing is started. */
async function settled(version: MeilisearchVersion): Promise<void> {
  const before = await starts();
  const again = await operator.start('upgrade', 'meilisearch');
  expectExit(again, 0);
  expect(oneLine(again.stdout)).toContain('Already up to date.');
  console.log(version, await operator.runAgain(new Proof(host, 'studio.example.org', version)));
  console.log(version, await operator.doctor());
  expect(await starts()).toBe(before);
}

describe('from 0.25.2 to the newest that the client speaks', () => {
  beforeAll(() => installed('0.25.2'));

  test('filled by the site; search is down for one start, pages never', async () => {
    await answer('0.27.2');
    const before = await rotated(host);
    const { stdout } = await visited();
    expect(oneLine(stdout)).toMatch(/filled by the site's own commands/);
    await serves('0.27.2');
    // Its own records, so other values: settings.py followed.
    expect((await rotated(host)).private).not.toBe(before.private);
    expect((await rotated(host)).master).toBe(before.master);
    await settled('0.27.2');
  });

  test('a run with the answers of before is refused, and says what to do', async () => {
    await answer('0.25.2');
    const ran = await operator.start('run');
    expect(ran.code).not.toBe(0);
    expect(oneLine(ran.stdout + ran.stderr)).toMatch(/0\.27\.2.*studio-setup upgrade meilisearch --rollback/);
    await serves('0.27.2');
  });

  test('back', async () => {
    await visited('--rollback');
    await serves('0.25.2');
    console.log(await operator.runAgain(new Proof(host)));
    console.log(await operator.doctor());
  });

  test('--clean deletes what was kept, and there is no way back then', async () => {
    // As a Meilisearch that root started there by hand leaves it.
    const kept = (await shell(host, 'ls -d /var/www/data.ms?*')).trim();
    await shell(host, `mkdir ${kept}/by-hand && touch ${kept}/by-hand/lock`);
    expectExit(await operator.start('upgrade', 'meilisearch', '--clean', '--json'), 0);
    expect(await shell(host, 'ls -d /var/www/data.ms* /usr/bin/meilisearch*')).toBe(
      '/usr/bin/meilisearch-0.25.2\n/var/www/data.ms\n',
    );
    const back = await operator.start('upgrade', 'meilisearch', '--rollback');
    expect(back.code).toBe(1);
    expect(oneLine(back.stderr + back.stdout)).toContain('No earlier Meilisearch is kept');
    await serves('0.25.2');
  });

  test('an index that can not be filled: nothing is switched, nothing is left', async () => {
    await answer('0.27.2');
    const command = '/var/www/blender-studio/search/management/commands/index_documents.py';
    await shell(host, `echo 'raise RuntimeError("no database today")' >> ${command}`);
    const before = await starts();
    const ran = await operator.start('upgrade', 'meilisearch');
    expect(ran.code, ran.stdout).toBe(1);
    expect(oneLine(ran.stdout)).toMatch(
      /could not fill the new Meilisearch.*0\.25\.2 serves the search, as before/,
    );
    expect(await starts()).toBe(before);
    await shell(host, `sed -i '$d' ${command}`);
    await serves('0.25.2');
    expect(await shell(host, 'ls -d /var/www/data.ms* /usr/bin/meilisearch*')).toBe(
      '/usr/bin/meilisearch-0.25.2\n/var/www/data.ms\n',
    );
  });
});

describe('from 1.12 to 1.50', () => {
  beforeAll(async () => {
    await installed('1.12.8', true);
    await answer('1.50.0');
  });

  test('out of a dump: the keys stay; search is down for one start, pages never', async () => {
    const before = await rotated(host);
    const { stdout } = await visited();
    expect(oneLine(stdout)).toMatch(/out of a dump of 1\.12\.8/);
    await serves('1.50.0');
    expect(await rotated(host)).toEqual(before);
    expect(await shell(host, 'ls /var/www/meilisearch-dumps')).toBe('');
    await settled('1.50.0');
  });

  test('back, and on again', async () => {
    await visited('--rollback');
    await serves('1.12.8');
    await visited('--rollback');
    await serves('1.50.0');
    await settled('1.50.0');
  });

  const during = (name: string, within = 300): Point => ({
    operation: `upgrade-meilisearch/${name}`,
    within,
  });
  const behind = (name: string): Point => ({ ...during(name, 0), output: 'end' });
  /** In the order in which they are come by. */
  const points = [
    during('keep'),
    during('program'),
    during('index', 2500),
    behind('index'),
    behind('unit'),
    during('service'),
    behind('keys'),
    behind('since'),
    behind('proof'),
    during('previous'),
    during('forget'),
  ];

  test.each(points.map((point) => ({ point, at: point.output === 'end' ? 'end' : 'change' })))(
    'killed at $point.operation, $at: goes on to the new one',
    async ({ point }) => {
      await host.restore('installed');
      await answer('1.50.0');
      const killed = await killAt(host, [point], ['upgrade', 'meilisearch']);
      expect(killed.point, killed.said).toBe(point);
      expectExit(await operator.start('upgrade', 'meilisearch', '--json'), 0);
      await serves('1.50.0');
      await operator.runAgain(new Proof(host, 'studio.example.org', '1.50.0'));
    },
  );

  test('what fails at the end leads back to the old one, in whole', async () => {
    await host.restore('installed');
    await answer('1.50.0');
    const before = await rotated(host);
    // As a version that ends once it has its own data: only its restart shows it.
    await shell(
      host,
      `mkdir -p /etc/systemd/system/meilisearch.service.d
       printf '[Service]\\nExecStartPre=/usr/bin/test $MEILI_DB_PATH = /var/www/data.ms\\n' \\
         > /etc/systemd/system/meilisearch.service.d/broken.conf
       systemctl daemon-reload`,
    );
    const ran = await operator.start('upgrade', 'meilisearch');
    expect(ran.code, ran.stdout).toBe(1);
    expect(oneLine(ran.stdout)).toContain('Meilisearch 1.12.8 serves the search, as before.');
    await serves('1.12.8');
    expect(await rotated(host)).toEqual(before);
    expect(await shell(host, 'ls -d /var/www/data.ms* /usr/bin/meilisearch*')).toBe(
      '/usr/bin/meilisearch-1.12.8\n/var/www/data.ms\n',
    );
    await shell(host, `test -e ${keyFile} -a -e ${answersFile}`);
  });
});
