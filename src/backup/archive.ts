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
import { changedWhileRead } from './contents.ts';
import type { Destination } from './create.ts';
import { FOLDER, LAST_BACKUP, parseArchiveName, RECIPIENTS } from './places.ts';
import { recipientsIn } from './recipient.ts';
import { outdated } from './retention.ts';
import type { Retention } from './settings.ts';
import { step } from './step.ts';
import { AS_SITE, LONGEST_MS } from './work-folder.ts';

/** How an archive is made besides. */
export interface ArchiveOptions {
  /** Recipients to be remembered beside those that are. */
  readonly recipients?: readonly string[];
  /** Of the same site and folder, those stay; absent: all. */
  readonly keep?: Retention;
}

/**
 * An archive in a folder, encrypted by age.
 * @param archive absolute path; its folder need not be there
 */
export function archiveIn(archive: string, { recipients = [], keep }: ArchiveOptions = {}): Destination {
  const folder = path.dirname(archive);
  return {
    shown: archive,
    name: path.basename(archive),
    before: folderOperations(folder, recipients),
    room: (bytes) => [{ path: folder, bytes }],
    save: (work) => [
      step({
        id: 'backup/archive',
        title: 'archive',
        summary: archive,
        kind: 'create',
        shell: [`tar --create … | age --encrypt --recipients-file ${RECIPIENTS} --output ${quote(archive)}`],
        irreversible: 'the archive stays; rm deletes it',
        async apply(live) {
          await removePartial(live, folder);
          const script = `${template('backup/contents.sh')}${template('backup/archive.sh')}`;
          const argv = ['bash', '-c', script, 'bash', archive, RECIPIENTS, work.folder, ...AS_SITE];
          await live.run(argv, { quiet: true, yields: true, timeoutMs: LONGEST_MS, explain });
          live.remember(FOLDER, folder);
          live.remember(LAST_BACKUP, new Date().toISOString());
        },
      }),
      ...(keep === undefined ? [] : [retention(archive, keep)]),
    ],
  };
}

function retention(archive: string, keep: Retention): Operation {
  const folder = path.dirname(archive);
  const domain = parseArchiveName(path.basename(archive))?.domain;
  return step({
    id: 'backup/retention',
    title: 'older backups',
    summary: `keep those of ${keep.daily} days, ${keep.weekly} weeks and ${keep.monthly} months`,
    shell: [`rm ${quote(folder)}/…`],
    irreversible: 'what was removed is gone',
    async apply(live) {
      const ofSite = (await live.list(folder)).flatMap((name) => {
        const parsed = parseArchiveName(name);
        return parsed?.domain === domain && parsed !== undefined ? [{ name, made: parsed.made }] : [];
      });
      const old = outdated(ofSite, keep).map(({ name }) => path.join(folder, name));
      if (old.length > 0) await live.run(['rm', '-f', '--', ...old]);
    },
  });
}

/** @returns what has to be there before an archive can be made in a folder */
export function folderOperations(folder: string, given: readonly string[]): readonly Operation[] {
  return [
    requirement({
      id: 'backup/where',
      title: 'only root can write to the folder',
      check: (host) => rootsOwn(host, folder),
    }),
    packages({ id: 'backup/package', title: 'package: age', packages: ['age'] }),
    recipients(given),
    targetFolder(folder),
  ];
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
      const known = recipientsIn(before);
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

/** What a kill left in the folder: encrypted, and no archive. */
async function removePartial(live: LiveHost, folder: string): Promise<void> {
  const left = (await live.list(folder)).filter(
    (name) => name.endsWith('.partial') && parseArchiveName(name.replace(/\.partial$/, '')) !== undefined,
  );
  if (left.length > 0) await live.run(['rm', '-f', '--', ...left.map((name) => path.join(folder, name))]);
}

/** Sentences of age 1.0 to 1.2 (cmd/age/parse.go) and of tar(1). */
function explain(result: ProgramResult): { what?: string; remedy: string } | undefined {
  if (/malformed recipient|unknown recipient type/.test(result.stderr))
    return {
      what: `age can't read a recipient in ${RECIPIENTS}.`,
      remedy: `Correct the line that it names: editor ${RECIPIENTS}. Then try again.`,
    };
  return changedWhileRead(result);
}
