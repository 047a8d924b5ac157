import { beforeEach, describe, expect, it } from 'vitest';
import { archiveIn } from '../../src/backup/archive.ts';
import { backupOperations } from '../../src/backup/create.ts';
import { RESTORED, TRIAL_DATABASE } from '../../src/backup/places.ts';
import { archiveAt } from '../../src/backup/source.ts';
import { trialOperations } from '../../src/backup/verify.ts';
import type { Operation } from '../../src/engine/operation.ts';
import { isLater } from '../../src/engine/operation.ts';
import { problemOf } from '../../src/output/problem.ts';
import { Killed } from '../host/fake/failures.ts';
import { ARCHIVE, BackupHost } from './backup-host.ts';

let host: BackupHost;

async function carriedOut(operations: readonly Operation[]): Promise<void> {
  for (const operation of operations) {
    const change = await operation.observe(host);
    if (change === undefined) continue;
    if (isLater(change)) throw new Error(change.later);
    await change.apply(host);
    host.forget();
  }
}

const trial = () =>
  carriedOut(
    trialOperations({
      source: archiveAt(ARCHIVE, '/root/identity'),
      work: host.work,
      database: host.database,
    }),
  );

async function refusal(): Promise<string> {
  const error = await trial().then(
    () => new Error('It did not fail.'),
    (reason: unknown) => reason,
  );
  const { what, detail = [], remedy } = problemOf(error);
  return [what, ...detail, remedy].join(' | ');
}

/** Makes another archive of this one. */
async function altered(change: (archive: Record<string, string>) => void): Promise<void> {
  const archive = JSON.parse((await host.read(ARCHIVE)) ?? '');
  change(archive);
  host.arrange({ [ARCHIVE]: JSON.stringify(archive) });
}

beforeEach(async () => {
  host = new BackupHost();
  await carriedOut(
    backupOperations({
      destination: archiveIn(ARCHIVE),
      work: host.work,
      database: host.database,
      answers: 'domain: studio.example.org\n',
      remembered: {},
      about: { made: '2026-01-02T03:04:05.678Z', product: '1.2.3', domain: 'studio.example.org' },
      contents: { root: ['/etc/blender-studio/meilisearch.env'], site: [], edited: [], left: [] },
    }),
  );
});

describe('backup verify', () => {
  it('restores into a database of its own, remembers that, and leaves nothing', async () => {
    host.rows = ['the site', 'went', 'on'];
    await trial();
    expect(host.trials).toEqual(new Map());
    expect(host.hint(TRIAL_DATABASE)).toBe('');
    expect(host.hint(RESTORED)).toMatch(
      /^blender-studio-studio\.example\.org-20260102T030405Z\.tar\.age\t\d{4}-/,
    );
    expect(host.ran.filter((line) => /createdb|dropdb/.test(line))).toEqual([
      expect.stringMatching(
        /createdb --port 5432 --owner=studio --template=template0 --encoding=UTF8 --locale=C studio_setup_trial_[\da-f]{12}$/,
      ),
      expect.stringMatching(/dropdb --port 5432 --if-exists studio_setup_trial_[\da-f]{12}$/),
    ]);
  });

  it.each<[string, (archive: Record<string, string>) => void, string]>([
    [
      'a row that is missing',
      (archive) => {
        archive['manifest.json'] = (archive['manifest.json'] ?? '').replace('"rows": 2', '"rows": 3');
      },
      'table public.page has 2 rows, and had 3',
    ],
    [
      'a table that is missing',
      (archive) => {
        archive['manifest.json'] = (archive['manifest.json'] ?? '').replace('public.page', 'public.other');
      },
      'table public.other is missing',
    ],
    [
      'other contents of a table',
      (archive) => {
        archive['manifest.json'] = (archive['manifest.json'] ?? '').replace('first+second', 'first+2nd');
      },
      'table public.page has other contents',
    ],
    [
      'another dump',
      (archive) => {
        archive['database.dump'] = '[]';
      },
      'database.dump has other contents',
    ],
    [
      'another file',
      (archive) => {
        archive['files/etc/blender-studio/meilisearch.env'] = 'other';
      },
      '/etc/blender-studio/meilisearch.env has other contents',
    ],
    [
      'a file that is missing',
      (archive) => {
        delete archive['files/etc/blender-studio/meilisearch.env'];
      },
      '/etc/blender-studio/meilisearch.env is missing',
    ],
    [
      "a file among root's that is not in the manifest",
      (archive) => {
        archive['files/etc/letsencrypt/accounts/other'] = 'planted';
      },
      '/etc/letsencrypt/accounts/other is not in the manifest',
    ],
    [
      'a newer format',
      (archive) => {
        archive['manifest.json'] = (archive['manifest.json'] ?? '').replace('"format": 1', '"format": 2');
      },
      'has format 2; this version of studio-setup knows formats up to 1',
    ],
    [
      'no manifest',
      (archive) => {
        archive['manifest.json'] = '{}';
      },
      'has no manifest that can be read',
    ],
  ])('names %s, and drops what it made', async (_, change, said) => {
    await altered(change);
    expect(await refusal()).toContain(said);
    expect(host.trials).toEqual(new Map());
    expect(host.hint(RESTORED)).toBeUndefined();
  });

  /** As age 1.1.1 of Debian 12 says it. */
  it.each([
    ['no identity matched any of the recipients', 'The key in /root/identity does not open'],
    ['failed to decrypt and authenticate payload chunk', 'is cut or altered'],
    ['last chunk is empty, try age v1.0.0, and please consider reporting this', 'is cut or altered'],
    [
      'failed to read header: failed to parse header: failed to read line: EOF',
      'is no archive that age can read',
    ],
    [
      'failed to read header: parsing age header: unexpected intro: "hello"',
      'is no archive that age can read',
    ],
    [
      'reading "/root/identity": failed to read "/root/identity": no secret keys found',
      'has no key that age can read',
    ],
    [
      'reading "/root/identity": failed to read "/root/identity": error at line 1: unknown identity type',
      'has no key that age can read',
    ],
  ])('age: error: %s', async (words, said) => {
    host.arrange({ [ARCHIVE]: words });
    expect(await refusal()).toContain(said);
    expect(host.ran.join('\n')).not.toContain('createdb');
  });

  it('opens nothing where there is no room for it', async () => {
    host.free = 1000;
    expect(await refusal()).toContain('Nothing was written.');
  });

  it('killed at each of its steps, the next one drops the trial, and no other database', async () => {
    const begun = host.steps.execs;
    await trial();
    const { execs } = host.steps;
    expect(execs - begun).toBeGreaterThan(8);
    for (let exec = 1; exec <= execs - begun; exec += 1) {
      host.trials.clear();
      host.trials.set('studio_setup_trial', []);
      host.plant({ exec, result: 'killed' });
      await expect(trial(), String(exec)).rejects.toBeInstanceOf(Killed);
      host.plant();
      await trial();
      expect([...host.trials.keys()], String(exec)).toEqual(['studio_setup_trial']);
    }
  });
});
