import type { Host, LiveHost } from '../host/host.ts';

/** A place where the product knowingly does other than the document says. */
export interface Departure {
  /** Short stable name, used in `docs/departures.md`, e.g. `timers-target`. */
  readonly id: string;
  /** The document's own words. */
  readonly document: string;
  /** What the product does. */
  readonly instead: string;
  /** Why, in a sentence that an operator understands. */
  readonly why: string;
}

/** What the product does only when the operator says so: by the path. */
export interface Conflict {
  /** The file's absolute path. */
  readonly path: string;
  /** Unified diff from what is on the host to what is wanted, redacted. */
  readonly diff: string;
  /** Unified diff of what the operator changed since the product wrote the file; absent for a file it never wrote. */
  readonly edited?: string;
  /**
   * Why what would be installed is not taken without asking: it comes from a folder of another account, and does what the
   * document's file does not. Absent when the operator changed, or had, something that would be overwritten.
   */
  readonly doubts?: readonly string[];
  /** Which later run of the product's own wrote what stands there: `run 5 (rotate secret-key)`. Absent: somebody edited it. */
  readonly changedBy?: string;
  /** It would be removed, not replaced. */
  readonly removed?: true;
}

/** Said of a change that ends with its own run, as in a work folder: nothing stays of it that could be undone. */
export const LEAVES_NOTHING = 'nothing of it is left';

/** A file of the checkout that a program of root's reads once it is installed. */
interface Judged {
  /** Where it is installed, absolute. */
  readonly path: string;
  /** Of the file in the checkout, hexadecimal. */
  readonly sha256: string;
}

/** What an operation would do now. */
export interface Change {
  /** `create` shows as `+`, `update` as `~`, `run` as `▸`. */
  readonly kind: 'create' | 'update' | 'run';
  /** One line: what changes on the host, e.g. `/etc/systemd/system/studio.service`. */
  readonly summary: string;
  /** Unified diff where there is text; passes the redaction funnel before it is shown. */
  readonly diff?: string;
  /** The shell that a person would type instead, one command a line; secrets never stand in it. */
  readonly shell: readonly string[];
  /** What it takes from a folder of another account, as it was judged; an exported script takes nothing else there. */
  readonly judged?: readonly Judged[];
  /** Absolute paths that this will write: services that read them restart after it. */
  readonly touches?: readonly string[];
  /** Units that do not run and will. */
  readonly starts?: readonly string[];
  /** Units that run and will not. */
  readonly stops?: readonly string[];
  /** Absolute paths of files that it deletes. */
  readonly removes?: readonly string[];
  /** Units that this will restart. */
  readonly restarts?: readonly string[];
  /** Units that read their configuration again without a break. */
  readonly reloads?: readonly string[];
  /** Why `undo` can't put this back, where it can't. */
  readonly irreversible?: string;
  /** Set when carrying on would overwrite something of the operator's. */
  readonly conflict?: Conflict;
  /**
   * Whether what needs this can begin although it is not done, such as tables in a database server that answers while apt is still
   * at its packages. Asked again and again meanwhile, so it asks the host anew. Absent where the change may interrupt it again.
   */
  usable?(host: Host): Promise<boolean>;
  apply(host: LiveHost): Promise<void>;
}

/** It can't be told yet: an earlier change must land first. On a bare host most operations are such. */
export interface Later {
  /** What must land first, e.g. `needs the checkout`. */
  readonly later: string;
  readonly summary: string;
  readonly shell: readonly string[];
  /** Absolute paths that it will write once it can be told, e.g. what a check must not judge yet. */
  readonly touches?: readonly string[];
  /** Units that it will start. */
  readonly starts?: readonly string[];
  /** It changes nothing: it only proves what the changes before it brought about. */
  readonly proves?: true;
}

export type Observation = Change | Later | undefined;

interface DebianPackages {
  readonly names: readonly string[];
  /** @returns those of them that this server needs and lacks */
  missing(host: Host): Promise<readonly string[]>;
  /**
   * Fetches what is missing into apt's cache, while apt may be at work on other packages.
   * @returns whether there is nothing more to fetch; `false` where it can't be told yet what there is
   */
  fetch?(host: LiveHost): Promise<boolean>;
}

/** One idempotent piece of the state that the document wants. */
export interface Operation {
  /** Unique: `section/name`, e.g. `meilisearch/master-key`. */
  readonly id: string;
  /** What stands in the task tree, e.g. `poetry install`. */
  readonly title: string;
  /**
   * Ids of sections or operations that must be done first. When absent: the operation before it in its
   * section (for the first: everything that the section needs). An empty list: nothing at all.
   */
  readonly after?: readonly string[];
  readonly departure?: Departure | readonly Departure[];
  /** Bash that brings it about on a host that lacks it, for an exported script; absent where it changes nothing. */
  readonly script?: readonly string[];
  /** Debian packages that it installs where they are needed. */
  readonly packages?: DebianPackages;
  /** What it downloads where it changes something, for the review: `the repository`, `Meilisearch 0.25.2 (some 130 MB)`. */
  readonly downloads?: string;
  /** Ids of the document's instructions (`src/document/instructions.ts`) that this carries out. */
  readonly covers?: readonly string[];
  /** What takes long and waits for nothing before it: begun with the plan. Its facts are kept by the host. */
  early?(host: Host): Promise<unknown>;
  /**
   * Reads, never writes.
   * @returns what is missing on `host`; `undefined` when the host is up to date.
   * @throws {@link ObservationFailed} or {@link Blocked} when it can't be told or must not go on.
   */
  observe(host: Host): Promise<Observation>;
  /**
   * Whether there is nothing yet of what it is about, where `observe` finds nothing missing then: nothing is wrong with the
   * owners of files that will be made. What needs that is not done, though, in an overview.
   */
  nothingYet?(host: Host): Promise<boolean>;
}

export function isLater(observation: Observation): observation is Later {
  return observation !== undefined && 'later' in observation;
}

/** What the content needs is not there yet. */
export interface NotYet {
  readonly later: string;
}
