import { describe, expect, test } from 'vitest';
import { masterKeyOf, meilisearchUnit } from '../../src/configs/meilisearch.ts';

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

  test('for 1.0 and later says by a variable what the command line no longer takes', () => {
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

  test('uses the document’s lines for Sentry', () => {
    const unit = meilisearchUnit(DOCUMENTED, { ...OLD, sentryDsn: 'https://a%b@sentry.example.org/1' });
    expect(unit).toContain(
      '\nEnvironment=SENTRY_DSN=https://a%%b@sentry.example.org/1\n# Environment=MEILI_NO_SENTRY=1\n',
    );
  });

  test('adds Sentry to a unit without a line for it', () => {
    const bare = DOCUMENTED.replace('# Environment=SENTRY_DSN=CHANGE_ME\n', '');
    const unit = meilisearchUnit(bare, { ...OLD, sentryDsn: 'https://sentry.example.org/1' });
    expect(unit).toContain('\nEnvironment=SENTRY_DSN=https://sentry.example.org/1\n');
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

  test('refuses a Sentry DSN that would begin a new line, without repeating it', () => {
    const run = (): string => meilisearchUnit(DOCUMENTED, { ...OLD, sentryDsn: 'https://tok3n\nUser=root' });
    expect(run).toThrow(TypeError);
    expect(run).not.toThrow(/tok3n/);
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
