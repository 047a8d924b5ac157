import type { Question } from '../src/answers/question.ts';
import type { Host } from '../src/host/host.ts';
import { remoteDigest, sha256Of } from '../src/operations/download.ts';
import { count } from '../src/output/duration.ts';
import { currentMasterKey, programVersion, unitProgram } from '../src/site/meilisearch.ts';
import { fitOf, siteClient, suggestedServer } from '../src/site/meilisearch-client.ts';
import {
  FIRST_DOWNLOAD,
  knownDigest,
  publishedDigest,
  RELEASES,
  releaseAddress,
  UNKNOWN,
} from '../src/site/meilisearch-digests.ts';
import { hasAnyRole } from '../src/site/roles.ts';
import { randomText } from '../src/text/random.ts';

/** What the site was written for: the version that the document's unit starts. */
const DOCUMENTED = '0.25.2';

/** From 1.0 on a shorter master key ends the process; before, its strength matters as much: /s/ is public. */
const KEY_BYTES = 16;

export const meilisearchQuestions: readonly Question[] = [
  {
    id: 'meilisearch.client',
    label: 'Python client version',
    help: "The version of the site's Meilisearch client, read from the checkout's poetry.lock. The site works only with Meilisearch versions that this client supports.",
    kind: 'text',
    hidden: true,
    ofThisHost: true,
    // Before the checkout is there.
    default: UNKNOWN,
    validate: (value) => (value === UNKNOWN ? undefined : versionForm(value)),
    current: siteClient,
  },
  {
    id: 'meilisearch.version',
    advanced: true,
    label: 'Meilisearch version',
    help: `The site's unit starts ${DOCUMENTED}. The site's Python client must support the version: this is checked after the checkout, before anything is downloaded.`,
    kind: 'text',
    default: (answers) => {
      const client = answers.optionalText('meilisearch.client');
      return client === undefined || client === UNKNOWN ? DOCUMENTED : suggestedServer(client);
    },
    validate: versionForm,
    current: async (host) => {
      const program = await unitProgram(host);
      return program === undefined ? undefined : programVersion(host, program);
    },
    trial: async (answers, host) => {
      const client = await siteClient(host);
      if (client === undefined)
        return {
          ok: true,
          message: "To be checked against the site's Python client after the checkout.",
        };
      const fit = fitOf(client, answers.text('meilisearch.version'));
      const own = `The site's Python client is ${client}`;
      return fit.fits === 'yes'
        ? { ok: true, message: `${own}, which supports this version.` }
        : {
            ...(fit.fits === 'no' ? { ok: false } : ({ ok: true, doubt: true } as const)),
            message: `${own}: ${fit.why}. Suggested: ${suggestedServer(client)}.`,
          };
    },
  },
  {
    id: 'meilisearch.release',
    advanced: true,
    when: (answers) => hasAnyRole(answers, 'search'),
    label: 'Release file',
    help: 'Where to get Meilisearch: an https:// address, or the path of a file on this server.',
    kind: 'text',
    default: (answers) => releaseAddress(answers.text('meilisearch.version')),
    validate: (value) =>
      /^(https?:\/\/|\/)[^\s'"]+$/.test(value) ? undefined : 'Enter an https:// address or an absolute path.',
    ofThisHost: true,
    current: installedProgram,
  },
  {
    id: 'meilisearch.sha256',
    when: (answers) => hasAnyRole(answers, 'search'),
    label: 'SHA-256 of the release',
    help: '64 hexadecimal digits. Known for some versions; for others, see meilisearch.trust.',
    kind: 'text',
    hidden: true,
    default: (answers) => publishedDigest(answers.text('meilisearch.version')) ?? UNKNOWN,
    validate: (value) =>
      value === UNKNOWN || /^[0-9a-fA-F]{64}$/.test(value)
        ? undefined
        : `${value.length} characters; must be 64 hexadecimal digits.`,
    current: async (host) => {
      const program = await installedProgram(host);
      return program === undefined
        ? undefined
        : host.once(`sha256:${program}`, () => sha256Of(host, program));
    },
  },
  {
    id: 'meilisearch.trust',
    label: 'Trust the download?',
    help: `No SHA-256 of this release is published. The SHA-256 of the download is shown before the file is used, and remembered. Compare it with ${RELEASES}, your own copy, or another server's.`,
    kind: 'choice',
    choices: [
      { value: 'first-download', label: 'Yes: show the SHA-256 and remember it' },
      { value: 'digest', label: 'No: I will set meilisearch.sha256 in the answers file' },
    ],
    when: (answers) => hasAnyRole(answers, 'search') && knownDigest(answers) === undefined,
    alreadyOnHost: async (host) => (await installedProgram(host)) !== undefined,
    trial: async (answers, host) => {
      if (answers.text('meilisearch.trust') !== FIRST_DOWNLOAD)
        return {
          ok: false,
          message:
            'Without a SHA-256 Meilisearch is not installed. Set it as meilisearch.sha256 in an answers file and start with --answers FILE, or choose Yes.',
        };
      const found = await remoteDigest(host, answers.text('meilisearch.release'));
      return 'wrong' in found
        ? { ok: false, message: found.wrong }
        : { ok: true, message: `SHA-256 of the download: ${found.sha256}` };
    },
  },
  {
    id: 'meilisearch.master-key',
    label: 'Master key',
    help: 'Generate it, unless you have one. All other Meilisearch keys derive from the master key. It leaves this server only in an encrypted backup.',
    kind: 'secret',
    generate: () => randomText(32),
    rotatedBy: 'rotate meilisearch-key',
    validate: (value) =>
      !/^[\x21-\x7e]+$/.test(value) || /["'\\$%#]/.test(value)
        ? 'Enter letters, digits and punctuation other than quotes, spaces, $, %, # and \\.'
        : value.length >= KEY_BYTES
          ? undefined
          : `${count(value.length, 'character')}; at least ${KEY_BYTES} are needed: the search API is public under /s/.`,
    current: (host) => currentMasterKey(host),
  },
];

function versionForm(value: string): string | undefined {
  return /^\d+\.\d+\.\d+$/.test(value) ? undefined : `${value} is not a version: enter one such as 0.25.2.`;
}

/** @returns the program of the unit that is installed, or of the documented name, when it is there. */
async function installedProgram(host: Host): Promise<string | undefined> {
  const program = await unitProgram(host);
  if (program === undefined) return undefined;
  return (await programVersion(host, program)) === undefined ? undefined : program;
}
