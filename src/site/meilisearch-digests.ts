import type { Answers } from '../answers/answers.ts';
import { ProblemError } from '../output/problem.ts';
import { isAtLeast } from '../text/version.ts';

/** Where releases are, and digests of some beside them. */
export const RELEASES = 'https://github.com/meilisearch/meilisearch/releases';

/** @returns where the release of a version is, for this machine */
export function releaseAddress(version: string): string {
  const machine = process.arch === 'arm64' ? (isAtLeast(version, '0.28.0') ? 'aarch64' : 'armv8') : 'amd64';
  return `${RELEASES}/download/v${version}/meilisearch-linux-${machine}`;
}

/** The answer to what nothing tells. */
export const UNKNOWN = 'unknown';

/** The answer that takes a file as it comes. */
export const FIRST_DOWNLOAD = 'first-download';

/** SHA-256 of a release's file by machine, as Node names it. */
type Digests = Readonly<Partial<Record<NodeJS.Architecture, string>>>;

/**
 * Of releases whose digests somebody else than the product published: read there, not computed. Meilisearch's own release
 * pages list digests only of files that were uploaded since mid-2025.
 *
 * Source of all rows: cashapp/hermit-packages on GitHub, `meilisearch.hcl` at commit
 * 079dfe7c94ec1a175c090a0f67691b1ea668a6d3, `sha256sums` of `meilisearch-linux-amd64` and `meilisearch-linux-aarch64`.
 */
const PUBLISHED: Readonly<Record<string, Digests>> = {
  '1.49.0': {
    x64: '4b9733aedbfa9a6dc0c2b07e38a58369f713a3603a27f409e6cb40081a180e26',
    arm64: '84028a6cd8874ffb539e3309dbe04028781ea6e9c74b36cc136c6fdf53efa861',
  },
  '1.50.0': {
    x64: 'e5cf57e5103b45c46e0cb2cb1a9a20160f34e27fa0c65e3513030568fe3d2bd1',
    arm64: 'c26fc8bdc0e70d70818d8317fe862ea0ecddd814db742000f3cd34a5e3fcbd35',
  },
  '1.51.0': {
    x64: '73f4f8809a80c5293a594de100b6121cb60879f9869875bdbc732c03771de560',
    arm64: '6da2eadedb3380df6a8beaf54a039375a4711e02c3e9ebeaf131f735c8f6bd4b',
  },
};

/** @returns the published SHA-256 of this version's file for this machine, `undefined` when none is known. */
export function publishedDigest(version: string, machine = process.arch): string | undefined {
  return PUBLISHED[version]?.[machine];
}

/**
 * @returns the SHA-256 that the file must have, `undefined` when none is known. That of the program on this server, or of the last
 *   run, belongs to the version from there: for another version that somebody asks for it says nothing.
 */
export function knownDigest(answers: Answers): string | undefined {
  const [digest, version] = ['meilisearch.sha256', 'meilisearch.version'].map((id) => answers.sourceOf(id));
  const ofAnother = (digest === 'host' || digest === 'saved') && digest !== version;
  const said = ofAnother ? undefined : answers.optionalText('meilisearch.sha256');
  return said === undefined || said === UNKNOWN ? publishedDigest(answers.text('meilisearch.version')) : said;
}

/**
 * @returns the SHA-256 that the file must have, `undefined` when it is taken as it comes
 * @throws ProblemError when nobody said either
 */
export function wantedDigest(answers: Answers): string | undefined {
  const known = knownDigest(answers);
  if (known !== undefined || answers.optionalText('meilisearch.trust') === FIRST_DOWNLOAD) return known;
  throw new ProblemError({
    what: `No SHA-256 of Meilisearch ${answers.text('meilisearch.version')} is known. Nothing was downloaded.`,
    remedy: `Give it as the answer meilisearch.sha256 (some are listed at ${RELEASES}). Or trust the first download, whose SHA-256 is then shown and remembered: answer meilisearch.trust: ${FIRST_DOWNLOAD}`,
  });
}
