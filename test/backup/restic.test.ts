import { beforeEach, describe, expect, it } from 'vitest';
import { repositoryOperations } from '../../src/backup/repository.ts';
import { Repository } from '../../src/backup/restic.ts';
import {
  readSettings,
  refusedAddress,
  refusedLine,
  repositorySettings,
  SETTINGS_FILE,
  settingsText,
} from '../../src/backup/settings.ts';
import { snapshotIn } from '../../src/backup/source.ts';
import { isLater } from '../../src/engine/operation.ts';
import { shellOf } from '../../src/host/shell.ts';
import { problemOf } from '../../src/output/problem.ts';
import type { Call } from '../host/fake/programs.ts';
import { BackupHost } from './backup-host.ts';

const address = 'sftp:studio@backup.example.org:studio';
const settings = repositorySettings(address, 'pass word of-the-sample', [
  'AWS_SECRET_ACCESS_KEY=key-of-the-sample',
]);
const repository = new Repository(settings);
let host: BackupHost;
/** What restic was asked, and what it answers: its sentences are those of 0.14.0. */
let calls: Call[];
let answer: { code?: number; stdout?: string; stderr?: string };

beforeEach(() => {
  host = new BackupHost();
  calls = [];
  answer = {};
  host.programs.add((call) => {
    if (call.argv[0] !== 'bash' || !call.argv[2]?.includes('restic')) return undefined;
    calls.push(call);
    return answer;
  });
});

async function said(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('It did not fail.'),
    (reason: unknown) => reason,
  );
  const { what, detail = [], remedy } = problemOf(error);
  return [what, ...detail, remedy].join(' | ');
}

describe('a repository of restic', () => {
  it.each([
    ['a folder', 'Fatal: unable to open config file: stat /srv/none/config: no such file or directory'],
    ['SFTP', 'Fatal: unable to open config file: Lstat: file does not exist'],
    ['S3', 'Fatal: unable to open config file: Stat: The specified key does not exist.'],
    ['a REST server', 'Fatal: unable to open config file: unexpected HTTP response (404): 404 Not Found'],
  ])('is not there: %s', async (_, stderr) => {
    answer = { code: 1, stderr: `${stderr}\nIs there a repository at the following location?\n${address}\n` };
    expect(await repository.exists(host)).toBe(false);
  });

  it('is not there: exit code 10 of restic 0.17', async () => {
    answer = { code: 10, stderr: 'Fatal: repository does not exist' };
    expect(await repository.exists(host)).toBe(false);
  });

  it.each([
    [1, 'Fatal: wrong password or no key found', 'The password does not open the repository'],
    [
      1,
      'Fatal: unable to open config file: client.Head: Head "http://192.0.2.9:8000/config": dial tcp 192.0.2.9:8000: connect: connection refused\nIs there a repository at the following location?',
      'could not be reached',
    ],
    [
      1,
      'subprocess ssh: ssh: Could not resolve hostname none.example.org: Name or service not known\nFatal: unable to open repository at sftp:x: unable to start the sftp session, error: EOF',
      'could not be reached',
    ],
    [1, 'subprocess ssh: Host key verification failed.', 'ssh does not know the server of'],
    [
      1,
      'subprocess ssh: studio@backup.example.org: Permission denied (publickey).',
      "does not let root's SSH key in",
    ],
    [
      1,
      'unable to create lock in backend: repository is already locked exclusively by PID 7 on other by root (UID 0, GID 0)',
      'is locked: another program works on it',
    ],
    [124, '', 'could not be reached'],
    [1, 'Fatal: something new', "restic can't tell what is in the repository"],
  ])(
    'could not be asked, and does not pass for one that is not there: %i %s',
    async (code, stderr, words) => {
      answer = { code, stderr };
      expect(await said(repository.exists(host))).toContain(words);
      expect(await said(repository.snapshots(host))).toContain(words);
      // A plan with it ends there: nothing is made.
      host.arrange({ '/usr/bin/restic': '' });
      const operation = repositoryOperations(repository, { repository: settings })[1];
      expect(await said(Promise.resolve(operation?.observe(host)))).toContain(words);
      expect(calls.every(({ argv }) => !argv.includes('init'))).toBe(true);
    },
  );

  it('is made where there is none, and what it would be is said before restic is there', async () => {
    const operation = repositoryOperations(repository, { repository: settings })[1];
    const later = await operation?.observe(host);
    expect(later && isLater(later) ? later.summary : '').toContain('if there is none');
    expect(calls).toEqual([]);
    host.arrange({ '/usr/bin/restic': '' });
    answer = { code: 10, stderr: '' };
    const change = await operation?.observe(host);
    if (change === undefined || isLater(change)) throw new Error('No change');
    expect(change.summary).toBe(`make the repository ${address}, encrypted: there is none`);
    answer = {};
    await change.apply(host);
    expect(calls.at(-1)?.argv.at(-1)).toBe('init');
  });

  it('gets password, address and login by standard input alone', async () => {
    await repository.exists(host);
    const [{ argv, options } = { argv: [], options: {} }] = calls;
    expect(options.input).toBe(
      `RESTIC_REPOSITORY=${address}\nAWS_SECRET_ACCESS_KEY=key-of-the-sample\n\npass word of-the-sample\n`,
    );
    expect(`${shellOf(argv)} ${JSON.stringify(options.env ?? {})}`).not.toMatch(
      /of-the-sample|backup\.example/,
    );
  });

  it('shows no login of an address', () => {
    const rest = repositorySettings('rest:https://studio:word-of-it@backup.example.org/', 'x', []);
    expect(new Repository(rest).shown).toBe('rest:https://backup.example.org/');
  });
});

describe('a backup in it', () => {
  const snapshot = (id: string, hostname: string, time: string) => ({ id: id.repeat(8), hostname, time });
  const opened = (wanted: string) => snapshotIn(repository, wanted).open(host, host.work);

  it.each([
    ['none at all', [], 'latest', 'has no backup latest'],
    [
      'another id',
      [snapshot('0123abcd', 'a.example.org', '2026-01-02T03:04:05Z')],
      'ffff',
      'has no backup ffff',
    ],
    [
      'two sites',
      [
        snapshot('0123abcd', 'a.example.org', '2026-01-02T03:04:05Z'),
        snapshot('0123abce', 'b.example.org', '2026-01-03T03:04:05Z'),
      ],
      'latest',
      'several backups that latest could mean',
    ],
    [
      'two with that beginning',
      [
        snapshot('0123abcd', 'a.example.org', '2026-01-02T03:04:05Z'),
        snapshot('0123abce', 'a.example.org', '2026-01-03T03:04:05Z'),
      ],
      '0123',
      'several backups that 0123 could mean',
    ],
  ])('is refused: %s', async (_, found, wanted, words) => {
    answer = { stdout: JSON.stringify(found) };
    expect(await said(opened(wanted))).toContain(words);
    expect(calls.every(({ argv }) => !argv.includes('dump'))).toBe(true);
  });

  it.each([
    ['tar: Unexpected EOF in archive', 'is cut or altered'],
    ['Fatal: cannot dump file: ciphertext verification failed', 'is damaged or missing'],
  ])('is named as what it is: %s', async (stderr, words) => {
    host.programs.add(({ argv }) => {
      if (argv.includes('snapshots'))
        return { stdout: JSON.stringify([snapshot('0123abcd', 'a.example.org', '2026-01-02T03:04:05Z')]) };
      if (argv.includes('stats')) return { stdout: '{"total_size":1000}' };
      return argv.includes('dump') ? { code: 1, stderr } : undefined;
    });
    expect(await said(opened('latest'))).toContain(words);
  });
});

describe('what is remembered of it', () => {
  it('is read as it was written', async () => {
    const kept = { repository: settings, keep: { daily: 7, weekly: 5, monthly: 12 } };
    host.arrange({ [SETTINGS_FILE]: { text: settingsText(kept), mode: 0o600 } });
    expect(settingsText(await readSettings(host))).toBe(settingsText(kept));
  });

  it.each(['', '[]', '{"repository":1}', '{"repository":{"address":"/srv"}}', '{"keep":{"daily":"7"}}'])(
    'is refused where it is something else: %s',
    async (text) => {
      host.arrange({ [SETTINGS_FILE]: text });
      expect(await said(readSettings(host))).toContain("can't be read as what studio-setup wrote there");
    },
  );

  it.each(['/srv/backups', address, 's3:https://s3.example.org/bucket', 'rest:https://backup.example.org/'])(
    'an address: %s',
    (each) => expect(refusedAddress(each)).toBeUndefined(),
  );
  it.each(['backups', '-r', '', 'sftp:', 'sftp:a b', 'https://backup.example.org/'])(
    'no address: %s',
    (each) => expect(refusedAddress(each)).toBeDefined(),
  );
  it.each(['AWS_ACCESS_KEY_ID=1', 'B2_ACCOUNT_KEY=a=b'])('a line of the environment: %s', (each) =>
    expect(refusedLine(each)).toBeUndefined(),
  );
  it.each([
    'LD_PRELOAD=/tmp/x',
    'PATH=/tmp',
    'RESTIC_PASSWORD=x',
    'AWS_ACCESS_KEY_ID',
    'AWS_X=',
    'BASH_ENV=x',
  ])('none: %s', (each) => expect(refusedLine(each)).toBeDefined());
});
