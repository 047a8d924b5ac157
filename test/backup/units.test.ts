import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { Answers } from '../../src/answers/answers.ts';
import { readAnswersFile } from '../../src/answers/file.ts';
import { LAST_BACKUP } from '../../src/backup/places.ts';
import { answersIn, BACKUP_QUESTIONS, settingsOf } from '../../src/backup/questions.ts';
import { type BackupSettings, repositorySettings, settingsText } from '../../src/backup/settings.ts';
import { firstBackup, scheduleOperations, unscheduleOperations } from '../../src/backup/units.ts';
import { isLater } from '../../src/engine/operation.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { table } from '../operations/table.ts';

vi.mock('node:timers/promises', async () => (await import('../operations/virtual-time.ts')).timers);

const PROGRAM = '/usr/local/bin/studio-setup';
const SETTINGS = '/etc/blender-studio/backup.json';
const UNITS = '/etc/systemd/system';
const SERVICE = `${UNITS}/studio-setup-backup.service`;
const TIMER = `${UNITS}/studio-setup-backup.timer`;
const LINK = `${UNITS}/timers.target.wants/studio-setup-backup.timer`;
const keep = { daily: 7, weekly: 5, monthly: 12 };
const toFolder: BackupSettings = { folder: '/srv/backups', keep };
const toRepository: BackupSettings = {
  repository: repositorySettings('sftp:studio@backup.example.org:studio', 'planted-in-the-settings', []),
  keep,
};

const scheduled = (settings: BackupSettings, program = PROGRAM) =>
  scheduleOperations({ program: [program], settings, recipients: [] });

function operation(id: string, all: readonly ReturnType<typeof firstBackup>[]) {
  const found = all.find((each) => each.id === id);
  if (found === undefined) throw new TypeError(id);
  return found;
}

async function textOf(unit: string, settings: BackupSettings, program?: string): Promise<string> {
  const host = new FakeHost();
  const change = await operation(`backup/${unit}`, scheduled(settings, program)).observe(host);
  if (change === undefined || isLater(change)) throw new TypeError(unit);
  await change.apply(host);
  return (await host.read(`${UNITS}/${unit}`)) ?? '';
}

describe('the timers', () => {
  it('start what makes one, and what proves one: from a repository it is read again', async () => {
    const starts = (text: string) => /^ExecStart=(.*)$/m.exec(text)?.[1];
    expect(starts(await textOf('studio-setup-backup.service', toRepository))).toBe(
      `${PROGRAM} backup create --plain --yes`,
    );
    expect(starts(await textOf('studio-setup-backup-verify.service', toRepository))).toBe(
      `${PROGRAM} backup verify --plain --yes`,
    );
    expect(starts(await textOf('studio-setup-backup-verify.service', toFolder))).toBe(
      `${PROGRAM} backup create --verify --plain --yes`,
    );
  });

  it('are units that systemd takes, without a word', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'studio-setup-units-'));
    try {
      const program = path.join(folder, 'studio-setup');
      writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
      const names = ['backup.service', 'backup.timer', 'backup-verify.service', 'backup-verify.timer'];
      const units = names.map((name) => `studio-setup-${name}`);
      for (const unit of units) writeFileSync(path.join(folder, unit), await textOf(unit, toFolder, program));
      // Its exit code tells nothing (some errors end with 0): what it prints does.
      const said = execFileSync(
        'systemd-analyze',
        ['verify', '--man=no', ...units.map((unit) => path.join(folder, unit))],
        { encoding: 'utf8', stdio: 'pipe' },
      );
      expect(said).toBe('');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('show no password in the plan', async () => {
    const change = await operation('backup/settings', scheduled(toRepository)).observe(new FakeHost());
    expect(JSON.stringify(change)).toContain('••••');
    expect(JSON.stringify(change)).not.toContain('planted-in-the-settings');
  });
});

table('what makes backups by itself', [
  {
    title: 'what is known of the place',
    operation: operation('backup/settings', scheduled(toRepository)),
    change: { kind: 'create', summary: SETTINGS },
    after: { [SETTINGS]: { text: settingsText(toRepository), mode: 0o600 } },
  },
  {
    title: 'a program that another account can replace',
    operation: operation('backup/program', scheduled(toFolder, '/opt/ada/studio-setup')),
    before: { '/opt/ada': { folder: true, owner: 'www-data' }, '/opt/ada/studio-setup': '' },
    refused: { what: /root's timer: \/opt\/ada belongs to www-data/ },
  },
]);

table('a service that only its timer starts', [
  {
    title: 'whose text systemd has read before it changed',
    operation: operation('backup/read-studio-setup-backup.service', scheduled(toFolder)),
    before: { [SERVICE]: 'of before\n' },
    arrange({ host, systemd }) {
      systemd.running('studio-setup-backup.service', 100);
      systemd.unit('studio-setup-backup.service').active = 'inactive';
      host.arrange({ [SERVICE]: 'of now\n' });
    },
    change: { kind: 'run', summary: 'systemd reads studio-setup-backup.service again: its file changed' },
    ran: ['systemctl daemon-reload'],
  },
  {
    title: 'that systemd has not read yet',
    operation: operation('backup/read-studio-setup-backup.service', scheduled(toFolder)),
    before: { [SERVICE]: 'of now\n' },
    upToDate: true,
  },
  {
    title: 'whose text this plan changes',
    operation: operation('backup/read-studio-setup-backup.service', scheduled(toFolder)),
    before: { [SERVICE]: 'of before\n' },
    arrange: ({ host }) => void host.planned.add(SERVICE),
    later: 'after its file',
  },
]);

table('the first backup', [
  {
    title: 'before which there was none, and which fails',
    operation: firstBackup(),
    before: { [SERVICE]: 'x\n', [SETTINGS]: '{}\n' },
    arrange({ systemd }) {
      Object.assign(systemd.unit('studio-setup-backup.service'), {
        starts: () => 'failed',
        journal: ['The repository could not be reached.'],
      });
    },
    change: { kind: 'run', summary: 'a first backup: none was made yet' },
    fails: { what: /first backup failed/, remedy: /studio-setup backup enable/ },
  },
  {
    title: 'again once it goes elsewhere',
    operation: firstBackup(),
    before: { [SERVICE]: 'x\n', [SETTINGS]: '{}\n' },
    arrange({ host, systemd }) {
      host.remember(LAST_BACKUP, '2001-01-01T00:00:00.000Z');
      // A oneshot, which is inactive again when it is done.
      Object.assign(systemd.unit('studio-setup-backup.service'), {
        starts() {
          host.remember(LAST_BACKUP, '2999-01-01T00:00:00.000Z');
          return 'inactive';
        },
      });
    },
    change: { summary: `a first backup: ${SERVICE} is newer than the last one` },
    ran: ['systemctl start --no-block studio-setup-backup.service'],
  },
  {
    title: 'not again while one was made since',
    operation: firstBackup(),
    before: { [SERVICE]: 'x\n', [SETTINGS]: '{}\n' },
    arrange: ({ host }) => host.remember(LAST_BACKUP, '2999-01-01T00:00:00.000Z'),
    upToDate: true,
  },
  {
    title: 'once its units are there',
    operation: firstBackup(),
    arrange: ({ host }) => host.expect([SERVICE]),
    later: 'after its units',
  },
]);

table('what makes backups by itself is taken away', [
  {
    title: 'the timer',
    operation: operation('backup/stopped', unscheduleOperations(toFolder)),
    before: { [TIMER]: '[Timer]\nOnCalendar=daily\n', [LINK]: { link: TIMER } },
    arrange: ({ systemd }) => void systemd.running('studio-setup-backup.timer', 1000),
    change: { kind: 'run' },
    after: { [LINK]: null },
  },
  {
    title: 'its unit',
    operation: operation('backup/gone-studio-setup-backup.service', unscheduleOperations(toFolder)),
    before: { [SERVICE]: 'x\n' },
    change: { kind: 'run' },
    after: { [SERVICE]: null },
  },
  {
    title: 'what is known of a folder',
    operation: operation('backup/settings', unscheduleOperations(toFolder)),
    before: { [SETTINGS]: settingsText(toFolder) },
    change: { kind: 'run' },
    after: { [SETTINGS]: null },
  },
]);

it('a repository stays known when the timers go', async () => {
  const host = new FakeHost();
  const change = await operation('backup/settings', unscheduleOperations(toRepository)).observe(host);
  if (change === undefined || isLater(change)) throw new TypeError('No change');
  await change.apply(host);
  const { repository } = toRepository;
  expect(await host.read(SETTINGS)).toBe(settingsText(repository === undefined ? {} : { repository }));
});

describe('answers', () => {
  it.each([toFolder, toRepository])('are those of what is set up: %j', (settings) => {
    let answers = new Answers();
    for (const [id, value] of answersIn(settings, 'age1sample')) answers = answers.with(id, value, 'host');
    expect(settingsText(settingsOf(answers))).toBe(settingsText(settings));
  });

  it('are taken from the answers file of docs/backup.md, the password without the end of its line', () => {
    const page = readFileSync(path.join(import.meta.dirname, '../../docs/backup.md'), 'utf8');
    const [, yaml = ''] = /^```yaml\n([\s\S]*?)^```$/m.exec(page) ?? [];
    const folder = mkdtempSync(path.join(tmpdir(), 'studio-setup-answers-'));
    try {
      const file = path.join(folder, 'password');
      writeFileSync(file, 'word of the file\n');
      const given = readAnswersFile(
        yaml.replace('/root/repository-password', file),
        'backup.yaml',
        BACKUP_QUESTIONS,
      );
      let answers = new Answers();
      for (const [id, each] of given)
        if (each.kind === 'value') answers = answers.with(id, each.value, 'file');
      const { repository, keep: kept } = settingsOf(answers);
      expect(repository?.address).toBe('sftp:studio@backup.example.org:studio');
      expect(repository?.password.reveal()).toBe('word of the file');
      expect(kept).toEqual(keep);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuse a folder that is no absolute path, and a number that is none', () => {
    const refused = (id: string, value: string) =>
      BACKUP_QUESTIONS.find((question) => question.id === id)?.validate?.(value);
    expect(refused('backup.folder', 'backups')).toBeDefined();
    expect(refused('backup.folder', '/srv/../etc')).toBeDefined();
    expect(refused('backup.folder', '/srv/backups')).toBeUndefined();
    expect(refused('backup.keep.daily', '-1')).toBeDefined();
    expect(refused('backup.keep.daily', '7')).toBeUndefined();
  });
});
