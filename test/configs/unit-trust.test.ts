import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { meilisearchUnit } from '../../src/configs/meilisearch.ts';
import { rootDoubts, unitDoubts } from '../../src/configs/unit-trust.ts';
import { MEILISEARCH_KEY_FILE } from '../../src/site/layout.ts';
import { DOUBTFUL_SERVICES, DOUBTFUL_UNITS, DOUBTFUL_UNITS_OF_ROOT, PLAIN } from './doubtful-units.ts';

const SOURCES = ['../rehearsal/site/deploy/etc/systemd/system', '../../templates/etc/systemd/system'];

describe('nothing is asked about a unit as the document has it', () => {
  const units = SOURCES.flatMap((folder) =>
    readdirSync(join(import.meta.dirname, folder)).map((name) => [folder, name] as const),
  );

  test.each(units)('%s/%s', (folder, name) => {
    const source = readFileSync(join(import.meta.dirname, folder, name), 'utf8')
      .replace('{{meilisearch_binary}}', '/usr/bin/meilisearch')
      .replace('{{meilisearch_environment}}', MEILISEARCH_KEY_FILE);
    expect(unitDoubts(name, source)).toEqual([]);
    expect(unitDoubts(name, source.replaceAll('\n', '\r\n'))).toEqual([]);
  });

  test('nor about one of Meilisearch that got its own key file', () => {
    const folder = join(import.meta.dirname, SOURCES[0] ?? '');
    const source = readFileSync(join(folder, 'meilisearch.service'), 'utf8');
    const options = { environmentFile: MEILISEARCH_KEY_FILE, noAnalyticsByEnvironment: true };
    expect(
      unitDoubts(
        'meilisearch.service',
        meilisearchUnit(source, { ...options, folders: { MEILI_DUMP_DIR: '/var/www/dumps' } }),
      ),
    ).toEqual([]);
  });
});

describe('what would give www-data more than it has is asked about', () => {
  test.each(DOUBTFUL_SERVICES)('%s', (_, doubt, source) => {
    expect(unitDoubts('studio.service', source)).toContain(doubt);
  });

  test.each(DOUBTFUL_UNITS_OF_ROOT)('in the one unit of root: %s', (_, doubt, source) => {
    expect(unitDoubts('studio-background-restart.service', source)).toContain(doubt);
  });

  test.each(DOUBTFUL_UNITS)('%s: %s', (name, doubt, source) => {
    expect(unitDoubts(name, source)).toContain(doubt);
  });
});

describe('the doctor calls root what has the rights of root', () => {
  const restart = '[Service]\nExecStart=/bin/systemctl restart studio-background.service\n';
  test.each([
    ['studio.service', PLAIN, []],
    ['studio.service', `${PLAIN}RuntimeDirectory=studio\nStandardOutput=tty\n`, []],
    ['studio.service', PLAIN.replace('User=www-data', 'User=root'), ['User=root']],
    ['studio.service', '[Service]\nExecStart=/usr/bin/id\n', ['no User=, so it would run as root']],
    ['studio.service', `${PLAIN}ExecStop=-+/usr/bin/id\n`, ['ExecStop=-+/usr/bin/id']],
    ['studio.service', `${PLAIN}StandardError=append:/etc/x\n`, ['StandardError=append:/etc/x']],
    ['studio-background-restart.service', restart, []],
    ['studio-background-restart.service', restart.replace('/bin/systemctl', 'systemctl'), []],
    ['studio-background-restart.service', `${restart}ExecStop=/usr/bin/id\n`, ['ExecStop=/usr/bin/id']],
  ])('%s: %j', (name, source, doubts) => {
    expect(rootDoubts(name, source)).toEqual(doubts);
  });
});
