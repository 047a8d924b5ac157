import { describe, expect, test } from 'vitest';
import { masterKeyOf, meilisearchUnit } from '../../src/configs/meilisearch.ts';
import { unitOptions } from '../../src/site/meilisearch-unit.ts';

const FILE = '/etc/studio-setup/meilisearch.env';
const KEY = 'not-a-real-key';

const DOCUMENTED = `[Unit]
Description=Search

[Service]
User=www-data
Environment=MEILI_DB_PATH=/var/www/data.ms
Environment=MEILI_MASTER_KEY=CHANGE_ME
# Environment=SENTRY_DSN=CHANGE_ME
Environment=MEILI_NO_SENTRY=1
ExecStart=/usr/bin/meilisearch-0.25.2 --no-analytics true --http-addr 127.0.0.1:7700 --env production
StandardError=syslog

[Install]
WantedBy=default.target
`;

const OLD = { environmentFile: FILE, noAnalyticsByEnvironment: false };

describe('meilisearchUnit', () => {
  test('moves the key into its file and changes nothing else', () => {
    expect(meilisearchUnit(DOCUMENTED, OLD)).toBe(
      DOCUMENTED.replace('Environment=MEILI_MASTER_KEY=CHANGE_ME', `EnvironmentFile=${FILE}`),
    );
  });

  test('for 0.26 and later says by a variable what the command line no longer takes', () => {
    const unit = meilisearchUnit(DOCUMENTED, {
      ...OLD,
      noAnalyticsByEnvironment: true,
      binary: '/usr/bin/meilisearch',
    });
    expect(unit).toContain('ExecStart=/usr/bin/meilisearch --http-addr 127.0.0.1:7700 --env production\n');
    expect(unit).toContain('StandardError=syslog\nEnvironment=MEILI_NO_ANALYTICS=true\n\n[Install]');
  });

  test('never turns analytics off that were not off, nor twice', () => {
    const on = DOCUMENTED.replace(' --no-analytics true', '');
    const newer = { ...OLD, noAnalyticsByEnvironment: true };
    expect(meilisearchUnit(on, newer)).not.toContain('MEILI_NO_ANALYTICS');
    const off = DOCUMENTED.replace('MEILI_NO_SENTRY=1', 'MEILI_NO_ANALYTICS=true');
    expect(meilisearchUnit(off, newer).match(/MEILI_NO_ANALYTICS/g)).toHaveLength(1);
  });

  test.each<readonly [string, string, string]>([
    ['nothing', DOCUMENTED, 'MEILI_DUMP_DIR=/var/www/dumps'],
    [
      'the variable',
      DOCUMENTED.replace('MEILI_NO_SENTRY=1', 'MEILI_DUMP_DIR=/srv/d'),
      'MEILI_DUMP_DIR=/srv/d',
    ],
    ['the option', DOCUMENTED.replace('--env', '--dump-dir /srv/d --env'), '--dump-dir /srv/d'],
    [
      'the variable of older versions, which says nothing to this one',
      DOCUMENTED.replace('MEILI_NO_SENTRY=1', 'MEILI_DUMPS_DIR=/srv/d'),
      'MEILI_DUMP_DIR=/var/www/dumps',
    ],
  ])('names the folder of dumps where the unit has %s of its own', (_, source, wanted) => {
    const unit = meilisearchUnit(source, { ...OLD, folders: { MEILI_DUMP_DIR: '/var/www/dumps' } });
    expect(unit).toContain(wanted);
    expect(unit.match(/MEILI_DUMP_DIR=|--dump-dir/g)).toHaveLength(1);
    expect(meilisearchUnit(unit, { ...OLD, folders: { MEILI_DUMP_DIR: '/var/www/dumps' } })).toBe(unit);
  });

  test.each([
    ['several variables on a line', DOCUMENTED.replace('data.ms\nEnvironment=', 'data.ms ')],
    ['quotes', DOCUMENTED.replace('MEILI_MASTER_KEY=CHANGE_ME', `"MEILI_MASTER_KEY=${KEY}"`)],
    ['the command line', DOCUMENTED.replace('--env', `--master-key=${KEY} --env`)],
    ['an earlier run', meilisearchUnit(DOCUMENTED, OLD)],
    ['no key at all', DOCUMENTED.replace('Environment=MEILI_MASTER_KEY=CHANGE_ME\n', '')],
  ])('leaves no key behind, and names the file once, with %s', (_, source) => {
    const unit = meilisearchUnit(source, OLD);
    expect(unit).not.toContain(KEY);
    expect(unit).not.toMatch(/MASTER|master-key/);
    expect(unit.match(/^EnvironmentFile=.*$/gm)).toEqual([`EnvironmentFile=${FILE}`]);
    expect(unit).toContain('MEILI_DB_PATH=/var/www/data.ms\n');
    expect(meilisearchUnit(unit, OLD)).toBe(unit);
  });

  test.each(['relative', '/a b', '/a\nExecStart=/b', ''])('refuses the path %j', (path) => {
    expect(() => meilisearchUnit(DOCUMENTED, { ...OLD, environmentFile: path })).toThrow(TypeError);
    expect(() => meilisearchUnit(DOCUMENTED, { ...OLD, binary: path })).toThrow(TypeError);
  });

  /** What each version wants otherwise than the document's unit has it. */
  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['0.24.0', ['/usr/bin/meilisearch-0.24.0 --no-analytics true'], ['MEILI_NO_ANALYTICS', 'DUMP']],
    ['0.25.2', ['/usr/bin/meilisearch-0.25.2 --no-analytics true'], ['MEILI_NO_ANALYTICS', 'DUMP']],
    ['0.26.1', ['MEILI_NO_ANALYTICS=true'], ['--no-analytics', 'DUMP']],
    ['0.28.1', ['MEILI_NO_ANALYTICS=true'], ['--no-analytics', 'DUMP']],
    ['0.30.5', ['MEILI_NO_ANALYTICS=true', 'MEILI_DUMPS_DIR=/'], ['--no-analytics', 'MEILI_DUMP_DIR']],
    ['1.12.8', ['MEILI_NO_ANALYTICS=true', 'MEILI_DUMP_DIR=/'], ['--no-analytics', 'MEILI_DUMPS_DIR']],
    ['1.14.0', ['MEILI_NO_ANALYTICS=true', 'MEILI_DUMP_DIR=/'], ['--no-analytics', 'MEILI_DUMPS_DIR']],
    [
      '1.50.0',
      ['MEILI_NO_ANALYTICS=true', 'MEILI_DUMP_DIR=/', 'MEILI_SNAPSHOT_DIR=/'],
      ['--no-analytics', 'MEILI_DUMPS_DIR'],
    ],
  ])('for %s', (version, has, lacks) => {
    const unit = meilisearchUnit(DOCUMENTED, unitOptions(DOCUMENTED, version));
    for (const text of has) expect(unit).toContain(text);
    for (const text of lacks) expect(unit).not.toContain(text);
    expect(meilisearchUnit(unit, unitOptions(unit, version))).toBe(unit);
  });
});

describe('masterKeyOf', () => {
  test.each([
    ['a variable', DOCUMENTED.replace('CHANGE_ME', KEY), KEY],
    [
      'a quoted variable',
      DOCUMENTED.replace('MEILI_MASTER_KEY=CHANGE_ME', `'MEILI_MASTER_KEY=${KEY} %%'`),
      `${KEY} %`,
    ],
    ['an option', '[Service]\nExecStart=/m --master-key x-y --env production\n', 'x-y'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: systemd's own
    ['an option that is a variable', '[Service]\nExecStart=/m --master-key ${KEY}\n', undefined],
    ['the placeholder', DOCUMENTED, undefined],
    ['nothing', '[Service]\n', undefined],
  ])('reads it from %s', (_, source, expected) => {
    expect(masterKeyOf(source)).toBe(expected);
  });
});
