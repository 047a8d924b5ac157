import { isRecord, parsedJson } from '../../output/json.ts';

/** What of the site an update changes, and a rollback brings again. */
export interface Release {
  /** 40 hexadecimal digits. */
  readonly commit: string;
  /** The local branch that stands there. */
  readonly branch: string;
  /** Name of the virtualenv's folder below /var/www: by the digest of the poetry.lock that it follows. */
  readonly virtualenv: string;
}

/** A procedure's both ends, as its transaction record holds them. */
export interface Way {
  readonly from: Release;
  readonly to: Release;
  /** Name of the folder that keeps the old release, below `RELEASES`. */
  readonly kept: string;
  /** For a rollback: the name of the folder whose release comes again. */
  readonly back?: string;
  /** Migrations that the database had before: `films.0001_initial`. */
  readonly applied: readonly string[];
  /** For a rollback: those that it had at the release that comes again. */
  readonly earlier?: readonly string[];
  /** Ids of the checks that failed before: the update need not pass these. */
  readonly failing?: readonly string[];
  /** The operator said that the database may be put back from its dump. */
  readonly restore: boolean;
  /**
   * Whether visitors get the maintenance page while code and tables may not fit: as the operator said, or `stays` where it was
   * on before; absent: as the migrations need it.
   */
  readonly page?: (typeof PAGES)[number];
}

const PAGES = ['always', 'never', 'stays'] as const;

/** @returns the way in a record's text, `undefined` when it is none */
export function parsedWay(text: string): Way | undefined {
  const value = parsedJson(text);
  if (!isRecord(value)) return undefined;
  const { from, to, kept, back, applied, earlier = [], failing = [], restore, page } = value;
  const names = [kept, ...(back === undefined ? [] : [back])];
  const whole =
    isRelease(from) &&
    isRelease(to) &&
    names.every(isName) &&
    [applied, earlier, failing].every(isTexts) &&
    typeof restore === 'boolean' &&
    (page === undefined || PAGES.some((each) => each === page));
  return whole ? (value as unknown as Way) : undefined;
}

/**
 * What PostgreSQL counted of each table, by its name: the number of the table, and how many rows were inserted, changed and
 * deleted in it. Counting them costs nothing, unlike counting rows; a crash of the server, or a table that is made again, begins
 * at 0 (postgresql.org/docs/current/monitoring-stats.html, pg_stat_user_tables).
 */
export type Writes = Readonly<Record<string, readonly [number, number]>>;

/** What is kept of a release that was replaced. */
export interface Kept extends Release {
  readonly applied: readonly string[];
  /** As they were when its database was dumped; absent in what an earlier version kept. */
  readonly writes?: Writes;
  /** It is what a rollback left behind: its database is kept, and no other rollback goes there. */
  readonly left?: true;
}

/** @returns what a `release.json` holds, `undefined` when it is none */
export function parsedKept(text: string): Kept | undefined {
  const value = parsedJson(text);
  return isRecord(value) && isRelease(value) && isTexts(value.applied) && isWrites(value.writes ?? {})
    ? (value as unknown as Kept)
    : undefined;
}

function isWrites(value: unknown): boolean {
  const pair = (each: unknown) =>
    Array.isArray(each) && each.length === 2 && each.every(Number.isSafeInteger);
  return isRecord(value) && Object.values(value).every(pair);
}

function isRelease(value: unknown): value is Release {
  return (
    isRecord(value) &&
    typeof value.commit === 'string' &&
    COMMIT.test(value.commit) &&
    typeof value.branch === 'string' &&
    BRANCH.test(value.branch) &&
    typeof value.virtualenv === 'string' &&
    /^venv-[0-9a-f]{12}$/.test(value.virtualenv)
  );
}

const COMMIT = /^[0-9a-f]{40}$/;
/** Of a branch or a commit; not all that git would take, and nothing that it takes for an option. */
export const BRANCH = /^[A-Za-z0-9](?!.*\.\.)[\w./-]*$/;

function isName(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]+$/.test(value);
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
