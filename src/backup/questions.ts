import type { Answers, AnswerValue } from '../answers/answers.ts';
import type { Question } from '../answers/question.ts';
import { Secret } from '../output/secret.ts';
import { ARCHIVES } from './places.ts';
import { RECIPIENT } from './recipient.ts';
import { type BackupSettings, refusedAddress, refusedLine, repositorySettings } from './settings.ts';

const toFolder = (answers: Answers) => answers.text('backup.destination') === 'folder';
const toRepository = (answers: Answers) => answers.text('backup.destination') === 'repository';

function keeps(period: 'daily' | 'weekly' | 'monthly', label: string, preset: string): Question {
  return {
    id: `backup.keep.${period}`,
    label,
    help: 'The newest backup of each stays, for so many of them; the others are removed after each backup.',
    kind: 'text',
    advanced: true,
    default: preset,
    validate: (value) => (/^\d{1,3}$/.test(value) ? undefined : 'A number from 0 to 999.'),
  };
}

/** The address of a repository of restic's. */
export const REPOSITORY: Question = {
  id: 'backup.repository',
  label: 'Repository of restic',
  help: 'A path, or an address as restic takes it: sftp:USER@HOST:/PATH, s3:https://HOST/BUCKET, rest:https://HOST/.',
  kind: 'text',
  validate: refusedAddress,
};

/** What opens it. */
export const PASSWORD: Question = {
  id: 'backup.password',
  label: 'Its password',
  help: 'It opens the repository, or becomes the password of a new one. Without it the backups are lost: keep it in two places, and not on this server alone.',
  kind: 'secret',
};

/** What `backup enable` asks. */
export const BACKUP_QUESTIONS: readonly Question[] = [
  {
    id: 'backup.destination',
    label: 'Where backups go',
    help: 'A folder is lost with its disk. A repository of restic can be on another machine.',
    kind: 'choice',
    choices: [
      { value: 'repository', label: 'a repository of restic: SFTP, S3, a REST server, a path' },
      { value: 'folder', label: 'encrypted archives in a folder of this server' },
    ],
    default: 'folder',
  },
  { ...REPOSITORY, when: toRepository, example: 'sftp:studio@backup.example.org:studio' },
  { ...PASSWORD, when: toRepository },
  {
    id: 'backup.environment',
    label: 'Login of its backend',
    help: 'Lines NAME=value, as AWS_ACCESS_KEY_ID=… and AWS_SECRET_ACCESS_KEY=… for S3. SFTP and paths need none.',
    kind: 'multiline-secret',
    when: toRepository,
    skippable: 'The backend gets no login.',
    validate: (text) => linesOf(text).map(refusedLine).find(Boolean),
  },
  {
    id: 'backup.folder',
    label: 'Folder',
    help: 'An absolute path of a folder that only root can write to, best on another disk.',
    kind: 'text',
    when: toFolder,
    default: ARCHIVES,
    validate: (value) =>
      /^(\/[\w.+-]+)+$/.test(value) && !value.includes('/..') ? undefined : 'An absolute path.',
  },
  { ...RECIPIENT, id: 'backup.recipient', when: toFolder, example: `age1${'q'.repeat(58)}` },
  keeps('daily', 'Days', '7'),
  keeps('weekly', 'Weeks', '5'),
  keeps('monthly', 'Months', '12'),
];

function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** @param answers to {@link BACKUP_QUESTIONS} @returns what they set up */
export function settingsOf(answers: Answers): BackupSettings {
  const [daily, weekly, monthly] = ['daily', 'weekly', 'monthly'].map((period) =>
    Number(answers.text(`backup.keep.${period}`)),
  ) as [number, number, number];
  const keep = { daily, weekly, monthly };
  if (toFolder(answers)) return { folder: answers.text('backup.folder'), keep };
  const repository = repositorySettings(
    answers.text('backup.repository'),
    answers.secret('backup.password').reveal(),
    linesOf(answers.optionalSecret('backup.environment')?.reveal() ?? ''),
  );
  return { repository, keep };
}

/**
 * @param recipient one that is remembered
 * @returns the same as answers, by the ids of their questions: what is set up is not asked again
 */
export function answersIn(
  { repository, folder, keep }: BackupSettings,
  recipient: string | undefined,
): ReadonlyMap<string, AnswerValue> {
  const lines = Object.entries(repository?.environment ?? {}).map(
    ([name, value]) => `${name}=${value.reveal()}`,
  );
  const destination = folder === undefined ? undefined : 'folder';
  const values: Readonly<Record<string, AnswerValue | undefined>> = {
    'backup.destination': repository === undefined ? destination : 'repository',
    'backup.repository': repository?.address,
    'backup.password': repository?.password,
    'backup.environment': lines.length === 0 ? undefined : new Secret(lines.join('\n')),
    'backup.folder': folder,
    'backup.recipient': recipient,
    'backup.keep.daily': keep?.daily.toString(),
    'backup.keep.weekly': keep?.weekly.toString(),
    'backup.keep.monthly': keep?.monthly.toString(),
  };
  return new Map(
    Object.entries(values).flatMap(([id, value]) => (value === undefined ? [] : [[id, value] as const])),
  );
}
