import { beforeEach, describe, expect, it } from 'vitest';
import { restoredAnswers } from '../../src/app/restored-answers.ts';
import { archiveIn } from '../../src/backup/archive.ts';
import { backupOperations } from '../../src/backup/create.ts';
import {
  accessOperations,
  dataOperations,
  filesOperations,
  type Opened,
  openingOperations,
} from '../../src/backup/restore.ts';
import { archiveAt } from '../../src/backup/source.ts';
import { isLater, type Operation } from '../../src/engine/operation.ts';
import { problemOf } from '../../src/output/problem.ts';
import { ARCHIVE, BackupHost } from './backup-host.ts';

const settings = '/var/www/blender-studio/studio/settings.py';
const keyFile = '/etc/blender-studio/meilisearch.env';
const deployKey = '/var/www/.ssh/id_ed25519';
/** A bare server with the archive on it. */
let host: BackupHost;

async function carriedOut(on: BackupHost, operations: readonly Operation[]): Promise<void> {
  for (const operation of operations) {
    const change = await operation.observe(on);
    if (change === undefined) continue;
    if (isLater(change)) throw new Error(change.later);
    await change.apply(on);
    on.forget();
  }
}

/** The files, then the data; the sections in between make the folders and the database. */
async function restored(): Promise<void> {
  const opened: Opened = {};
  await carriedOut(host, openingOperations(archiveAt(ARCHIVE, '/root/identity'), host.work, opened));
  if (opened.manifest === undefined) throw new Error('It was not opened.');
  await carriedOut(host, accessOperations(host.work, opened.manifest));
  await carriedOut(host, filesOperations(host.work, opened.manifest));
  await carriedOut(host, dataOperations(host.work, host.database, opened.manifest));
}

async function refusal(): Promise<string> {
  const error = await restored().then(
    () => new Error('It did not fail.'),
    (reason: unknown) => reason,
  );
  const { what, detail = [] } = problemOf(error);
  return [what, ...detail].join(' | ');
}

beforeEach(async () => {
  const old = new BackupHost();
  old.arrange({ [deployKey]: { text: 'key of the old server\n', owner: 'www-data', mode: 0o600 } });
  await carriedOut(
    old,
    backupOperations({
      destination: archiveIn(ARCHIVE),
      work: old.work,
      database: old.database,
      answers: '',
      remembered: {},
      about: { made: '2026-01-02T03:04:05.678Z', product: '1.2.3', domain: 'studio.example.org' },
      contents: { root: [keyFile], site: [settings, deployKey], edited: [], left: [] },
    }),
  );
  host = new BackupHost();
  host.rows = [];
  host.arrange({ [keyFile]: null, [settings]: null, [ARCHIVE]: (await old.read(ARCHIVE)) ?? '' });
});

describe('restore', () => {
  it('puts files and data at their places, those of the site as its own account', async () => {
    await restored();
    expect(await host.read(keyFile)).toBe('MEILI_MASTER_KEY=sample\n');
    expect(await host.read(settings)).toBe('SECRET = 1\n');
    expect((await host.status(settings))?.owner).toBe('www-data');
    expect((await host.status(keyFile))?.owner).toBe('root');
    expect(host.rows).toEqual(['first', 'second']);
  });

  it('puts the deploy key at its place before the code is fetched', async () => {
    const opened: Opened = {};
    await carriedOut(host, openingOperations(archiveAt(ARCHIVE, '/root/identity'), host.work, opened));
    if (opened.manifest === undefined) throw new Error('It was not opened.');
    await carriedOut(host, accessOperations(host.work, opened.manifest));
    expect(await host.read(deployKey)).toBe('key of the old server\n');
    expect(await host.status('/var/www/.ssh')).toMatchObject({ owner: 'www-data', mode: 0o700 });
    expect(await host.status(settings)).toBeUndefined();
  });

  it('leaves a deploy key that this server has already', async () => {
    host.arrange({ [deployKey]: { text: 'key of this server\n', owner: 'www-data', mode: 0o600 } });
    await restored();
    expect(await host.read(deployKey)).toBe('key of this server\n');
  });

  it('started again, leaves what is in place', async () => {
    await restored();
    await restored();
    expect(host.asked.filter(({ argv }) => argv.includes('pg_restore'))).toHaveLength(1);
  });

  it('resumes when it was cut off after the site began to change what was restored', async () => {
    await restored();
    host.arrange({ [settings]: { text: 'SECRET = 1\nSEARCH_KEY = 2\n', owner: 'www-data' } });
    host.rows = [...host.rows, 'a session'];
    await restored();
    expect(await host.read(settings)).toContain('SEARCH_KEY');
    expect(host.rows).toHaveLength(3);
  });

  it.each<[string, () => void, RegExp]>([
    [
      'a site that is another',
      () => host.arrange({ [settings]: { text: 'SECRET = 2\n', owner: 'www-data' } }),
      /^There is a site on this server already/,
    ],
    [
      'a file of the operator that differs',
      () => host.arrange({ [keyFile]: 'MEILI_MASTER_KEY=other\n' }),
      /left as they are\. \| \/etc\/blender-studio\/meilisearch\.env has other contents$/,
    ],
    [
      'an older PostgreSQL that apt would install',
      () => host.programs.add(({ argv }) => (argv[0] === 'apt-cache' ? POLICY : undefined)),
      /^The dump is of PostgreSQL 15, and this server has 14/,
    ],
  ])('refuses %s, and changes nothing', async (_, arrange, said) => {
    arrange();
    const files = [await host.read(settings), await host.read(keyFile)];
    expect(await refusal()).toMatch(said);
    expect([await host.read(settings), await host.read(keyFile)]).toEqual(files);
    expect(host.rows).toEqual([]);
  });

  it('leaves a database that has tables of its own', async () => {
    host.rows = ['of another site'];
    expect(await refusal()).toMatch(/^The database studio has tables already, and not those of the archive/);
    expect(host.rows).toEqual(['of another site']);
  });
});

/** apt-cache policy, of Ubuntu 22.04. */
const POLICY = `postgresql:
  Installed: (none)
  Candidate: 14+238
  Version table:
     14+238 500
`;

describe('the answers of an archive', () => {
  it('make no account, as the accounts come with the data, and yield to what this server remembers', () => {
    const archived = {
      domain: 'studio.example.org',
      'admin.username': 'ada',
      'extra-names': ['www.studio.example.org'],
      ':skipped': ['geoip.database'],
    };
    expect(restoredAnswers(archived, { domain: 'other.example.org' })).toEqual({
      domain: 'other.example.org',
      'extra-names': ['www.studio.example.org'],
      ':skipped': ['geoip.database', 'admin.username', 'admin.email', 'admin.password'],
    });
  });
});
