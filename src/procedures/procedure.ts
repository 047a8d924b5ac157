import type { Answers } from '../answers/answers.ts';
import type { Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import type { SettingPath } from '../python/settings-file.ts';

/** What a procedure is built from. */
export interface Circumstances {
  readonly host: Host;
  /** All that is known without asking; what is missing is not in it. */
  readonly answers: Answers;
  /** @returns by its id what each check of the scorecard says that fails now. Absent: nobody makes checks. */
  failing?(): Promise<ReadonlyMap<string, string>>;
  /** @returns timers of the product's own that look after the site: what checks, and backs up, by itself. Absent: there are none */
  ownTimers?(): Promise<readonly string[]>;
  /** @returns what makes a backup to where they go, and proves it. Absent: nobody makes backups. @throws ProblemError when that is not known */
  lastBackup?(): Promise<LastBackupWork>;
}

/** What makes the last backup of a site that moves. */
export interface LastBackupWork {
  readonly operations: readonly Operation[];
  /** @returns the backup that was made */
  newest(host: Host): Promise<LastBackup>;
}

/** A backup from which a site can be set up on another server. */
export interface LastBackup {
  /** As `restore` takes it: `restic:1a2b3c4d`, or the path of an archive. */
  readonly archive: string;
  /** The repository's address without its login; absent for an archive. */
  readonly repository?: string;
  /** ISO 8601. */
  readonly made: string;
}

/**
 * A change of a live site that ends in the new state or in the old one: plain data, like a section. `forward` and
 * `backward` are mostly one function of the site's own, called with new and old the one way round and the other.
 */
export interface Procedure extends BuiltProcedure {
  /** That of its kind, for these arguments. */
  readonly title: string;
}

/** Something that a procedure does only if the operator agrees to it. */
export interface Consent {
  /** What it is about, and what is lost by it: whole sentences. */
  readonly about: string;
  readonly question: string;
  /** Arguments by which the procedure is built after a yes. */
  readonly given: Readonly<Record<string, string>>;
}

/** What a kind makes of the host as it is. */
export interface BuiltProcedure {
  readonly id: string;
  /** What it is built from again after a kill, as kept in the record of what is pending; never a secret. */
  readonly arguments: Readonly<Record<string, string>>;
  /** What the operator should know before anything changes, each a whole sentence. */
  readonly notices: readonly string[];
  /** What the operator is asked before the review, where somebody is there to ask; else the requirements refuse it. */
  readonly consent?: Consent;
  /** Asked where neither way came to its end: what brings the old state back if the operator agrees to it. */
  lastResort?(): Promise<Consent | undefined>;
  /** What must hold before it begins. Not asked again when it is resumed: then the host is in between. */
  readonly requirements: readonly Operation[];
  /**
   * To the new state, in order. The first leaves the kind's transaction record on the host (`writeTransactionRecord`), then come the changes,
   * then the proof, and the last takes the transaction record away (`removeTransactionRecord`): that is the moment at which it is done.
   */
  readonly forward: readonly Operation[];
  /** From wherever `forward` stopped to the old state: changes, proof, and the transaction record taken away. */
  readonly backward: readonly Operation[];
  /** Said at the end: `The new master key is in force, and the old one is refused.` */
  readonly done: string;
  /** Said after the way back: `The old master key is in force again, and the search works with it.` */
  readonly undone: string;
}

/** One kind of procedure, by which a record of something pending is turned into it again. */
export interface ProcedureKind {
  /** As typed, without its arguments: `rotate meilisearch-key`. */
  readonly id: string;
  /**
   * What is done, as a heading: `New master key for Meilisearch`.
   * @param given the arguments of the procedure that was built
   */
  title(given: Readonly<Record<string, string>>): string;
  /** Its row in the wizard's menu. */
  readonly menu: {
    readonly title: string;
    /** Whole sentences: what changes, and what visitors notice. */
    readonly about: string;
    /** It is about another domain, which is asked for first. */
    readonly asksDomain?: true;
  };
  /** It also works on a server of a site that has several: what it changes is this server's alone. */
  readonly onOneOfSeveral?: true;
  /** The secrets that it makes worthless: an older file that `undo` puts back gets those in force instead. */
  readonly rotates?: {
    /** Where they stand in settings.py. */
    readonly settings: readonly SettingPath[];
    /** Whether Meilisearch's master key is one of them. */
    readonly masterKey?: true;
  };
  /**
   * Absolute path of root's own file that stands on the host exactly while the procedure is under way: it owns what must
   * outlast a kill, secrets too. When the record of what is pending is lost, it still shows it; when there is no transaction record,
   * nothing is pending, whatever the record says.
   */
  readonly transactionRecord: string;
  /**
   * @param given the arguments as typed or recorded; empty when only the transaction record was found
   * @throws ProblemError when it can't be done on this server as it is
   */
  build(circumstances: Circumstances, given: Readonly<Record<string, string>>): Promise<BuiltProcedure>;
}
