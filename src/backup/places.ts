/** Root's own list of who can open an archive, in the form that `age --recipients-file` reads: a recipient a line, comments with #. */
export const RECIPIENTS = '/etc/blender-studio/backup-recipients';

/** Where archives go when no other folder is named. */
export const ARCHIVES = '/var/backups/blender-studio';

/** The hint with the folder of the last backup. */
export const FOLDER = 'backup-folder';

/** The hint with when the last backup was made, ISO 8601, UTC. */
export const LAST_BACKUP = 'backup-last';

/** The hint with the backups that were restored as a trial: a line each, the file's name or the snapshot's id, and when, ISO 8601. */
export const RESTORED = 'backups-restored';

/** The hint with the name of a database that a trial makes; it stays until that is dropped. */
export const TRIAL_DATABASE = 'backup-trial-database';

/** The hint with the archive that is being restored, by when it was made: what stands of it is no other site's. */
export const RESTORING = 'restore-begun';

/** The same of one whose data is in the database: from then on the site changes it. */
export const DATA_RESTORED = 'restore-data';

/** Whose an archive is, and when it was made. */
export interface ArchiveName {
  readonly domain: string;
  /** ISO 8601, to the second. */
  readonly made: string;
}

/** @param made ISO 8601 @returns the file's name; names of one site sort by time */
export function archiveName({ domain, made }: ArchiveName): string {
  return `blender-studio-${domain}-${made.replaceAll(/[-:]|\.\d+/g, '')}.tar.age`;
}

/** @returns what the name of a file tells, `undefined` where it is not that of an archive */
export function parseArchiveName(name: string): ArchiveName | undefined {
  const [, domain, year, month, day, hour, minute, second] =
    /^blender-studio-([a-z\d.-]+)-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.tar\.age$/.exec(name) ?? [];
  return domain === undefined
    ? undefined
    : { domain, made: `${year}-${month}-${day}T${hour}:${minute}:${second}Z` };
}
