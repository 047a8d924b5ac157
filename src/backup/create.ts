import { LEAVES_NOTHING, type Operation } from '../engine/operation.ts';
import type { LiveHost } from '../host/host.ts';
import { quote } from '../host/shell.ts';
import type { Room } from '../requirements/short-disk.ts';
import { git } from '../site/git.ts';
import { CHECKOUT, SETTINGS, SITE_USER } from '../site/layout.ts';
import type { Contents } from './contents.ts';
import type { SiteDatabase, Tables } from './database.ts';
import { inventory } from './inventory.ts';
import { FORMAT, type Manifest } from './manifest.ts';
import { enoughRoom } from './room.ts';
import { step } from './step.ts';
import { dropTrialDatabase } from './trial-database.ts';
import { trialBeforeSaving } from './verify.ts';
import { AS_SITE, LONGEST_MS, type WorkFolder } from './work-folder.ts';

/** Where a backup goes. */
export interface Destination {
  /** The path of the archive, or the address of the repository without its login. */
  readonly shown: string;
  /** Under which a trial of it is remembered; absent where that is known only once it is made. */
  readonly name?: string;
  /** What has to be there first. */
  readonly before: readonly Operation[];
  /** @param bytes of dump and files together @returns what is written to disks of this server besides the work folder */
  room(bytes: number): readonly Room[];
  /** The last operations: they put away what is in the work folder. */
  save(work: WorkFolder): readonly Operation[];
}

/** What a backup is made from. */
export interface BackupPlan {
  readonly destination: Destination;
  readonly work: WorkFolder;
  readonly database: SiteDatabase;
  readonly about: Pick<Manifest, 'made' | 'product' | 'domain'>;
  /** An answers file. */
  readonly answers: string;
  /** What the manifest has of the answers. */
  readonly remembered: Manifest['answers'];
  readonly contents: Contents;
  /** It is restored beside the site before it is put away. */
  readonly proved?: boolean;
}

/** What the manifest will say of the database. */
interface Draft {
  tables?: Tables;
}

/** @returns what makes the backup, in order; nothing of the site is changed */
export function backupOperations(wanted: BackupPlan): readonly Operation[] {
  const { destination, work, database } = wanted;
  const dump = work.at('database.dump');
  const draft: Draft = {};
  return [
    ...destination.before,
    step({
      id: 'backup/database',
      title: 'dump of the database',
      summary: `dump the database ${database.name}, in one snapshot`,
      shell: [`pg_dump --format=custom --file=${quote(dump)} ${quote(database.name)}`],
      irreversible: LEAVES_NOTHING,
      async apply(live) {
        await dropTrialDatabase(live, database);
        await work.begin(live);
        await enoughRoom(live, await needs(live, wanted));
        draft.tables = await database.dump(live, dump);
      },
    }),
    step({
      id: 'backup/manifest',
      title: 'manifest',
      summary: `digests of ${database.name}, settings.py, keys, certificates and uploads`,
      shell: [`sha256sum ${[...wanted.contents.root, ...wanted.contents.site].map(quote).join(' ')}`],
      irreversible: LEAVES_NOTHING,
      apply: (live) => writeManifest(live, wanted, draft),
    }),
    ...(wanted.proved === true
      ? [trialBeforeSaving({ shown: destination.shown, work, database }, destination.name)]
      : []),
    ...destination.save(work),
  ];
}

/** The dump is smaller than the database; both disks may be one. */
async function needs(live: LiveHost, { destination, work, database, contents }: BackupPlan) {
  const size = await database.size(live);
  // Without a path du(1) takes the folder that it is in.
  const { stdout } = await live.query(['du', '--summarize', '--bytes', '--', SETTINGS, ...contents.site], {
    as: SITE_USER,
    timeoutMs: LONGEST_MS,
  });
  const files = stdout.split('\n').reduce((sum, line) => sum + Number.parseInt(line || '0', 10), 0);
  return [{ path: work.folder, bytes: size }, ...destination.room(size + files)];
}

async function writeManifest(live: LiveHost, wanted: BackupPlan, { tables }: Draft): Promise<void> {
  const { work, contents, database, about, answers, remembered } = wanted;
  if (tables === undefined) throw new TypeError('The manifest comes after the dump.');
  await work.put(live, 'answers.yaml', answers);
  const relative = (paths: readonly string[]) => paths.map((each) => each.slice(1));
  const root = await inventory(live, work, '/', relative(contents.root), []);
  const site = await inventory(live, work, '/', relative(contents.site), AS_SITE);
  const parts = await inventory(live, work, work.folder, ['database.dump', 'answers.yaml'], []);
  const manifest: Manifest = {
    format: FORMAT,
    ...about,
    system: systemName(await live.read('/etc/os-release')),
    site: { commit: await fromGit(live, 'HEAD'), branch: await fromGit(live, '--abbrev-ref', 'HEAD') },
    database: { name: database.name, ...tables },
    contents: { root: contents.root, site: contents.site },
    edited: contents.edited,
    answers: remembered,
    parts,
    files: [...root, ...site].map((each) => ({ ...each, path: `/${each.path}` })),
  };
  await work.put(live, 'manifest.json', `${JSON.stringify(manifest, undefined, 1)}\n`);
  await work.put(
    live,
    'root.list',
    relative(contents.root)
      .map((each) => `${each}\0`)
      .join(''),
  );
  await work.put(
    live,
    'site.list',
    relative(contents.site)
      .map((each) => `${each}\0`)
      .join(''),
  );
}

function systemName(release = ''): string {
  return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(release)?.[1] ?? '';
}

async function fromGit(live: LiveHost, ...what: readonly string[]): Promise<string> {
  return (await live.query(git(CHECKOUT, 'rev-parse', ...what), { as: SITE_USER })).stdout.trim();
}
