import type { Question } from '../src/answers/question.ts';
import type { Host } from '../src/host/host.ts';
import { remoteDigest, sha256Of } from '../src/operations/download.ts';
import { randomText } from '../src/site/integrations.ts';
import { currentMasterKey, programVersion, unitProgram } from '../src/site/meilisearch.ts';
import { fitOf, siteClient, suggestedServer } from '../src/site/meilisearch-client.ts';
import {
  FIRST_DOWNLOAD,
  knownDigest,
  publishedDigest,
  RELEASES,
  UNKNOWN,
} from '../src/site/meilisearch-digests.ts';
import { isAtLeast } from '../src/site/meilisearch-versions.ts';

/** What the site was written for: the version that the document's unit starts. */
const DOCUMENTED = '0.25.2';

/** From 1.0 on a shorter master key ends the process; before, its strength matters as much: /s/ is public. */
const KEY_BYTES = 16;

export const meilisearchQuestions: readonly Question[] = [
  {
    id: 'meilisearch.client',
    label: "Version of the site's Python client",
    help: "Read from the checkout's poetry.lock: it decides which versions of Meilisearch the site speaks to.",
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
    label: 'Version of Meilisearch',
    help: `The unit of the site starts ${DOCUMENTED}. The site's Python client decides which versions it speaks to: that is checked once the checkout is there, before anything is downloaded.`,
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
          message: "Checked against the site's Python client once the checkout is there.",
        };
      const fit = fitOf(client, answers.text('meilisearch.version'));
      const own = `The site's Python client is ${client}`;
      return fit.fits === 'yes'
        ? { ok: true, message: `${own}, which speaks to this version.` }
        : { ok: fit.fits !== 'no', message: `${own}: ${fit.why}. Suggested: ${suggestedServer(client)}.` };
    },
  },
  {
    id: 'meilisearch.release',
    advanced: true,
    label: 'Release file of Meilisearch',
    help: 'Its https address, or the path of a file on this server.',
    kind: 'text',
    default: (answers) => releaseAddress(answers.text('meilisearch.version')),
    validate: (value) =>
      /^(https?:\/\/|\/)[^\s'"]+$/.test(value)
        ? undefined
        : 'It must be an https:// address or an absolute path.',
    ofThisHost: true,
    current: installedProgram,
  },
  {
    id: 'meilisearch.sha256',
    label: 'SHA-256 of that file',
    help: '64 hexadecimal digits. Known for some versions; of others see meilisearch.trust.',
    kind: 'text',
    hidden: true,
    default: (answers) => publishedDigest(answers.text('meilisearch.version')) ?? UNKNOWN,
    validate: (value) =>
      value === UNKNOWN || /^[0-9a-fA-F]{64}$/.test(value)
        ? undefined
        : `${value.length} characters; it must be 64 hexadecimal digits.`,
    current: async (host) => {
      const program = await installedProgram(host);
      return program === undefined
        ? undefined
        : host.once(`sha256:${program}`, () => sha256Of(host, program));
    },
  },
  {
    id: 'meilisearch.trust',
    label: 'No SHA-256 of this release is published. Take the file as it comes now?',
    help: `Its SHA-256 is shown before it is used, and remembered. Compare it with ${RELEASES}, a copy of your own, or another server's.`,
    kind: 'choice',
    choices: [
      { value: 'first-download', label: 'Take it; its SHA-256 is shown and remembered' },
      { value: 'digest', label: 'No: its SHA-256 will stand in the answers file' },
    ],
    when: (answers) => knownDigest(answers) === undefined,
    alreadyOnHost: async (host) => (await installedProgram(host)) !== undefined,
    trial: async (answers, host) => {
      if (answers.text('meilisearch.trust') !== FIRST_DOWNLOAD)
        return { ok: true, message: 'Give it as meilisearch.sha256 in the answers file, then run again.' };
      const found = await remoteDigest(host, answers.text('meilisearch.release'));
      return 'wrong' in found
        ? { ok: false, message: found.wrong }
        : { ok: true, message: `SHA-256 of what comes now: ${found.sha256}` };
    },
  },
  {
    id: 'meilisearch.master-key',
    label: 'Master key of Meilisearch',
    help: 'Let one be generated. All other keys follow from it; it stays on this server.',
    kind: 'secret',
    generate: () => randomText(32),
    rotatedBy: 'rotate meilisearch-key',
    validate: (value) =>
      !/^[\x21-\x7e]+$/.test(value) || /["'\\$%#]/.test(value)
        ? 'Letters, digits and signs without quotes, spaces, $, %, # and \\.'
        : value.length >= KEY_BYTES
          ? undefined
          : `${value.length} characters; at least ${KEY_BYTES} are needed: the whole search interface is public under /s/.`,
    current: (host) => currentMasterKey(host),
  },
];

function versionForm(value: string): string | undefined {
  return /^\d+\.\d+\.\d+$/.test(value) ? undefined : 'A version has the form 0.25.2.';
}

function releaseAddress(version: string): string {
  const machine = process.arch === 'arm64' ? (isAtLeast(version, '0.28.0') ? 'aarch64' : 'armv8') : 'amd64';
  return `${RELEASES}/download/v${version}/meilisearch-linux-${machine}`;
}

/** @returns the program of the unit that is installed, or of the documented name, when it is there. */
async function installedProgram(host: Host): Promise<string | undefined> {
  const program = await unitProgram(host);
  if (program === undefined) return undefined;
  return (await programVersion(host, program)) === undefined ? undefined : program;
}
