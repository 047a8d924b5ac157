import { describe, expect, test } from 'vitest';
import type { FileStatus } from '../../src/host/host.ts';
import { distrusted } from '../../src/host/trusted-path.ts';

const STATUS: FileStatus = {
  type: 'directory',
  mode: 0o755,
  owner: 'root',
  group: 'root',
  size: 0,
  modified: 0,
};
const folder = (more: Partial<FileStatus> = {}): FileStatus => ({ ...STATUS, ...more });
const file = (more: Partial<FileStatus> = {}): FileStatus => ({ ...STATUS, type: 'file', ...more });
const link = (target: string): FileStatus => ({ ...STATUS, type: 'link', mode: 0o777, target });
const SITE = { owner: 'www-data', group: 'www-data' };

/** A host's tree, as lstat(2) tells it. */
const TREE: Readonly<Record<string, FileStatus>> = {
  '/': folder(),
  '/usr': folder(),
  '/usr/bin': folder(),
  '/bin': link('usr/bin'),
  '/usr/bin/meilisearch': file(),
  '/usr/bin/open': file({ mode: 0o777 }),
  '/usr/bin/shared': file({ mode: 0o775, group: 'staff' }),
  '/usr/bin/site': file(SITE),
  '/usr/bin/linked': link('/var/www/program'),
  '/usr/bin/above': link('../../var/www/program'),
  '/usr/bin/loop': link('loop'),
  '/usr/bin/alternative': link('/etc/alternatives/meilisearch'),
  '/etc': folder(),
  '/etc/alternatives': folder(),
  '/etc/alternatives/meilisearch': link('/usr/bin/meilisearch'),
  '/tmp': folder({ mode: 0o1777 }),
  '/tmp/program': file(),
  '/var': folder(),
  '/var/www': folder(SITE),
  '/var/www/program': file(),
  '/var/www/roots': folder(),
  '/var/www/roots/program': file(),
  '/srv': link('/var/www'),
};
const host = { status: async (path: string) => TREE[path] };

describe('a path of which root alone decides', () => {
  test.each([
    ['/usr/bin/meilisearch'],
    ['/bin/meilisearch'],
    ['//usr/./bin//meilisearch'],
    ['/etc/../usr/bin/meilisearch'],
    ['/bin/../bin/meilisearch'],
    ['/usr/bin/alternative'],
    // Not there yet: only root can put it there.
    ['/usr/bin/meilisearch-0.25.2'],
    ['/opt/search/meilisearch'],
  ])('%s', async (path) => {
    expect(await distrusted(host, path)).toBeUndefined();
  });
});

describe('a path of which another account decides', () => {
  test.each([
    ['meilisearch', 'meilisearch is not an absolute path'],
    ['/var/www/program', '/var/www belongs to www-data'],
    // The file and its folder are root's, and www-data can put another folder in their place.
    ['/var/www/roots/program', '/var/www belongs to www-data'],
    ['/var/www/not-there', '/var/www belongs to www-data'],
    ['/srv/program', '/var/www belongs to www-data'],
    ['/tmp/program', 'every account can write to /tmp'],
    ['/usr/bin/open', 'every account can write to /usr/bin/open'],
    ['/usr/bin/shared', 'the group staff can write to /usr/bin/shared'],
    ['/usr/bin/site', '/usr/bin/site belongs to www-data'],
    ['/usr/bin/linked', '/var/www belongs to www-data'],
    ['/usr/bin/above', '/var/www belongs to www-data'],
    ['/bin/above', '/var/www belongs to www-data'],
    ['/usr/bin/loop', '/usr/bin/loop leads through too many links'],
    ['/usr/bin/../../var/www/../www/program', '/var/www belongs to www-data'],
  ])('%s', async (path, why) => {
    expect(await distrusted(host, path)).toBe(why);
  });
});
