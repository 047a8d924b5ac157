import { describe, expect, test } from 'vitest';
import { type AnswerSource, Answers } from '../../../src/answers/answers.ts';
import { besideUnit, meilisearchUnit } from '../../../src/configs/meilisearch.ts';
import { procedures } from '../../../src/procedures/index.ts';
import { type Engine, parsedWay } from '../../../src/procedures/upgrade-meilisearch/engine.ts';
import { waySuggested } from '../../../src/procedures/upgrade-meilisearch/fill.ts';
import { targetVersion } from '../../../src/procedures/upgrade-meilisearch/target.ts';
import { unitFor } from '../../../src/procedures/upgrade-meilisearch/unit.ts';
import { dataFits } from '../../../src/requirements/meilisearch.ts';
import {
  CHECKOUT,
  DEPLOY,
  MEILISEARCH_KEY_FILE,
  MEILISEARCH_PREVIOUS,
  UNITS,
} from '../../../src/site/layout.ts';
import { unitOptions } from '../../../src/site/meilisearch-unit.ts';
import { hostWith } from '../../site/meilisearch-host.ts';

const UNIT = `${UNITS}/meilisearch.service`;
const DOCUMENTED = `[Service]
User=www-data
Environment=MEILI_DB_PATH=/var/www/data.ms
Environment=MEILI_MASTER_KEY=CHANGE_ME
ExecStart=/usr/bin/meilisearch-0.25.2 --no-analytics true --http-addr 127.0.0.1:7700 --env production
Restart=always
`;

/** As a run makes it for a version. */
const unitOfRun = (version: string, installed?: string) =>
  meilisearchUnit(DOCUMENTED, unitOptions(DOCUMENTED, version, installed));

function engine(version: string, unit = unitOfRun(version)): Engine {
  return { version, program: `/usr/bin/meilisearch-${version}`, data: '/var/www/data.ms', unit };
}

const lock = (client: string) => ({
  [`${CHECKOUT}/poetry.lock`]: `[[package]]\nname = "meilisearch"\nversion = "${client}"\n`,
});
const answered = (version: string, source: AnswerSource, more: Record<string, string> = {}) =>
  Object.entries(more).reduce(
    (all, [id, value]) => all.with(id, value, 'file'),
    new Answers().with('meilisearch.version', version, source),
  );

describe('which way the index takes', () => {
  test.each<readonly [string, string, boolean, string]>([
    ['0.25.2', '0.27.2', true, 'Meilisearch 0.25.2 has no folder for dumps'],
    ['0.25.2', '1.50.0', true, 'Meilisearch 0.25.2 has no folder for dumps'],
    ['0.28.1', '1.50.0', true, 'Meilisearch 0.28.1 has no folder for dumps'],
    ['0.30.5', '1.50.0', true, 'dump'],
    ['1.12.8', '1.50.0', true, 'dump'],
    ['1.14.0', '1.14.1', true, 'dump'],
    ['1.50.0', '1.12.8', true, '1.12.8 does not read dumps of the newer 1.50.0'],
    ['1.12.8', '1.50.0', false, "www-data can't write dumps to /var/www/meilisearch-dumps"],
  ])('%s to %s, folder writable: %s', async (from, to, writable, wanted) => {
    const host = hostWith({ programs: ([program]) => ({ code: program === 'test' && writable ? 0 : 1 }) });
    const way = await waySuggested(host, engine(from), to);
    expect(way.by === 'dump' ? 'dump' : way.why).toBe(wanted);
  });

  test('an own unit of a newer version that names no folder', async () => {
    const way = await waySuggested(hostWith({}), engine('1.12.8', '[Service]\nExecStart=/m\n'), '1.50.0');
    expect(way).toEqual({ by: 'site', why: 'its unit names no folder for dumps' });
  });
});

describe('which version', () => {
  test.each<readonly [string, string, string | undefined, Answers, string, string]>([
    ['the newest of the client', '0.18.3', undefined, answered('0.25.2', 'host'), '0.25.2', '0.27.2'],
    ['the newest of a newer client', '0.34.0', undefined, answered('1.12.8', 'host'), '1.12.8', '1.50.0'],
    ['the one that was typed', '0.34.0', '1.14.0', answered('1.12.8', 'host'), '1.12.8', '1.14.0'],
    ['the newer one of the file', '0.34.0', undefined, answered('1.14.0', 'file'), '1.12.8', '1.14.0'],
    ['not an older one of the file', '0.34.0', undefined, answered('0.25.2', 'file'), '1.12.8', '1.50.0'],
    ['never back by itself', '0.34.0', undefined, answered('1.51.0', 'host'), '1.51.0', '1.51.0'],
  ])('%s', async (_, client, typed, answers, now, wanted) => {
    const host = hostWith({ files: lock(client) });
    expect((await targetVersion(host, answers, typed, now)).version).toBe(wanted);
  });

  test.each<readonly [string, Record<string, string>, string, RegExp]>([
    [
      'that the client can not log in to',
      lock('0.17.0'),
      '0.25.2',
      /X-Meili-API-Key.*does not work with 0\.25\.2/,
    ],
    ['too old for the product', lock('0.17.0'), '0.20.0', /too old/],
  ])('one %s is refused', async (_, files, typed, words) => {
    const asked = targetVersion(hostWith({ files }), new Answers(), typed, '0.24.0');
    await expect(asked).rejects.toThrow(words);
  });

  test('without a client there must be a name', async () => {
    const host = hostWith({});
    await expect(targetVersion(host, new Answers(), undefined, '0.25.2')).rejects.toThrow('poetry.lock');
    const { version, notices } = await targetVersion(host, new Answers(), '1.50.0', '0.25.2');
    expect([version, notices.length]).toEqual(['1.50.0', 1]);
  });

  test('beyond what the client was released for is said', async () => {
    const { notices } = await targetVersion(
      hostWith({ files: lock('0.18.3') }),
      new Answers(),
      '1.50.0',
      '0.25.2',
    );
    expect(notices.join()).toMatch(/0\.25 to 0\.27.*1\.50\.0 may not work/);
  });
});

describe('the unit', () => {
  const checkout = { [`${DEPLOY}${UNIT}`]: DOCUMENTED };
  const to = (version: string) => ({
    version,
    program: `/usr/bin/meilisearch-${version}`,
    data: `/var/www/data.ms-${version}`,
  });

  test.each([
    ['0.25.2', '0.27.2'],
    ['0.30.5', '1.50.0'],
    ['1.12.8', '1.50.0'],
    ['1.50.0', '0.30.5'],
    ['0.27.2', '0.25.2'],
  ])('of %s for %s is what a run then makes of the repository’s', async (from, version) => {
    const host = hostWith({ files: { ...checkout, [UNIT]: unitOfRun(from) } });
    const unit = await unitFor(host, new Answers(), engine(from), to(version));
    expect(unit).toContain(`MEILI_DB_PATH=/var/www/data.ms-${version}\n`);
    expect(unit).toContain(`ExecStart=/usr/bin/meilisearch-${version} `);
    expect(unitOfRun(version, unit)).toBe(unit);
  });

  test('a program without a version in its name stays beside the repository’s', () => {
    const plain = DOCUMENTED.replace('meilisearch-0.25.2', 'meilisearch');
    const installed = '[Service]\nExecStart=/usr/bin/meilisearch-1.50.0 --env production\n';
    expect(unitOptions(plain, '1.50.0', installed).binary).toBe('/usr/bin/meilisearch-1.50.0');
    expect(unitOptions(plain, '1.51.0', installed).binary).toBe('/usr/bin/meilisearch');
  });

  test.each(['/srv/elsewhere', '/var/www/data.ms.old', '/var/www/data.ms'])(
    'another data folder, %s, is the repository’s to say',
    (data) => {
      const installed = `[Service]\nEnvironment=MEILI_DB_PATH=${data}\nExecStart=/m\n`;
      expect(unitOptions(DOCUMENTED, '1.50.0', installed).data).toBeUndefined();
    },
  );

  test('an operator’s own keeps its key and its lines', async () => {
    const own = DOCUMENTED.replace('CHANGE_ME', 'by-hand-0001').replace(
      'Restart',
      'LimitNOFILE=9999\nRestart',
    );
    const host = hostWith({ files: { ...checkout, [UNIT]: own } });
    const unit = await unitFor(host, new Answers(), engine('0.25.2', own), to('1.50.0'));
    for (const line of ['MEILI_MASTER_KEY=by-hand-0001', 'LimitNOFILE=9999', 'MEILI_NO_ANALYTICS=true'])
      expect(unit).toContain(line);
    expect(unit).not.toContain('--no-analytics');
    expect(unit).not.toContain(MEILISEARCH_KEY_FILE);
  });

  test('beside: another address and folder, and it is not started again', () => {
    const unit = besideUnit(unitOfRun('1.50.0'), {
      address: '127.0.0.1:7701',
      data: '/var/www/data.ms-1.50.0.partial',
      dump: '/var/www/meilisearch-dumps/1-2.dump',
    });
    expect(unit).not.toContain('7700');
    expect(unit.match(/^(Restart|Nice|Environment=MEILI_(HTTP|DB|IMPORT).*)=.*$/gm)).toEqual([
      'Restart=no',
      'Environment=MEILI_DB_PATH=/var/www/data.ms-1.50.0.partial',
      'Environment=MEILI_HTTP_ADDR=127.0.0.1:7701',
      'Environment=MEILI_IMPORT_DUMP=/var/www/meilisearch-dumps/1-2.dump',
      'Nice=10',
    ]);
  });
});

describe('the procedure', () => {
  const kind = procedures.find(({ id }) => id === 'upgrade meilisearch');
  const KEY = `MEILI_MASTER_KEY=${'k'.repeat(32)}\n`;
  const SUM = 'a'.repeat(64);
  const files = {
    ...lock('0.18.3'),
    [UNIT]: unitOfRun('0.25.2'),
    [`${DEPLOY}${UNIT}`]: DOCUMENTED,
    [MEILISEARCH_KEY_FILE]: KEY,
    '/usr/bin/meilisearch-0.25.2': '',
    '/var/www/data.ms/VERSION': '0.25.2',
  };
  const programs = (argv: readonly string[]) =>
    argv[1] === '--version'
      ? { code: 0, stdout: `meilisearch-http ${argv[0]?.split('-').at(-1)}` }
      : undefined;
  const build = async (
    given: Record<string, string>,
    answers = answered('0.25.2', 'host'),
    more: Record<string, string> = {},
  ) => {
    if (kind === undefined) throw new Error('there is no such procedure');
    return kind.build({ host: hostWith({ files: { ...files, ...more }, programs }), answers }, given);
  };

  test('all that can fail comes before the one write that switches, and the record goes last', async () => {
    const { forward, backward } = await build({ version: '0.27.2', sha256: SUM });
    expect(forward.map(({ id }) => id.split('/')[1])).toEqual([
      ...['keep', 'program', 'index'],
      ...['unit', 'service', 'keys', 'studio', 'background', 'since', 'proof', 'previous', 'forget'],
    ]);
    expect(backward.map(({ id }) => id.split('/')[1])).toEqual([
      ...['unit', 'service', 'keys', 'studio', 'background', 'since', 'proof', 'previous', 'forget'],
    ]);
  });

  test.each<readonly [string, Record<string, string>, Answers | undefined, RegExp]>([
    ['no digest is known', { version: '0.27.2' }, undefined, /No SHA-256 of Meilisearch 0\.27\.2 is known/],
    [
      'the digest of the file is for another version',
      { version: '0.27.2' },
      answered('0.26.1', 'file', { 'meilisearch.sha256': SUM }),
      /No SHA-256 of Meilisearch 0\.27\.2/,
    ],
    [
      'nothing is kept to go back to',
      { version: '', rollback: '' },
      undefined,
      /No earlier Meilisearch is kept/,
    ],
  ])('is refused where %s', async (_, given, answers, words) => {
    await expect(build(given, answers)).rejects.toThrow(words);
  });

  test.each<readonly [string, Record<string, string>, Answers]>([
    ['by option', { version: '0.27.2', sha256: SUM }, answered('0.25.2', 'host')],
    [
      'by the file',
      {},
      answered('0.27.2', 'file', { 'meilisearch.sha256': SUM, 'meilisearch.release': '/srv/release' }),
    ],
    [
      'as it comes, by the file',
      {},
      answered('0.27.2', 'file', {
        'meilisearch.trust': 'first-download',
        'meilisearch.release': '/srv/release',
      }),
    ],
  ])('the digest is known %s', async (_, given, answers) => {
    expect((await build(given, answers)).arguments.version).toBe('0.27.2');
  });

  test('in that version already, there is nothing to do', async () => {
    expect((await build({ version: '0.25.2' })).forward).toEqual([]);
  });

  test('a file that says another version is named', async () => {
    const { notices } = await build({ version: '0.27.2', sha256: SUM }, answered('0.25.2', 'file'));
    expect(notices.join()).toMatch(/"meilisearch\.version: 0\.25\.2": write 0\.27\.2 there/);
  });

  test('what is kept is gone to, and what is interrupted is what its record says', async () => {
    const previous = { ...engine('0.27.2'), data: '/var/www/data.ms-0.27.2' };
    const record = JSON.stringify(previous);
    const back = await build({ version: '', rollback: '' }, undefined, { [MEILISEARCH_PREVIOUS]: record });
    expect(back.done).toMatch(/^Meilisearch 0\.27\.2 serves/);
    expect(back.forward.map(({ id }) => id)).not.toContain('upgrade-meilisearch/index');

    const way = JSON.stringify({ from: previous, to: engine('1.50.0') });
    const again = await build({}, undefined, {
      [kind?.transactionRecord ?? '']: JSON.stringify({ plain: { way } }),
    });
    expect(again.done).toMatch(/^Meilisearch 1\.50\.0 serves/);
    expect(again.requirements).toEqual([]);
  });

  test.each(['', '{}', '{"from":{},"to":{}}', JSON.stringify({ from: engine('1.50.0'), to: 1 })])(
    'a record that says %s is none',
    (text) => {
      expect(parsedWay(text)).toBeUndefined();
    },
  );

  test.each([
    ['0.27.2', undefined],
    ['0.27.1', /brought Meilisearch to 0\.27\.2, but the answers say 0\.27\.1/],
    ['0.25.2', /brought Meilisearch to 0\.27\.2, but the answers say 0\.25\.2/],
  ])('after an upgrade to 0.27.2 a run for %s', async (version, words) => {
    const upgraded = {
      [UNIT]: unitOfRun('0.27.2').replace('data.ms', 'data.ms-0.27.2'),
      [MEILISEARCH_PREVIOUS]: JSON.stringify(engine('0.25.2')),
      '/usr/bin/meilisearch-0.27.2': '',
      '/var/www/data.ms-0.27.2/VERSION': '0.27.2',
    };
    const judged = dataFits(hostWith({ files: { ...files, ...upgraded }, programs }), version);
    if (words === undefined) await expect(judged).resolves.toBeUndefined();
    else await expect(judged).rejects.toThrow(words);
  });
});
