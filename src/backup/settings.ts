import type { Host } from '../host/host.ts';
import { isRecord, parsedJson } from '../output/json.ts';
import { ProblemError } from '../output/problem.ts';
import { Secret } from '../output/secret.ts';

/** A repository of restic's, and what opens it. */
export interface RepositorySettings {
  /** As restic takes it: a path, `sftp:…`, `s3:…`, `rest:…`. */
  readonly address: string;
  readonly password: Secret;
  /** What the other side asks for besides, as restic's environment has it: `AWS_ACCESS_KEY_ID` and the like. */
  readonly environment: Readonly<Record<string, Secret>>;
}

/** How many backups stay: the newest of each of so many days, weeks and months (restic-forget(1)). */
export interface Retention {
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
}

/** How backups are made when nothing else is said. */
export interface BackupSettings {
  /** Absent: archives in a folder. */
  readonly repository?: RepositorySettings;
  /** Absolute path of the folder of archives that are made by themselves. */
  readonly folder?: string;
  /** Present while backups are made by themselves. */
  readonly keep?: Retention;
}

/** Root's alone (0600): the repository's password stands in it. */
export const SETTINGS_FILE = '/etc/blender-studio/backup.json';

/** @returns the text of {@link SETTINGS_FILE} */
export function settingsText({ repository, folder, keep }: BackupSettings): string {
  const plain = {
    repository: repository && {
      address: repository.address,
      password: repository.password.reveal(),
      environment: Object.fromEntries(
        Object.entries(repository.environment).map(([name, value]) => [name, value.reveal()]),
      ),
    },
    folder,
    keep,
  };
  return `${JSON.stringify(plain, undefined, 2)}\n`;
}

/**
 * @returns what was set up; nothing where nothing was. Its secrets are known to the funnel from here on.
 * @throws ProblemError when the file is none of the product's
 */
export async function readSettings(host: Host): Promise<BackupSettings> {
  const text = await host.read(SETTINGS_FILE);
  if (text === undefined) return {};
  const stored = parsedJson(text);
  if (!isRecord(stored)) throw unreadable();
  const { repository, folder, keep } = stored;
  return {
    ...(repository === undefined ? {} : { repository: repositoryOf(repository) }),
    ...(typeof folder === 'string' ? { folder } : {}),
    ...(keep === undefined ? {} : { keep: retentionOf(keep) }),
  };
}

function repositoryOf(value: unknown): RepositorySettings {
  if (!isRecord(value)) throw unreadable();
  const { address, password, environment } = value;
  if (typeof address !== 'string' || typeof password !== 'string' || !isRecord(environment))
    throw unreadable();
  return repositorySettings(
    address,
    password,
    Object.entries(environment).map(([name, each]) => `${name}=${String(each)}`),
  );
}

function retentionOf(value: unknown): Retention {
  if (!isRecord(value)) throw unreadable();
  const { daily, weekly, monthly } = value;
  if (typeof daily !== 'number' || typeof weekly !== 'number' || typeof monthly !== 'number')
    throw unreadable();
  return { daily, weekly, monthly };
}

/** A login in an address: `rest:https://user:password@host/`. */
const LOGIN = /:\/\/[^/@]*:([^/@]+)@/;

/** @param environment lines NAME=value, as {@link refusedLine} takes them */
export function repositorySettings(
  address: string,
  password: string,
  environment: readonly string[],
): RepositorySettings {
  const login = LOGIN.exec(address)?.[1];
  if (login !== undefined) new Secret(login);
  return {
    address,
    password: new Secret(password),
    environment: Object.fromEntries(
      environment.map((line) => {
        const at = line.indexOf('=');
        return [line.slice(0, at), new Secret(line.slice(at + 1))];
      }),
    ),
  };
}

/**
 * The families of names that restic's backends read (its manual, Scripting, Environment Variables). Any other, PATH or LD_PRELOAD for
 * one, would change what root's programs do.
 */
const NAMES =
  /^(AWS|AZURE|B2|GOOGLE|OS|RCLONE|ST|SWIFT)_[A-Z\d_]+$|^RESTIC_(REST_USERNAME|REST_PASSWORD|CACERT)$/;

/** @returns why a line of the environment is refused; its value is never in it */
export function refusedLine(line: string): string | undefined {
  const [, name] = /^([A-Z][A-Z\d_]*)=\S/.exec(line) ?? [];
  if (name === undefined) return 'Each line is NAME=value, as AWS_ACCESS_KEY_ID=….';
  return NAMES.test(name)
    ? undefined
    : `${name} is no variable by which a backend of restic takes its login.`;
}

/** @returns why restic would not take it as an address of a repository */
export function refusedAddress(address: string): string | undefined {
  return /^(\/\S*|(sftp|s3|rest|b2|azure|gs|swift|rclone):\S+)$/.test(address)
    ? undefined
    : 'An absolute path, or an address of restic: sftp:USER@HOST:/PATH, s3:https://HOST/BUCKET, rest:https://HOST/.';
}

function unreadable(): ProblemError {
  return new ProblemError({
    what: `${SETTINGS_FILE} can't be read as what studio-setup wrote there.`,
    remedy: `Move it away (mv ${SETTINGS_FILE} /root/), then set the backups up again: studio-setup backup enable`,
  });
}
