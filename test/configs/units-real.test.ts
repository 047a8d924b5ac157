import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { meilisearchUnit } from '../../src/configs/meilisearch.ts';
import { deployFiles } from '../../src/configs/templates.ts';
import { timerTarget } from '../../src/configs/timer.ts';

/**
 * What the real `systemd-analyze verify` (apt: systemd) has to say: its exit code is 0 on some errors, so the words
 * count. Programs that only a deployed host has are replaced by one that is here.
 */
function complaints(units: ReadonlyMap<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'units-'));
  try {
    const paths = [...units].map(([name, text]) => {
      const path = join(folder, name);
      writeFileSync(path, text.replaceAll(/^(ExecStart=)\S+/gm, '$1/bin/true'));
      return path;
    });
    const { stdout, stderr, error } = spawnSync('systemd-analyze', ['verify', '--man=no', ...paths], {
      encoding: 'utf8',
    });
    if (error) throw error;
    return stdout + stderr;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const templates = deployFiles({
  domain: 'studio.example.org',
  extraNames: [],
  uwsgiPlugin: 'python3',
  meilisearchBinary: '/usr/bin/meilisearch',
  meilisearchEnvironment: '/etc/studio-setup/meilisearch.env',
}).filter(({ path }) => path.startsWith('etc/systemd/system/'));

test("systemd finds nothing to say about the product's own units", () => {
  expect(templates).toHaveLength(13);
  expect(complaints(new Map(templates.map(({ path, content }) => [basename(path), content])))).toBe('');
});

test("nor about a repository's units once they are fixed", () => {
  const search = `[Unit]
Description=Search
[Service]
User=www-data
Environment=MEILI_DB_PATH=/var/www/data.ms "MEILI_MASTER_KEY=CHANGE_ME"
#Environment=SENTRY_DSN=CHANGE_ME
Environment=MEILI_NO_SENTRY=1
ExecStart=/usr/bin/meilisearch-0.25.2 --no-analytics true \\
  --env production
[Install]
WantedBy=default.target
`;
  const unit = meilisearchUnit(search, {
    environmentFile: '/etc/studio-setup/meilisearch.env',
    noAnalyticsByEnvironment: true,
    binary: '/usr/bin/meilisearch',
    folders: { MEILI_DUMP_DIR: '/var/www/100%dumps' },
  });
  const timer = timerTarget('[Timer]\nOnCalendar=hourly\n[Install]\nWantedBy=timer.target\n');
  const service = '[Service]\nType=oneshot\nExecStart=/bin/true\n';
  expect(
    complaints(
      new Map([
        ['meilisearch.service', unit],
        ['x.timer', timer],
        ['x.service', service],
      ]),
    ),
  ).toBe('');
});

test('it would speak up', () => {
  expect(complaints(new Map([['x.service', '[Service]\nExecStart=/bin/true\nEnvironmentFle=/a\n']]))).toMatch(
    /EnvironmentFle/,
  );
});
