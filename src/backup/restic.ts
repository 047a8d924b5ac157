import { template } from '../../templates/index.ts';
import type { Host, LiveHost, ProgramResult } from '../host/host.ts';
import { isRecord, parsedJson } from '../output/json.ts';
import { ProblemError } from '../output/problem.ts';
import { changedWhileRead } from './contents.ts';
import type { RepositorySettings, Retention } from './settings.ts';
import { AS_SITE, LONGEST_MS, type WorkFolder } from './work-folder.ts';

/** The one file in each snapshot: what an archive holds, as it is written. */
const FILE = 'blender-studio.tar';
/** Tells the product's snapshots from others in the same repository. */
const TAG = 'studio-setup';
/** Milliseconds: restic tries again by itself for long where the other side does not answer. */
const ANSWER_MS = 120_000;

/** A backup in a repository. */
export interface Snapshot {
  /** Hexadecimal, whole. */
  readonly id: string;
  /** Of the site. */
  readonly domain: string;
  /** ISO 8601. */
  readonly made: string;
}

/**
 * A repository of restic's. What is used of restic is in its manual for 0.12 and for 0.14 alike, the versions of Ubuntu 22.04 and
 * Debian 12. It encrypts by itself, with a key that its password opens.
 */
export class Repository {
  /** The address, without what logs in there. */
  readonly shown: string;
  readonly #settings: RepositorySettings;

  constructor(settings: RepositorySettings) {
    this.#settings = settings;
    this.shown = settings.address.replace(/:\/\/[^/@]*@/, '://');
  }

  /**
   * @returns whether there is a repository that its password opens
   * @throws ProblemError when that can't be told, or it does not open: never taken for one that is not there
   */
  async exists(host: Host): Promise<boolean> {
    // The manual, Scripting: "Check if a repository is already initialized".
    const result = await this.#ask(host, ['--no-lock', 'cat', 'config']);
    if (result.code === 0) return true;
    if (isAbsent(result)) return false;
    throw this.#failure(result);
  }

  /** restic itself refuses where there is one. */
  async make(live: LiveHost): Promise<void> {
    await this.#run(live, 'backup/ask-repository.sh', ['init']);
  }

  /** @returns the product's snapshots, newest first @throws ProblemError when they could not be asked for */
  async snapshots(host: Host): Promise<readonly Snapshot[]> {
    const result = await this.#ask(host, ['--no-lock', 'snapshots', '--json', '--tag', TAG]);
    const parsed = parsedJson(result.stdout);
    if (result.code !== 0 || !Array.isArray(parsed)) throw this.#failure(result);
    const found = parsed.flatMap((each: unknown) =>
      isRecord(each) && typeof each.id === 'string' && typeof each.time === 'string'
        ? [{ id: each.id, domain: String(each.hostname), made: new Date(each.time).toISOString() }]
        : [],
    );
    return found.toSorted((a, b) => b.made.localeCompare(a.made));
  }

  /** Puts what is in the work folder, and the files that its lists name, into a new snapshot. */
  async save(live: LiveHost, work: WorkFolder, domain: string): Promise<void> {
    const words = ['backup', '--quiet', '--stdin', '--stdin-filename', FILE, '--tag', TAG, '--host', domain];
    await this.#run(live, 'backup/snapshot.sh', [work.folder, ...AS_SITE, '--for-restic', ...words]);
  }

  /** @returns bytes that its contents take */
  async size(host: Host, { id }: Snapshot): Promise<number> {
    const result = await this.#ask(host, ['--no-lock', 'stats', '--json', '--mode', 'restore-size', id]);
    const parsed = parsedJson(result.stdout);
    if (result.code === 0 && isRecord(parsed) && typeof parsed.total_size === 'number')
      return parsed.total_size;
    throw this.#failure(result);
  }

  /** Reads a snapshot into the work folder. */
  async open(live: LiveHost, work: WorkFolder, { id }: Snapshot): Promise<void> {
    await this.#run(live, 'backup/open-snapshot.sh', [work.folder, '--no-lock', 'dump', id, `/${FILE}`]);
  }

  /** Removes the snapshots of a site that are not to stay, and what only they needed. */
  async forget(live: LiveHost, domain: string, { daily, weekly, monthly }: Retention): Promise<void> {
    const kept = ['--keep-daily', daily, '--keep-weekly', weekly, '--keep-monthly', monthly].map(String);
    await this.#run(live, 'backup/ask-repository.sh', [
      ...['forget', '--quiet', '--tag', TAG, '--host', domain, '--group-by', 'host'],
      ...[...kept, '--prune'],
    ]);
  }

  #ask(host: Host, words: readonly string[]): Promise<ProgramResult> {
    return host.query(argvOf('backup/ask-repository.sh', words), {
      input: this.#login(),
      quiet: true,
      timeoutMs: ANSWER_MS,
    });
  }

  #run(live: LiveHost, script: Script, words: readonly string[]): Promise<ProgramResult> {
    return live.run(argvOf(script, words), {
      input: this.#login(),
      quiet: true,
      yields: true,
      timeoutMs: LONGEST_MS,
      explain: (result) => explain(this.shown, result),
    });
  }

  /** For `templates/backup/repository.sh`. */
  #login(): string {
    const { address, password, environment } = this.#settings;
    const lines = Object.entries(environment).map(([name, value]) => `${name}=${value.reveal()}\n`);
    return `RESTIC_REPOSITORY=${address}\n${lines.join('')}\n${password.reveal()}\n`;
  }

  #failure(result: ProgramResult): ProblemError {
    return new ProblemError({
      what: `restic can't tell what is in the repository ${this.shown}.`,
      remedy: 'Fix what it says above, then try again.',
      ...explain(this.shown, result),
      exitCode: result.code,
      detail: result.stderr.split('\n').filter((line) => line.trim() !== ''),
    });
  }
}

type Script = 'backup/ask-repository.sh' | 'backup/snapshot.sh' | 'backup/open-snapshot.sh';

/** What each script builds on. */
const PARTS: Readonly<Record<Script, readonly ('backup/contents.sh' | 'backup/extract.sh')[]>> = {
  'backup/ask-repository.sh': [],
  'backup/snapshot.sh': ['backup/contents.sh'],
  'backup/open-snapshot.sh': ['backup/extract.sh'],
};

function argvOf(script: Script, words: readonly string[]): readonly string[] {
  const text = [...PARTS[script], 'backup/repository.sh' as const, script].map(template).join('');
  return ['bash', '-c', text, 'bash', ...words];
}

/**
 * restic 0.17 and later have exit code 10 for it (its manual, Exit codes). Before that only the sentence tells: restic's own
 * beginning, and behind it that of the backend: a local file system and SFTP, S3, the REST server, B2. A connection that is refused
 * begins alike, and does not end so.
 */
function isAbsent({ code, stderr }: ProgramResult): boolean {
  return (
    code === 10 ||
    /^Fatal: unable to open config file: [^\n]*(no such file or directory|file does not exist|The specified key does not exist\.?|unexpected HTTP response \(404\): 404 Not Found|not found)$/m.test(
      stderr,
    )
  );
}

interface Cause {
  /** Exit code of versions that have one for it (restic's manual, Exit codes: 11 from 0.17.0 on, 12 from 0.17.1 on); 124: time-out. */
  readonly code?: number;
  /** Sentences of restic 0.12 to 0.18 (internal/repository, internal/restic/lock.go, cmd/restic), of OpenSSH's client and of tar. */
  readonly said: RegExp;
  readonly what: (shown: string) => string;
  readonly remedy: string;
}

const CAUSES: readonly Cause[] = [
  {
    code: 12,
    said: /wrong password or no key found/,
    what: (shown) => `The password does not open the repository ${shown}.`,
    remedy: 'Give the file of its password: --repository ADDRESS --password-file FILE',
  },
  {
    code: 11,
    said: /repository is already locked/,
    what: (shown) => `The repository ${shown} is locked: another program works on it.`,
    remedy:
      'Try again when it has ended. A lock that a program left behind counts for half an hour; then the next backup removes it.',
  },
  {
    said: /Host key verification failed/,
    what: (shown) => `ssh does not know the server of ${shown} yet, or it has another key than before.`,
    remedy: 'Connect to it once as root, and compare the fingerprint that it shows: ssh USER@HOST',
  },
  {
    said: /Permission denied \(/,
    what: (shown) => `The server of ${shown} does not let root's SSH key in.`,
    remedy:
      'Make a key as root (ssh-keygen -t ed25519), and put the line of /root/.ssh/id_ed25519.pub into the authorized_keys there.',
  },
  {
    said: /no matching ID found|path "\/blender-studio\.tar".* not found/i,
    what: (shown) => `The repository ${shown} has no such backup.`,
    remedy: 'See those that there are: studio-setup backup list',
  },
  {
    said: /Unexpected EOF in archive|does not look like a tar archive/,
    what: (shown) => `The backup in ${shown} is cut or altered: what is in it does not end as it should.`,
    remedy: 'Take another one: studio-setup backup list',
  },
  {
    said: /ciphertext verification failed|hash does not match|invalid data returned|not found in (repository|index)/,
    what: (shown) => `Data of the repository ${shown} is damaged or missing.`,
    remedy: 'Take another backup (studio-setup backup list); restic check says what is damaged.',
  },
  {
    said: /no space left on device|quota exceeded/i,
    what: (shown) => `There is no room left at ${shown}.`,
    remedy: 'Make room there, then try again.',
  },
  {
    code: 124,
    said: /Could not resolve hostname|Connection (refused|timed out|closed)|No route to host|is unreachable|no such host|dial tcp|unable to start the sftp session/i,
    what: (shown) => `The repository ${shown} could not be reached.`,
    remedy: 'Check the address, and that its server answers from here. Then try again.',
  },
];

function explain(
  shown: string,
  result: ProgramResult,
): { readonly what?: string; readonly remedy: string } | undefined {
  if (isAbsent(result))
    return {
      what: `There is no repository at ${shown}.`,
      remedy:
        'Check the address. The first backup makes one: studio-setup backup create --repository ADDRESS --password-file FILE',
    };
  const cause = CAUSES.find(({ code, said }) => result.code === code || said.test(result.stderr));
  return cause === undefined ? changedWhileRead(result) : { what: cause.what(shown), remedy: cause.remedy };
}
