import { stringify } from 'yaml';
import type { Question } from '../../src/answers/question.ts';
import { isSecret } from '../../src/answers/values.ts';
import { sections } from '../../steps/index.ts';
import type { MeilisearchVersion } from './meilisearch/release.ts';
import type { Rehearsal } from './rehearsal.ts';

/** Where {@link writeAnswers} puts the answers file on the host. */
export const answersFile = '/root/answers.yaml';
/** The folder of the planted secrets on the host, 0700. */
export const secretsFolder = '/root/secrets';
const countryDatabase = '/srv/GeoLite2-Country.mmdb';

/** What no operator could know on the throwaway host, and what has no suggestion there: all else can be asked. */
export const unknowable: readonly string[] = [
  'repository.url',
  'certificate.email',
  'certificate.server',
  'meilisearch.version',
  'meilisearch.release',
  'meilisearch.sha256',
];

export interface AnswersOptions {
  /** `studio.example.org` when not given. */
  readonly domain?: string;
  /** Further names of the site; `www.studio.example.org` when not given. */
  readonly extraNames?: readonly string[];
  /** 0.25.2, for which the site was written, when not given. */
  readonly meilisearch?: MeilisearchVersion;
  /** `skipped`: no integration (Blender ID, Braintree, …) is set up. `answered`, all of them, when not given. */
  readonly integrations?: 'answered' | 'skipped';
  /** `generate`: the product makes every secret that it can make. `planted`, all in files, when not given. */
  readonly secrets?: 'planted' | 'generate';
  /** Ids of questions that the file says nothing of. */
  readonly without?: readonly string[];
  /** Ids of the only questions that the file answers; all when not given. */
  readonly only?: readonly string[];
  /** Answers by id that replace or add to the usual ones, as the answers file has them. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** A secret that was put into a file of the host for the product to read. */
export interface Planted {
  /** The question that it answers. */
  readonly id: string;
  readonly path: string;
  /** Always the same for a question, so that two hosts can be compared; found nowhere by chance. */
  readonly value: string;
}

/**
 * Writes an answers file with an answer to every question, and each secret as a file of mode 0600 that it names. The
 * secret questions come from the sections themselves: one that is added later is planted, and searched for, as well.
 * @returns the planted secrets
 */
export async function writeAnswers(
  host: Rehearsal,
  options: AnswersOptions = {},
): Promise<readonly Planted[]> {
  const { planted, answers } = await makeAnswers(host, options);
  await host.exec(['install', '--directory', '--mode=700', secretsFolder]);
  for (const { path, value } of planted) await host.write(path, `${value}\n`, { mode: '600' });
  await host.write(answersFile, stringify(answers), { mode: '600' });
  await host.write(countryDatabase, 'stands in for a GeoLite2 database');
  return planted;
}

/** @returns the answers file as data, and the secrets that it refers to; nothing is written */
export async function makeAnswers(host: Rehearsal, options: AnswersOptions = {}) {
  const { integrations = 'answered', secrets = 'planted', without = [], only, extra = {} } = options;
  const plain = await plainAnswers(host, options);
  const planted: Planted[] = [];
  const answers: Record<string, unknown> = {};
  for (const question of sections.flatMap((section) => section.questions)) {
    const { id } = question;
    if (without.includes(id) || (integrations === 'skipped' && isIntegration(question))) continue;
    if (id in extra || only?.includes(id) === false) continue;
    // Of no use to a site on one server.
    if (id === 'tunnel.key' && extra.roles === undefined) continue;
    if (!isSecret(question)) {
      if (plain[id] !== undefined) answers[id] = plain[id];
    } else if (secrets === 'generate' && question.generate) answers[id] = 'generate';
    else {
      const path = `${secretsFolder}/${id}`;
      planted.push({ id, path, value: plantedSecret(id) });
      answers[id] = { file: path };
    }
  }
  return { planted, answers: { ...answers, ...extra } };
}

/** A value that no program makes up, in the form that the question wants. */
function plantedSecret(id: string): string {
  const name = `planted-secret-${id.replaceAll('.', '-')}`;
  switch (id) {
    case 'cloudfront.key': {
      const frame = (word: string) => `-----${word} PRIVATE KEY-----`;
      return [frame('BEGIN'), `${name}-line-0001`, `${name}-line-0002`, frame('END')].join('\n');
    }
    case 'mailgun.webhook-secret':
      return `mailgun:${name}-0001`;
    case 'tunnel.key':
      return 'plantedSecretTunnelKey0001PlantedSecret';
    case 'secret-key':
      // Django warns of one below 50 characters.
      return `${name}-0001-long-enough-for-Django-to-be-content`;
    default:
      return `${name}-0001`;
  }
}

/** The first administrator is asked for as a group too, but is no integration: a site needs one. */
function isIntegration({ id, group }: Question): boolean {
  return group !== undefined && !id.startsWith('admin.');
}

async function plainAnswers(host: Rehearsal, options: AnswersOptions): Promise<Record<string, unknown>> {
  const { domain = 'studio.example.org', extraNames = ['www.studio.example.org'] } = options;
  const version = options.meilisearch ?? '0.25.2';
  const release = await host.internet.meilisearch(version);
  return {
    domain,
    'extra-names': extraNames,
    'repository.url': host.internet.git.url,
    'repository.branch': 'production',
    'blender-id.url': 'https://id.example.org/',
    'blender-id.client': 'planted-blender-id-client',
    'blender-id.badger-client': 'planted-badger-client',
    'braintree.environment': 'Sandbox',
    'braintree.merchant-id': 'planted-merchant',
    'braintree.public-key': 'planted-public-key',
    'braintree.account-eur': 'planted-account-eur',
    'braintree.account-usd': 'planted-account-usd',
    'geoip.database': countryDatabase,
    'recaptcha.site-key': 'planted-recaptcha-site',
    'aws.access-key-id': 'planted-access-key-id',
    'cloudfront.key-id': 'planted-key-pair-id',
    'coconut.hostname': `https://${domain}`,
    'analytics.tracking-id': 'G-PLANTED0001',
    'mailgun.sender-domain': 'mail.example.org',
    'database.host': 'localhost',
    'database.name': 'studio',
    'database.user': 'studio',
    'admin.username': 'admin',
    'admin.email': 'admin@example.org',
    'meilisearch.version': version,
    'meilisearch.release': release.url,
    'meilisearch.sha256': release.sha256,
    'certificate.email': 'admin@example.org',
    'certificate.server': host.internet.acmeDirectory,
  };
}
