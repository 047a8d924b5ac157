import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { Operation } from '../../engine/operation.ts';
import type { Section } from '../../engine/section.ts';
import { fetchedParts } from '../../host/fetch.ts';
import { PARTIAL } from '../../host/files.ts';
import type { Host, LiveHost } from '../../host/host.ts';
import { quote, shellOf } from '../../host/shell.ts';
import { distrusted } from '../../host/trusted-path.ts';
import { ProblemError } from '../../output/problem.ts';
import { UsageError } from '../usage.ts';
import type { Releases } from './bundled.ts';
import { addressOf, executableName, LIST, type Release, SIGNATURE } from './release.ts';

/** The one that self-update replaces. */
export const SELF_UPDATE: Section = {
  id: 'self-update',
  title: 'studio-setup itself',
  heading: 'studio-setup itself',
  summary: 'Its executable, by a newer one.',
  needs: [],
  questions: [],
  operations: () => [],
};

/** Debian's names by Node's. */
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };
/** Several times what one is today, and seconds for a slow line. */
const LIMITS = { bytes: 256 * 1024 ** 2, seconds: 15 * 60 };

/**
 * @param executable the single executable that runs; `undefined` when Node runs the sources or the bundle
 * @returns its path, when it is one that may replace itself
 * @throws UsageError where it came in another way; ProblemError where it is not root's alone, or something is missing
 */
export async function replaceable(host: Host, executable: string | undefined): Promise<string> {
  if (executable === undefined)
    throw new UsageError({
      what: 'studio-setup is run by Node here, not as the single executable, which is all that can replace itself. Nothing was changed.',
      remedy: 'Update the folder that it is run from in the way in which it came there.',
    });
  const owner = await owningPackage(host, executable);
  if (owner !== undefined)
    throw new UsageError({
      what: `${executable} belongs to the package ${owner}, and dpkg would not know of another version. Nothing was changed.`,
      remedy: 'Download the package of the newer version, then: apt install ./studio-setup_*.deb',
    });
  const why = await distrusted(host, executable);
  if (why !== undefined)
    throw new ProblemError({
      what: `${executable} was not replaced, because ${why}: another account could put its own program in the place of the new one.`,
      remedy: `Check owners and modes along the path (namei -l ${quote(executable)}), or install it in /usr/local/sbin. Then run again.`,
    });
  if ((await host.query(['xz', '--version'])).code === 127)
    throw new ProblemError({
      what: 'xz is not on this server, and a release is packed by it. Nothing was changed.',
      remedy: 'Install it: apt install xz-utils. Then run again.',
    });
  return executable;
}

/** dpkg-query(1): 1 when no package has the file. What is a pattern in a path is escaped. */
async function owningPackage(host: Host, executable: string): Promise<string | undefined> {
  const argv = ['dpkg-query', '--search', executable.replaceAll(/[\\*?[]/g, String.raw`\$&`)];
  const { code, stdout, stderr } = await host.query(argv);
  if (code === 0) return stdout.split(':')[0];
  if (code === 1 && /no path found matching pattern/.test(stderr)) return undefined;
  throw new ProblemError({
    what: `dpkg could not say whether a package owns ${executable}. Nothing was changed.`,
    remedy: 'Fix what it says, then run again.',
    command: shellOf(argv),
    exitCode: code,
    detail: stderr.trim().split('\n').filter(Boolean),
  });
}

/** What is replaced by what. */
export interface Replacement {
  /** Absolute path. */
  readonly executable: string;
  /** The version of what is there. */
  readonly installed: string;
  readonly release: Release;
  readonly releases: Releases;
}

/** @returns the executable of the release as wanted state. @throws ProblemError when the release has none for this processor */
export function newExecutable(wanted: Replacement): Operation {
  const { executable, installed, release, releases } = wanted;
  const name = executableName(release.version, ARCHITECTURES[process.arch] ?? process.arch);
  const sha256 = release.files.get(name);
  if (sha256 === undefined)
    throw new ProblemError({
      what: `Release ${release.version} has no ${name}: nothing for this kind of processor.`,
      remedy: 'See what it has, and install that by hand (docs/installing.md).',
    });
  const at = (file: string) => addressOf(releases, file);
  const source = at(name);
  return {
    id: 'self-update/executable',
    title: 'the executable',
    downloads: `studio-setup ${release.version}`,
    async observe(host) {
      if ((await versionOf(host, executable)) === release.version) return undefined;
      return {
        kind: 'update',
        summary: `${executable}: ${installed} → ${release.version}`,
        shell: [
          shellOf(['curl', '-fL', '--remote-name-all', source, ...[LIST, SIGNATURE].map(at)]),
          `minisign -V -P ${quote(releases.publicKey)} -m ${LIST}`,
          `sha256sum --check --ignore-missing ${LIST}`,
          `xz --decompress ${quote(name)}`,
          `install -m 755 ${quote(path.parse(name).name)} ${quote(executable)}`,
        ],
        irreversible: `that of ${installed} is not kept; to go back, download it again`,
        apply: (live) => replace(live, { executable, version: release.version, source, sha256 }),
      };
    },
  };
}

async function versionOf(host: Host, executable: string): Promise<string | undefined> {
  const { code, stdout } = await host.query([executable, '--version']);
  return code === 0 ? stdout.trim() : undefined;
}

interface Source {
  readonly executable: string;
  readonly version: string;
  /** Its address. */
  readonly source: string;
  /** Of what is there, hexadecimal. */
  readonly sha256: string;
}

/**
 * Fetches it beside the old one, where only root may use it, and lets it take that place by rename(2) once it has proved to be the
 * signed one and to start here: whenever this ends, the old one or the new one is there, whole.
 */
async function replace(live: LiveHost, { executable, version, source, sha256 }: Source): Promise<void> {
  const made = `${executable}${PARTIAL}`;
  const packed = `${made}.xz`;
  const discard = () => live.run(['rm', '-f', '--', packed, made], { evenWhenStopped: true });
  // One that was killed left a part of it.
  await discard();
  try {
    const found = await fetchPacked(live, source, packed);
    if (found !== sha256)
      throw new ProblemError({
        what: `${source} is not the file that the project signed: its SHA-256 is ${found} (expected ${sha256}). The old executable stays.`,
        remedy:
          'Run the same command again. If it stays so, do not install from there, and report it to the project.',
      });
    await live.run(['xz', '--decompress', '--', packed], { explain: ({ stderr }) => noRoom(stderr, made) });
    await live.run(['sync', '--', made], { explain: ({ stderr }) => noRoom(stderr, made) });
    const starts = await versionOf(live, made);
    if (starts !== version)
      throw new ProblemError({
        what: `The new executable does not start on this server as ${version}${starts === undefined ? '' : `: it says ${starts}`}. The old one stays.`,
        remedy: 'Report it to the project, with the release of this server (/etc/os-release).',
      });
    await live.run(['chmod', `--reference=${executable}`, '--', made]);
    await live.run(['mv', '-fT', '--', made, executable]);
  } catch (error) {
    await discard();
    throw error;
  }
}

/** @returns the SHA-256 of what was fetched, hexadecimal */
async function fetchPacked(live: LiveHost, source: string, packed: string): Promise<string> {
  live.say(`Fetching ${source}`);
  const digest = createHash('sha256');
  // "wx": nothing that stands there is followed or kept. xz gives the mode to what it unpacks.
  const file = await open(packed, 'wx', 0o700);
  try {
    for await (const part of fetchedParts(source, { ...LIMITS, signal: live.signal })) {
      digest.update(part);
      await file.writeFile(part);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') throw new ProblemError(fullDisk(packed));
    throw error;
  } finally {
    await file.close();
  }
  return digest.digest('hex');
}

function noRoom(stderr: string, file: string) {
  return /No space left on device/.test(stderr) ? fullDisk(file) : undefined;
}

function fullDisk(file: string) {
  const folder = path.dirname(file);
  return {
    what: `The disk of ${folder} is full: ${file} could not be written. The old executable stays.`,
    remedy: `Make room (df -h ${quote(folder)}): some 150 MB are needed for a moment. Then run the same command again.`,
  };
}
