import path from 'node:path';
import { template } from '../../templates/index.ts';
import type { ProgramResult } from '../host/host.ts';
import { quote } from '../host/shell.ts';
import { packages } from '../operations/packages.ts';
import { ProblemError } from '../output/problem.ts';
import type { Repository, Snapshot } from './restic.ts';
import { enoughRoom } from './room.ts';
import type { Source } from './verify.ts';
import { LONGEST_MS } from './work-folder.ts';

/** @param archive absolute path @param identity absolute path of the file with the key that opens it */
export function archiveAt(archive: string, identity: string): Source {
  return {
    shown: archive,
    before: [packages({ id: 'backup/package', title: 'package: age', packages: ['age'] })],
    shell: (folder) =>
      `age --decrypt --identity ${quote(identity)} ${quote(archive)} | tar --extract --directory=${folder}`,
    async open(live, work) {
      const { size = 0 } = (await live.status(archive)) ?? {};
      await enoughRoom(live, [{ path: work.folder, bytes: size }]);
      const script = `${template('backup/extract.sh')}${template('backup/open.sh')}`;
      await live.run(['bash', '-c', script, 'bash', archive, identity, work.folder], {
        quiet: true,
        yields: true,
        timeoutMs: LONGEST_MS,
        explain: (result) => unopened(archive, identity, result),
      });
      return path.basename(archive);
    },
  };
}

/** Before an id, or `latest`, of a backup in a repository. */
export const SNAPSHOT_PREFIX = 'restic:';

/** @param wanted `latest`, or the beginning of an id */
export function snapshotIn(repository: Repository, wanted: string): Source {
  return {
    shown: `${SNAPSHOT_PREFIX}${wanted}`,
    before: [packages({ id: 'backup/package', title: 'package: restic', packages: ['restic'] })],
    shell: (folder) =>
      `restic dump ${quote(wanted)} /blender-studio.tar | tar --extract --directory=${folder}`,
    async open(live, work) {
      const snapshot = chosen(repository.shown, await repository.snapshots(live), wanted);
      live.say(`${snapshot.id.slice(0, 8)} of ${snapshot.domain}, made ${snapshot.made}`);
      await enoughRoom(live, [{ path: work.folder, bytes: await repository.size(live, snapshot) }]);
      await repository.open(live, work, snapshot);
      return snapshot.id;
    },
  };
}

/** @throws ProblemError where it is none, or could be several */
function chosen(shown: string, snapshots: readonly Snapshot[], wanted: string): Snapshot {
  const found = snapshots.filter(({ id }) => wanted === 'latest' || id.startsWith(wanted));
  const [newest] = found;
  const domains = new Set(found.map(({ domain }) => domain));
  const clear = wanted === 'latest' ? domains.size === 1 : found.length === 1;
  if (newest !== undefined && clear) return newest;
  throw new ProblemError({
    what:
      found.length === 0
        ? `The repository ${shown} has no backup ${wanted} of studio-setup. Nothing was changed.`
        : `The repository ${shown} has several backups that ${wanted} could mean. Nothing was changed.`,
    detail: (found.length === 0 ? snapshots : found)
      .slice(0, 20)
      .map(({ id, domain, made }) => `${SNAPSHOT_PREFIX}${id.slice(0, 8)}  ${made}  ${domain}`),
    remedy: `Name one by its id: ${SNAPSHOT_PREFIX}ID. All that there are: studio-setup backup list`,
  });
}

/** Sentences of age 1.0 to 1.2 (age.go, internal/stream/stream.go, cmd/age/parse.go). */
function unopened(
  archive: string,
  identity: string,
  { stderr }: ProgramResult,
): { what?: string; remedy: string } | undefined {
  if (/no identity matched any of the recipients/.test(stderr))
    return {
      what: `The key in ${identity} does not open ${archive}: it was encrypted for another one, or its beginning was altered.`,
      remedy:
        'Give the file of the key whose public key was the recipient (age-keygen -y FILE prints it): --identity FILE',
    };
  if (/failed to read header|parsing age header|unexpected intro/.test(stderr))
    return {
      what: `${archive} is no archive that age can read: it is cut, altered, or something else.`,
      remedy: 'Take another archive: studio-setup backup list',
    };
  if (/failed to decrypt and authenticate payload|unexpected EOF|last chunk|bad header MAC/.test(stderr))
    return {
      what: `${archive} is cut or altered: what is in it is not what was encrypted.`,
      remedy: 'Take another archive: studio-setup backup list',
    };
  if (/passphrase/.test(stderr))
    return {
      what: `The key in ${identity} is protected by a passphrase, and age can't ask for it here.`,
      remedy: `Decrypt it first into a file for root only: (umask 077; age --decrypt --output /run/identity ${quote(identity)}); give that with --identity, and delete it afterwards.`,
    };
  if (/malformed|no secret keys found|unknown identity/.test(stderr))
    return {
      what: `${identity} has no key that age can read.`,
      remedy: 'Give the file that age-keygen wrote, or the private key of SSH: --identity FILE',
    };
  return undefined;
}
