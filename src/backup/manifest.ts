import { isRecord, parsedJson } from '../output/json.ts';
import { ProblemError } from '../output/problem.ts';

/** Grows when an older version of the product could not restore what this one writes. */
export const FORMAT = 1;

/** A file, by its content. */
export interface Digested {
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** A table as it was in the snapshot that was dumped. */
export interface Table {
  /** With its schema: `public.auth_user`. */
  readonly table: string;
  readonly rows: number;
  /** Sum of the rows' digests, decimal; says nothing of their order (`templates/backup/tables.sql`). */
  readonly digest: string;
}

/** What an archive has in it, and what it was made from. */
export interface Manifest {
  readonly format: number;
  /** ISO 8601. */
  readonly made: string;
  /** Version of the product. */
  readonly product: string;
  readonly domain: string;
  /** Name and version of the operating system. */
  readonly system: string;
  /** Commit of the checkout, and the branch that is checked out, if one is. */
  readonly site: { readonly commit: string; readonly branch: string };
  readonly database: {
    readonly name: string;
    /** As PostgreSQL numbers it: 150018. */
    readonly server: number;
    readonly encoding: string;
    /** That it took on the server's disk. */
    readonly bytes: number;
    readonly tables: readonly Table[];
  };
  /** Absolute paths of what was put in, with all below them: by root, and by the site's account. */
  readonly contents: { readonly root: readonly string[]; readonly site: readonly string[] };
  /** Those of them that the operator edited or declared theirs. */
  readonly edited: readonly string[];
  /** Answers that are no secret, as they are remembered between runs. */
  readonly answers: Readonly<Record<string, string | boolean | readonly string[]>>;
  /** What the product itself put in beside the manifest: the dump and the answers. */
  readonly parts: readonly Digested[];
  /** Absolute paths on the server; in the archive they stand below `files`. */
  readonly files: readonly Digested[];
}

/**
 * @param text of manifest.json
 * @throws ProblemError for one of a newer format, and for what is none
 */
export function parseManifest(text: string | undefined, archive: string): Manifest {
  const parsed = parsedJson(text ?? '');
  const format = isRecord(parsed) ? parsed.format : undefined;
  if (typeof format === 'number' && format > FORMAT)
    throw new ProblemError({
      what: `${archive} has format ${format}; this version of studio-setup knows formats up to ${FORMAT}. Nothing was changed.`,
      remedy: 'Take the version of studio-setup that made it, or a newer one.',
    });
  if (!isManifest(parsed))
    throw new ProblemError({
      what: `${archive} has no manifest that can be read: it was not made by studio-setup backup. Nothing was changed.`,
      remedy: 'See the archives that there are: studio-setup backup list',
    });
  return parsed;
}

function isManifest(value: unknown): value is Manifest {
  if (!isRecord(value) || value.format !== FORMAT) return false;
  const { made, product, domain, system, site, database, contents, edited, answers, parts, files } = value;
  return (
    [made, product, domain, system].every((each) => typeof each === 'string') &&
    isRecord(site) &&
    isRecord(contents) &&
    [contents.root, contents.site, edited].every(areTexts) &&
    isRecord(answers) &&
    isRecord(database) &&
    typeof database.server === 'number' &&
    typeof database.encoding === 'string' &&
    typeof database.bytes === 'number' &&
    Array.isArray(database.tables) &&
    database.tables.every(isTable) &&
    areDigested(parts) &&
    areDigested(files)
  );
}

/** @returns whether it is a line of `templates/backup/tables.sql` about a table */
export function isTable(value: unknown): value is Table {
  return (
    isRecord(value) &&
    typeof value.table === 'string' &&
    typeof value.rows === 'number' &&
    typeof value.digest === 'string'
  );
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function areDigested(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (each) =>
        isRecord(each) &&
        typeof each.path === 'string' &&
        typeof each.size === 'number' &&
        typeof each.sha256 === 'string',
    )
  );
}

/** @returns how tables differ from what they were, a line each; what is there besides is no difference */
export function tableDifferences(expected: readonly Table[], found: readonly Table[]): readonly string[] {
  const there = new Map(found.map((each) => [each.table, each]));
  return expected.flatMap(({ table, rows, digest }) => {
    const other = there.get(table);
    if (other === undefined) return [`table ${table} is missing`];
    if (other.rows !== rows) return [`table ${table} has ${other.rows} rows, and had ${rows}`];
    return other.digest === digest ? [] : [`table ${table} has other contents`];
  });
}

/** The same of files. */
export function fileDifferences(
  expected: readonly Digested[],
  found: readonly Digested[],
): readonly string[] {
  const there = new Map(found.map((each) => [each.path, each]));
  return expected.flatMap(({ path, sha256, size }) => {
    const other = there.get(path);
    if (other === undefined) return [`${path} is missing`];
    return other.sha256 === sha256 && other.size === size ? [] : [`${path} has other contents`];
  });
}
