import { buffer, text } from 'node:stream/consumers';
import { fetchedParts } from '../../host/fetch.ts';
import { ProblemError } from '../../output/problem.ts';
import { isAtLeast } from '../../text/version.ts';
import { UsageError } from '../usage.ts';
import type { Releases } from './bundled.ts';
import { publicKey, SignatureRefused, trustedComment } from './minisign.ts';

/** What the project's key vouches for. */
export interface Release {
  /** Three numbers: `0.2.0`. */
  readonly version: string;
  /** When it was signed. */
  readonly signed: Date;
  /** Id of the key that signed it. */
  readonly key: string;
  /** SHA-256 by the file's name, hexadecimal. */
  readonly files: ReadonlyMap<string, string>;
}

/** The list of a release, and its signature. */
export const LIST = 'SHA256SUMS';
export const SIGNATURE = `${LIST}.minisig`;

/** Bytes and seconds for a text of some lines. */
const OF_A_TEXT = { bytes: 64 * 1024, seconds: 60 };

/** @throws UsageError for a build that was not told where its releases are */
export function knownReleases(releases: Releases | undefined): Releases {
  if (releases !== undefined) return releases;
  throw new UsageError({
    what: 'This build does not know where its releases are.',
    remedy: 'Download one, and check it as docs/installing.md says.',
  });
}

/**
 * What the trusted comment of a release says. It is signed with the list, and meant for what the file itself does not say: a version
 * among other things, so that an old file can't pass for a new one (https://jedisct1.github.io/minisign/, "Trusted comments").
 * @param version as a package of Debian has it: `0.2.0-1`
 */
export function commentOf(version: string, signed: Date): string {
  return `studio-setup ${version}, signed ${signed.toISOString()}`;
}

const COMMENT = /^studio-setup (\d+\.\d+\.\d+)-1, signed (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/;

/** @returns the file that has the executable of a release alone, packed by xz; by Debian's name of the processor */
export function executableName(version: string, architecture: string): string {
  return `studio-setup_${version}-1_${architecture}.xz`;
}

/**
 * Asks for the newest release. What is not signed by the project's key counts for nothing.
 * @param installed this version: an older release is refused, whoever signed it
 * @throws ProblemError when it can't be had, is not signed by that key, or is older
 */
export async function newestRelease(
  releases: Releases,
  installed: string,
  signal?: AbortSignal,
): Promise<Release> {
  const limits = { ...OF_A_TEXT, ...(signal === undefined ? {} : { signal }) };
  const parts = (name: string) => fetchedParts(addressOf(releases, name), limits);
  const list = await buffer(parts(LIST));
  const release = readRelease(list, await text(parts(SIGNATURE)), releases);
  if (isAtLeast(release.version, installed)) return release;
  throw new ProblemError({
    what: `${releases.address} has ${release.version} as its newest release, and this is ${installed}. It was not taken: an older version may have faults that are known by now.`,
    remedy:
      'Somebody may have put an old release back there: ask the project. To go back on purpose, install the older release by hand (docs/installing.md).',
  });
}

/** @returns where a file of the newest release is */
export function addressOf({ address }: Releases, name: string): string {
  return new URL(name, address).href;
}

/**
 * @param list the bytes of SHA256SUMS
 * @param signature the text of its signature
 * @throws ProblemError when the project's key did not sign these bytes as a list of a release
 */
export function readRelease(list: Buffer, signature: string, releases: Releases): Release {
  const key = publicKey(releases.publicKey);
  const comment = signedComment(list, signature, { address: releases.address, key });
  const [, version, signed] = COMMENT.exec(comment) ?? [];
  if (version === undefined || signed === undefined)
    throw new ProblemError({
      what: `${SIGNATURE} at ${releases.address} is by the project's key, but of no release: its comment is "${comment}".`,
      remedy: 'Nothing of it was used. Report it to the project.',
    });
  const lines = list.toString('utf8').matchAll(/^([0-9a-f]{64}) [ *](\S+)$/gm);
  const files = new Map([...lines].map(([, sum = '', name = '']) => [name, sum]));
  return { version, signed: new Date(signed), key: key.id, files };
}

function signedComment(
  list: Buffer,
  signature: string,
  { address, key }: { readonly address: string; readonly key: ReturnType<typeof publicKey> },
): string {
  try {
    return trustedComment(list, signature, key);
  } catch (error) {
    if (!(error instanceof SignatureRefused)) throw error;
    throw new ProblemError({
      what: `The signature of ${LIST} at ${address} is not valid: ${error.message}. Nothing of it was used.`,
      remedy:
        'A release that is just being published looks so for some minutes: try again later. If it stays so, do not install from there, and report it to the project.',
    });
  }
}
