import path from 'node:path';
import { template } from '../../templates/index.ts';
import type { Operation } from '../engine/operation.ts';
import type { Host, LiveHost, ProgramResult } from '../host/host.ts';
import { quote } from '../host/shell.ts';
import { distrusted } from '../host/trusted-path.ts';
import { requirement } from '../operations/command.ts';
import { diffOf } from '../operations/diff.ts';
import { packages } from '../operations/packages.ts';
import { ProblemError } from '../output/problem.ts';
import { git } from '../site/git.ts';
import { CHECKOUT, SETTINGS, SITE_USER } from '../site/layout.ts';
import type { Contents } from './contents.ts';
import type { SiteDatabase, Tables } from './database.ts';
import { inventory } from './inventory.ts';
import { FORMAT, type Manifest } from './manifest.ts';
import { FOLDER, parseArchiveName, RECIPIENTS } from './places.ts';
import { enoughRoom } from './room.ts';
import { dropTrialDatabase } from './trial-database.ts';
import { AS_SITE, LONGEST_MS, type WorkFolder } from './work-folder.ts';

/** What a backup is made from. */
export interface BackupPlan {
  /** Absolute path of the archive; its folder need not be there. */
  readonly archive: string;
  /** Recipients to be remembered beside those that are. */
  readonly recipients: readonly string[];
  readonly work: WorkFolder;
  readonly database: SiteDatabase;
  readonly about: Pick<Manifest, 'made' | 'product' | 'domain'>;
  /** An answers file. */
  readonly answers: string;
  /** What the manifest has of the answers. */
  readonly remembered: Manifest['answers'];
  readonly contents: Contents;
}

/** What the archive's manifest will say of the database. */
interface Draft {
  tables?: Tables;
}

/** @returns what makes the archive, in order; nothing of the site is changed */
export function backupOperations(wanted: BackupPlan): readonly Operation[] {
  const { archive, work, database } = wanted;
  const folder = path.dirname(archive);
  const dump = work.at('database.dump');
  const draft: Draft = {};
  return [
    requirement({
      id: 'backup/where',
      title: 'only root can write to the folder',
      check: (host) => rootsOwn(host, folder),
    }),
    packages({ id: 'backup/package', title: 'package: age', packages: ['age'] }),
    recipients(wanted.recipients),
    targetFolder(folder),
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
    step({
      id: 'backup/archive',
      title: 'archive',
      summary: archive,
      kind: 'create',
      shell: [`tar --create … | age --encrypt --recipients-file ${RECIPIENTS} --output ${quote(archive)}`],
      irreversible: 'the archive stays; rm deletes it',
      async apply(live) {
        await removePartial(live, folder);
        const argv = [
          'bash',
          '-c',
          template('backup/archive.sh'),
          'bash',
          archive,
          RECIPIENTS,
          work.folder,
          ...AS_SITE,
        ];
        await live.run(argv, { quiet: true, yields: true, timeoutMs: LONGEST_MS, explain });
        live.remember(FOLDER, folder);
      },
    }),
  ];
}

/** Of what goes into the work folder: it ends with the command. */
export const LEAVES_NOTHING = 'nothing of it is left by itself';

interface Step {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly kind?: 'create' | 'run';
  readonly shell: readonly string[];
  readonly irreversible?: string;
  apply(live: LiveHost): Promise<void>;
}

/** What is done each time: no state of the server tells that it was. */
export function step({ id, title, summary, kind = 'run', shell, irreversible, apply }: Step): Operation {
  let done = false;
  return {
    id,
    title,
    async observe() {
      if (done) return undefined;
      return {
        kind,
        summary,
        shell,
        ...(irreversible === undefined ? {} : { irreversible }),
        async apply(live) {
          await apply(live);
          done = true;
        },
      };
    },
  };
}

async function rootsOwn(host: Host, folder: string): Promise<void> {
  const why = await distrusted(host, folder);
  if (why === undefined) return;
  throw new ProblemError({
    what: `Archives can't go to ${folder}: root would write there, and ${why}. Nothing was changed.`,
    remedy: 'Name a folder that only root can write to: studio-setup backup create --to FOLDER',
  });
}

/** Those that are remembered stay: an operator takes one out of the file by hand. */
function recipients(given: readonly string[]): Operation {
  return {
    id: 'backup/recipients',
    title: 'who can open the archives',
    async observe(host) {
      const before = await host.read(RECIPIENTS);
      const known = (before ?? '').split('\n').map((line) => line.trim());
      const added = given.filter((each) => !known.includes(each));
      if (added.length === 0) return undefined;
      const kept =
        before ??
        '# Who can open the backups of this site, one a line: studio-setup backup reads it, age(1) says what may stand here.\n';
      const text = `${kept.replace(/([^\n])$/, '$1\n')}${added.join('\n')}\n`;
      return {
        kind: before === undefined ? 'create' : 'update',
        summary: RECIPIENTS,
        diff: diffOf(RECIPIENTS, before ?? '', text),
        shell: added.map((each) => `echo ${quote(each)} >> ${RECIPIENTS}`),
        touches: [RECIPIENTS],
        apply: (live) => live.write(RECIPIENTS, text, { mode: 0o644, owner: 'root' }),
      };
    },
  };
}

function targetFolder(folder: string): Operation {
  return {
    id: 'backup/folder',
    title: folder,
    async observe(host) {
      if ((await host.status(folder)) !== undefined) return undefined;
      return {
        kind: 'create',
        summary: `${folder}, for root only`,
        shell: [`install -d -m 700 ${quote(folder)}`],
        touches: [folder],
        apply: (live) => live.makeFolder(folder, { mode: 0o700 }),
      };
    },
  };
}

/** The dump is smaller than the database; both disks may be one. */
async function needs(live: LiveHost, { archive, work, database, contents }: BackupPlan) {
  const size = await database.size(live);
  // Without a path du(1) takes the folder that it is in.
  const { stdout } = await live.query(['du', '--summarize', '--bytes', '--', SETTINGS, ...contents.site], {
    as: SITE_USER,
    timeoutMs: LONGEST_MS,
  });
  const files = stdout.split('\n').reduce((sum, line) => sum + Number.parseInt(line || '0', 10), 0);
  return [
    { path: work.folder, bytes: size },
    { path: path.dirname(archive), bytes: size + files },
  ];
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

/** What a kill left in the folder: encrypted, and no archive. */
async function removePartial(live: LiveHost, folder: string): Promise<void> {
  const left = (await live.list(folder)).filter(
    (name) => name.endsWith('.partial') && parseArchiveName(name.replace(/\.partial$/, '')) !== undefined,
  );
  if (left.length > 0) await live.run(['rm', '-f', '--', ...left.map((name) => path.join(folder, name))]);
}

/** Sentences of age 1.0 to 1.2 (cmd/age/parse.go) and of tar(1). */
function explain({ stderr }: ProgramResult): { what?: string; remedy: string } | undefined {
  if (/malformed recipient|unknown recipient type/.test(stderr))
    return {
      what: `age can't read a recipient in ${RECIPIENTS}.`,
      remedy: `Correct the line that it names: editor ${RECIPIENTS}. Then try again.`,
    };
  if (/(No such file or directory|file removed before we read it|file changed as we read it)$/m.test(stderr))
    return {
      what: 'A file changed, or went away, while it was read.',
      remedy: 'The site is in use: try again.',
    };
  return undefined;
}
