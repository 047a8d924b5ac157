import type { Answers } from '../../answers/answers.ts';
import type { Host } from '../../host/host.ts';
import { ProblemError } from '../../output/problem.ts';
import { fitOf, newestServer, siteClient, suggestedServer } from '../../site/meilisearch-client.ts';
import {
  knownDigest,
  publishedDigest,
  RELEASES,
  releaseAddress,
  wantedDigest,
} from '../../site/meilisearch-digests.ts';
import { isAtLeast } from '../../text/version.ts';

/** Versions before have neither keys by actions nor the header that the product sends; they are never gone to. */
const OLDEST = '0.24.0';

/** The version to go to, and what of it the operator should know. */
export interface Target {
  readonly version: string;
  readonly notices: readonly string[];
}

/**
 * What was typed; else what the answers file says, when that is newer than what runs: an older one was written before an upgrade;
 * else the newest that the site's client speaks.
 * @param typed `1.50.0`
 * @param now the version that runs
 * @throws ProblemError when the site's client can't even log in to it, or nothing tells which one is meant
 */
export async function targetVersion(
  host: Host,
  answers: Answers,
  typed: string | undefined,
  now: string,
): Promise<Target> {
  const client = await siteClient(host);
  const version = typed ?? newerInFile(answers, now) ?? (client && newest(client, now));
  if (version === undefined)
    throw new ProblemError({
      what: "The checkout's poetry.lock does not name the site's Meilisearch client, so the newest version for it can't be told. Nothing was changed.",
      remedy: 'Name the version: studio-setup upgrade meilisearch VERSION',
    });
  if (!isAtLeast(version, OLDEST))
    throw new ProblemError({
      what: `Meilisearch ${version} is too old: studio-setup knows ${OLDEST} and later. Nothing was changed.`,
      remedy: 'Name another version: studio-setup upgrade meilisearch VERSION',
    });
  return { version, notices: version === now ? [] : doubts(client, version) };
}

function newerInFile(answers: Answers, now: string): string | undefined {
  if (answers.sourceOf('meilisearch.version') !== 'file') return undefined;
  const version = answers.text('meilisearch.version');
  return version !== now && isAtLeast(version, now) ? version : undefined;
}

/** Never back by itself: what was gone beyond was gone beyond on purpose. */
function newest(client: string, now: string): string {
  const version = newestServer(client);
  return isAtLeast(now, version) ? now : version;
}

/** @throws ProblemError for a version to which the client can't log in */
export function doubts(client: string | undefined, version: string): readonly string[] {
  if (client === undefined)
    return [
      `The checkout's poetry.lock does not name the site's Meilisearch client: whether the site works with Meilisearch ${version} is unknown.`,
    ];
  const fit = fitOf(client, version);
  if (fit.fits === 'yes') return [];
  const words = `The site's Python client for Meilisearch is ${client}: ${fit.why}.`;
  if (fit.fits === 'untested')
    return [`${words} Meilisearch ${version} may not work with it in all that the site does.`];
  throw new ProblemError({
    what: `${words} It does not work with ${version}. Nothing was changed.`,
    remedy: `Choose a version that it speaks: studio-setup upgrade meilisearch ${suggestedServer(client)}. For a newer one, update the site first.`,
  });
}

/** Where a release comes from, and the SHA-256 that it must have; `undefined`: as it comes, by the operator's word. */
export interface Release {
  readonly source: string;
  readonly sha256: string | undefined;
}

/**
 * The answers `meilisearch.release` and `meilisearch.sha256` are for the version that the answers file names; any other comes from
 * Meilisearch's own release page.
 * @param given a SHA-256 by option, or as the operator was shown it
 * @throws ProblemError when no SHA-256 is known and nobody said that it may be taken as it comes
 */
export function releaseOf(answers: Answers, version: string, given: string | undefined): Release {
  const source = releaseSource(answers, version);
  const sha256 = given ?? (isNamed(answers, version) ? undefined : publishedDigest(version));
  if (sha256 !== undefined) return { source, sha256: sha256.toLowerCase() };
  if (isNamed(answers, version)) return { source, sha256: wantedDigest(answers)?.toLowerCase() };
  throw new ProblemError({
    what: `No SHA-256 of Meilisearch ${version} is known. Nothing was downloaded, and nothing was changed.`,
    remedy: `Give it with --sha256 (some are listed at ${RELEASES}), or write meilisearch.version: ${version} and meilisearch.sha256 or meilisearch.trust: first-download into the answers file. In a terminal, studio-setup upgrade meilisearch ${version} shows that of the download and asks.`,
  });
}

/** @returns where the release of a version comes from: an address or an absolute path */
export function releaseSource(answers: Answers, version: string): string {
  return isNamed(answers, version) ? answers.text('meilisearch.release') : releaseAddress(version);
}

/** @returns whether a release may be installed without asking: its SHA-256 is known, or it is taken as it comes */
export function isKnownRelease(answers: Answers, version: string): boolean {
  return isNamed(answers, version)
    ? (knownDigest(answers) ?? answers.optionalText('meilisearch.trust')) !== undefined
    : publishedDigest(version) !== undefined;
}

function isNamed(answers: Answers, version: string): boolean {
  return (
    answers.sourceOf('meilisearch.version') === 'file' &&
    answers.optionalText('meilisearch.version') === version
  );
}
