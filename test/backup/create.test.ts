import { describe, expect, it } from 'vitest';
import { archiveIn } from '../../src/backup/archive.ts';
import { type BackupPlan, backupOperations } from '../../src/backup/create.ts';
import { isLater } from '../../src/engine/operation.ts';
import { shellOf } from '../../src/host/shell.ts';
import { ProblemError, problemOf } from '../../src/output/problem.ts';
import { Killed } from '../host/fake/failures.ts';
import { ARCHIVE, BackupHost, PASSWORD, WORK } from './backup-host.ts';

function operationsFor({ work, database }: BackupHost, wanted: Partial<BackupPlan> = {}) {
  return backupOperations({
    destination: archiveIn(ARCHIVE),
    work,
    database,
    answers: 'domain: studio.example.org\n',
    remembered: { domain: 'studio.example.org' },
    about: { made: '2026-01-02T03:04:05.678Z', product: '1.2.3', domain: 'studio.example.org' },
    contents: {
      root: ['/etc/blender-studio/meilisearch.env'],
      site: ['/var/www/blender-studio/studio/settings.py'],
      edited: [],
      left: [],
    },
    ...wanted,
  });
}

/** As the engine does: each is observed, carried out, and observed again. */
async function carriedOut(host: BackupHost, wanted: Partial<BackupPlan> = {}): Promise<void> {
  for (const operation of operationsFor(host, wanted)) {
    const change = await operation.observe(host);
    if (change === undefined) continue;
    if (isLater(change)) throw new Error(change.later);
    await change.apply(host);
    host.forget();
    expect(await operation.observe(host), operation.id).toBeUndefined();
  }
}

const archived = async (host: BackupHost) => JSON.parse((await host.read(ARCHIVE)) ?? '{}');

async function failure(promise: Promise<void>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProblemError);
  const { what, remedy } = problemOf(error);
  return `${what} ${remedy}`;
}

describe('backup create', () => {
  it('has the dump, the answers and the files, and a manifest of them', async () => {
    const host = new BackupHost();
    await carriedOut(host);
    const archive = await archived(host);
    expect(Object.keys(archive)).toEqual([
      'manifest.json',
      'answers.yaml',
      'database.dump',
      'files/etc/blender-studio/meilisearch.env',
      'files/var/www/blender-studio/studio/settings.py',
    ]);
    expect(JSON.parse(archive['manifest.json'])).toEqual({
      format: 1,
      made: '2026-01-02T03:04:05.678Z',
      product: '1.2.3',
      domain: 'studio.example.org',
      system: 'Debian GNU/Linux 12 (bookworm)',
      site: { commit: expect.stringMatching(/^0123/), branch: expect.any(String) },
      database: {
        name: 'studio',
        server: 150018,
        encoding: 'UTF8',
        bytes: 5000,
        tables: [{ table: 'public.page', rows: 2, digest: 'first+second' }],
      },
      contents: {
        root: ['/etc/blender-studio/meilisearch.env'],
        site: ['/var/www/blender-studio/studio/settings.py'],
      },
      edited: [],
      answers: { domain: 'studio.example.org' },
      parts: [
        { path: 'database.dump', size: 18, sha256: expect.stringMatching(/^[\da-f]{64}$/) },
        { path: 'answers.yaml', size: 27, sha256: expect.stringMatching(/^[\da-f]{64}$/) },
      ],
      files: [
        { path: '/etc/blender-studio/meilisearch.env', size: 24, sha256: expect.any(String) },
        { path: '/var/www/blender-studio/studio/settings.py', size: 11, sha256: expect.any(String) },
      ],
    });
    expect((await host.status('/srv/archives'))?.mode).toBe(0o700);
  });

  it('gives the password to libpq by standard input alone, as its file has it', async () => {
    const host = new BackupHost();
    await carriedOut(host);
    expect(host.asked.length).toBe(2);
    for (const { argv, options } of host.asked) {
      expect(options.input?.split('\n')[0]).toBe('*:*:*:*:pass\\:word\\\\of-the-sample');
      expect(`${shellOf(argv)} ${JSON.stringify(options.env)}`).not.toContain('of-the-sample');
      expect(options.quiet).toBe(true);
    }
    expect([...host.ran, ...host.said].join('\n')).not.toContain(PASSWORD);
  });

  it('dumps nothing where there is no room for it', async () => {
    const host = new BackupHost();
    host.free = 200 * 1024 * 1024;
    expect(await failure(carriedOut(host))).toMatch(
      /^200 MB are free on \/; this needs up to 201 MB there\./,
    );
    expect(await host.list(WORK)).toEqual([]);
    expect(await host.status(ARCHIVE)).toBeUndefined();
  });

  it('refuses a folder in which another account can put a link', async () => {
    const host = new BackupHost();
    host.arrange({ '/srv/archives': { folder: true, owner: 'www-data' } });
    expect(await failure(carriedOut(host))).toMatch(/\/srv\/archives belongs to www-data.*--to FOLDER$/);
    expect(host.ran).toEqual([]);
  });

  it('adds a recipient to those that are there, and takes none away', async () => {
    const host = new BackupHost();
    await carriedOut(host, { destination: archiveIn(ARCHIVE, { recipients: ['age1other', 'age1sample'] }) });
    expect(await host.read('/etc/blender-studio/backup-recipients')).toBe('# mine\nage1sample\nage1other\n');
  });

  it('says whose right is missing where the dump fails', async () => {
    const host = new BackupHost();
    host.programs.add(({ argv, options }) =>
      argv[0] === 'bash' && options.input?.includes('pg_export_snapshot')
        ? { stderr: 'pg_dump: error: query failed: ERROR:  permission denied for table payout\n' }
        : undefined,
    );
    expect(await failure(carriedOut(host))).toContain(
      "The site's own role may not read the table payout. Give it that right, as PostgreSQL's administrator: GRANT SELECT ON TABLE payout",
    );
    expect(await host.status(ARCHIVE)).toBeUndefined();
  });

  it('cut off at each of its steps, it leaves no archive by half, and the next one is whole', async () => {
    const arranged = () => {
      const host = new BackupHost();
      host.arrange({ [`${ARCHIVE}.partial`]: 'of an earlier kill' });
      return host;
    };
    const whole = arranged();
    await carriedOut(whole);
    const failures = Array.from({ length: whole.steps.execs }, (_, index) => {
      return { exec: index + 1, result: 'killed' as const };
    });
    expect(failures.length).toBeGreaterThan(10);
    for (const planted of failures) {
      const host = arranged();
      host.plant(planted);
      await expect(carriedOut(host), JSON.stringify(planted)).rejects.toBeInstanceOf(Killed);
      host.plant();
      await carriedOut(host);
      expect(await archived(host), JSON.stringify(planted)).toEqual(await archived(whole));
      expect(await host.list('/srv/archives')).toEqual([ARCHIVE.slice('/srv/archives/'.length)]);
    }
  });
});
