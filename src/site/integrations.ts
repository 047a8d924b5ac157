import type { Answers, AnswerValue } from '../answers/answers.ts';
import type { Question } from '../answers/question.ts';
import { settingPath } from '../answers/setting-question.ts';
import { isSecret } from '../answers/values.ts';
import { parseDomain } from '../configs/domain.ts';
import type { Host } from '../host/host.ts';
import { Secret } from '../output/secret.ts';
import { placeholderIn } from '../python/placeholders.ts';
import type { SettingPath, SettingsFile } from '../python/settings-file.ts';
import {
  isBytes,
  isExpression,
  type PythonExpression,
  type PythonValue,
  pythonBytes,
  pythonExpression,
} from '../python/value.ts';
import { randomText } from '../text/random.ts';
import { exampleSettings, installedSettings, settingsSource } from './installed-settings.ts';
import { SETTINGS } from './layout.ts';
import { standing } from './standing.ts';
import { tryBlenderId } from './trials.ts';

/** A question whose answer stands in settings.py. */
export interface SettingQuestion {
  readonly question: Question;
  /** Every path under which the versions of the site keep it; those that the file has are set. */
  readonly paths: readonly SettingPath[];
  readonly toPython?: (value: string) => PythonValue;
}

const asked: readonly SettingQuestion[] = [
  ...group('Blender ID', 'Nobody can log in with a Blender ID; only local accounts (the first admin) can.', [
    text(
      'blender-id.url',
      'Server address',
      'Where visitors log in. The address ends in a slash.',
      [['BLENDER_ID', 'BASE_URL']],
      {
        default: 'https://id.blender.org/',
        validate: webAddress,
        normalise: (value) => (value.endsWith('/') ? value : `${value}/`),
        trial: (answers, host) => tryBlenderId(answers.text('blender-id.url'), host),
      },
    ),
    text('blender-id.client', 'OAuth client ID', 'From the application that you registered at Blender ID.', [
      ['BLENDER_ID', 'OAUTH_CLIENT'],
    ]),
    secret(
      'blender-id.secret',
      'OAuth client secret',
      'From the application that you registered at Blender ID.',
      [['BLENDER_ID', 'OAUTH_SECRET']],
    ),
    text('blender-id.badger-client', 'Badger API client ID', 'For badges of subscribers.', [
      ['BLENDER_ID', 'BADGER_API_OAUTH_CLIENT'],
    ]),
    secret('blender-id.badger-secret', 'Badger API client secret', 'For badges of subscribers.', [
      ['BLENDER_ID', 'BADGER_API_OAUTH_SECRET'],
    ]),
    secret('blender-id.badger-token', 'Badger API access token', 'For badges of subscribers.', [
      ['BLENDER_ID', 'BADGER_API_USER_TOKEN'],
      ['BLENDER_ID', 'BADGER_API_ACCESS_TOKEN'],
    ]),
  ]),
  // Not skippable: with the example's value anybody could call the webhook.
  {
    question: {
      id: 'blender-id.webhook-secret',
      label: 'Blender ID webhook secret',
      help: 'Blender ID signs its "user modified" calls with this secret. Generate one here, then enter the same secret at Blender ID.',
      kind: 'secret',
      generate: () => randomText(40),
      // Where the site has no client there, nothing calls it.
      elsewhere: (answers) =>
        answers.has('blender-id.client')
          ? `Blender ID, as an administrator there: add a webhook "User modified" with the address https://${answers.text('domain')}/webhooks/user-modified and the secret of this site.`
          : undefined,
    },
    paths: [['BLENDER_ID', 'WEBHOOK_USER_MODIFIED_SECRET']],
  },
  ...group('Braintree', 'Nobody can pay for a subscription.', [
    {
      question: {
        id: 'braintree.environment',
        label: 'Environment',
        help: 'Production charges real money; the sandbox is for testing.',
        kind: 'choice',
        choices: [
          { value: 'Production', label: 'Production' },
          { value: 'Sandbox', label: 'Sandbox' },
        ],
        default: 'Production',
      },
      paths: [['GATEWAYS', 'braintree', 'environment']],
      toPython: (value) =>
        pythonExpression(`braintree.Environment.${value === 'Sandbox' ? 'Sandbox' : 'Production'}`),
    },
    text('braintree.merchant-id', 'Merchant ID', 'Braintree control panel › API keys.', [
      ['GATEWAYS', 'braintree', 'merchant_id'],
    ]),
    text('braintree.public-key', 'Public key', 'Braintree control panel › API keys.', [
      ['GATEWAYS', 'braintree', 'public_key'],
    ]),
    secret('braintree.private-key', 'Private key', 'Braintree control panel › API keys.', [
      ['GATEWAYS', 'braintree', 'private_key'],
    ]),
    text(
      'braintree.account-eur',
      'Merchant account for EUR',
      'Braintree control panel › merchant accounts.',
      [['GATEWAYS', 'braintree', 'merchant_account_ids', 'EUR']],
    ),
    text(
      'braintree.account-usd',
      'Merchant account for USD',
      'Braintree control panel › merchant accounts.',
      [['GATEWAYS', 'braintree', 'merchant_account_ids', 'USD']],
    ),
  ]),
  ...group('GeoIP', "Visitors' countries are not known: prices and taxes are not chosen by country.", [
    text(
      'geoip.database',
      'Path of the database',
      "Absolute path of MaxMind's GeoLite2-Country.mmdb on this server. www-data must be able to read the file.",
      [['GEOIP2_DB']],
      {
        validate: absolutePath,
      },
    ),
  ]),
  ...group('reCAPTCHA', 'Forms are not protected against robots.', [
    text('recaptcha.site-key', 'Site key', 'Google reCAPTCHA admin console.', [
      ['GOOGLE_RECAPTCHA_SITE_KEY'],
    ]),
    secret('recaptcha.secret-key', 'Secret key', 'Google reCAPTCHA admin console.', [
      ['GOOGLE_RECAPTCHA_SECRET_KEY'],
    ]),
  ]),
  ...group('AWS S3', 'Files of films and training cannot be uploaded to or read from S3.', [
    text('aws.access-key-id', 'Access key ID', "AWS IAM › the site's user.", [['AWS_ACCESS_KEY_ID']]),
    secret('aws.secret-access-key', 'Secret access key', "AWS IAM › the site's user.", [
      ['AWS_SECRET_ACCESS_KEY'],
    ]),
  ]),
  ...group('AWS CloudFront', 'Videos and downloads that need signed addresses are not served.', [
    text('cloudfront.key-id', 'Key pair ID', 'AWS CloudFront › public keys.', [['AWS_CLOUDFRONT_KEY_ID']]),
    {
      question: {
        id: 'cloudfront.key',
        label: 'Private key (PEM)',
        help: 'The whole file, from -----BEGIN to END-----.',
        kind: 'multiline-secret',
        validate: (value) =>
          /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(value)
            ? undefined
            : 'This is not a private key in PEM format.',
      },
      paths: [['AWS_CLOUDFRONT_KEY']],
      toPython: (value) => pythonBytes(value.endsWith('\n') ? value : `${value}\n`),
    },
  ]),
  ...group('Coconut', 'Uploaded videos are not encoded.', [
    secret('coconut.api-key', 'API key', 'Coconut dashboard.', [['COCONUT_API_KEY']]),
    text(
      'coconut.hostname',
      'Callback address',
      'The address at which Coconut reaches this site.',
      [['COCONUT_DECLARED_HOSTNAME']],
      {
        default: (answers: Answers) =>
          answers.has('domain') ? `https://${answers.text('domain')}` : undefined,
        validate: webAddress,
      },
    ),
  ]),
  ...group('Google Analytics', 'No visits are counted.', [
    text(
      'analytics.tracking-id',
      'Tracking ID',
      'Google Analytics › Admin › Data streams: the measurement ID, G- and letters and digits.',
      [['GOOGLE_ANALYTICS_TRACKING_ID']],
      { validate: trackingId, normalise: (value) => value.toUpperCase(), example: 'G-ABC1234567' },
    ),
  ]),
  ...group('Mailgun', 'The site sends no e-mail: receipts, password resets and notices are lost.', [
    secret('mailgun.api-key', 'API key', 'Mailgun › API keys.', [
      ['MAILGUN_API_KEY'],
      ['ANYMAIL', 'MAILGUN_API_KEY'],
    ]),
    text(
      'mailgun.sender-domain',
      'Sender domain',
      'The domain that Mailgun sends e-mail for, e.g. mg.example.org.',
      [['MAILGUN_SENDER_DOMAIN'], ['ANYMAIL', 'MAILGUN_SENDER_DOMAIN']],
      {
        validate: hostName,
        normalise: (value) => value.toLowerCase().replace(/\.$/, ''),
        example: 'mg.example.org',
        elsewhere: (answers) =>
          `DNS of ${answers.text('mailgun.sender-domain')}: add the records that Mailgun shows for it (Sending › Domains), or its e-mails count as spam.`,
      },
    ),
    secret(
      'mailgun.webhook-signing-key',
      'Webhook signing key',
      'Mailgun › API security › HTTP webhook signing key.',
      [['MAILGUN_WEBHOOK_SIGNING_KEY'], ['ANYMAIL', 'MAILGUN_WEBHOOK_SIGNING_KEY']],
    ),
  ]),
  {
    question: {
      id: 'mailgun.webhook-secret',
      label: 'Mailgun webhook login',
      help: 'The login, as user:password, that Mailgun uses to report bounces. Generate one here, then enter the same login at Mailgun.',
      kind: 'secret',
      generate: () => `mailgun:${randomText(32)}`,
      elsewhere: (answers) =>
        answers.has('mailgun.api-key')
          ? `Mailgun, Sending › Webhooks: add https://LOGIN@${answers.text('domain')}/PREFIX/mailgun/tracking/ for each event. LOGIN is the login of this site's webhook.`
          : undefined,
      validate: (value) =>
        /^[^:\s]+:[^:\s]+$/.test(value) ? undefined : 'Enter a login of the form user:password.',
    },
    paths: [['ANYMAIL', 'WEBHOOK_SECRET']],
  },
];

/**
 * The answers that settings.py asks for by its `CHANGE_ME` values, by integration. Skipping one leaves its
 * placeholders as they are: the site imports with them, and only that integration does not work.
 */
export const integrations: readonly SettingQuestion[] = asked.map((each) => ({
  ...each,
  question: {
    current: readsSetting(each),
    alreadyOnHost: isComputed(each),
    // It goes back to where it came from, as a literal: nothing that stands there can be anything else.
    ...(each.question.kind === 'text' ? { existing: () => undefined } : {}),
    ...each.question,
    validate: (value) => placeholder(value) ?? each.question.validate?.(value),
  },
}));

/** @returns why a text is no answer, without it, as it may be a secret: it would be taken for one that nobody has given yet */
export function placeholder(value: string): string | undefined {
  return placeholderIn(value) === undefined ? undefined : 'A placeholder such as CHANGE_ME is no answer.';
}

/**
 * @param file the settings as they are
 * @param known what else tells which settings this version of the site has: its example, and what settings.py imports
 * @returns the settings with every answer in its place. What somebody gave, and the file has no place for, is added where
 *   `known` has one (a settings.py that is older than the checkout); a setting that this version of the site lacks is skipped
 */
export function withIntegrations(
  file: SettingsFile,
  answers: Answers,
  known: readonly SettingsFile[] = [],
): SettingsFile {
  let edited = file;
  for (const { question, paths, toPython } of integrations) {
    const answer = answers.get(question.id);
    const plain = answer instanceof Secret ? answer.reveal() : answer;
    if (typeof plain !== 'string') continue;
    const place = isGiven(answers, question.id) ? addedPlace(edited, paths, known) : undefined;
    const value = toPython ? toPython(plain) : plain;
    // What an expression names would have to be imported.
    if (place !== undefined && !isExpression(value)) edited = edited.set(place, value);
    for (const path of paths) {
      const current = edited.get(path);
      if (current === undefined || refersToAnother(paths, current)) continue;
      if (question.kind !== 'text' && typeof current === 'string' && current !== '') new Secret(current);
      edited = edited.set(path, value);
    }
  }
  return withMailBackend(withNamedSettings(edited, answers), answers, known);
}

/** Whether a person gave the answer; what the product takes or makes by itself is nobody's loss where it has no place. */
export function isGiven(answers: Answers, id: string): boolean {
  return ['file', 'asked', 'saved'].includes(answers.sourceOf(id) ?? '');
}

/**
 * @returns where to add a setting that the file has under none of its names: one that this version of the site has, by itself or
 *   in a dict that is there; a new dict would lack all that the product does not ask for
 */
function addedPlace(
  file: SettingsFile,
  paths: readonly SettingPath[],
  known: readonly SettingsFile[],
): SettingPath | undefined {
  const has = (each: SettingsFile, path: SettingPath) => standing(each, path).kind !== 'none';
  if (paths.some((path) => has(file, path))) return undefined;
  return paths.find(
    (path) => known.some((each) => has(each, path)) && (path.length === 1 || has(file, path.slice(0, -1))),
  );
}

/** @returns what somebody gave, and settings.py has no place for: its integration, and the setting's name */
export function withoutPlace(
  file: SettingsFile,
  answers: Answers,
): readonly { readonly group: string; readonly name: string }[] {
  return integrations.flatMap(({ question: { id, group = '' }, paths }) =>
    isGiven(answers, id) && answers.has(id) && paths.every((path) => standing(file, path).kind === 'none')
      ? [{ group, name: (paths[0] ?? []).join('.') }]
      : [],
  );
}

/** What an answer names by its place in the file; a place that the file lacks, or computes, is left alone. */
function withNamedSettings(file: SettingsFile, answers: Answers): SettingsFile {
  return answers.ids().reduce((edited, id) => {
    const path = settingPath(id);
    const answer = answers.get(id);
    const plain = answer instanceof Secret ? answer.reveal() : answer;
    if (path === undefined || typeof plain !== 'string') return edited;
    const stands = standing(edited, path);
    const isText = stands.kind === 'literal' && (typeof stands.value === 'string' || isBytes(stands.value));
    return isText ? edited.set(path, plain) : edited;
  }, file);
}

/** Anymail's own name of it (its documentation, "Mailgun"). */
export const MAILGUN_BACKEND = 'anymail.backends.mailgun.EmailBackend';

/** With the keys alone every e-mail goes to the console (trap 17); a backend that somebody chose stays. */
function withMailBackend(file: SettingsFile, answers: Answers, known: readonly SettingsFile[]): SettingsFile {
  const given = answers.has('mailgun.api-key') && answers.sourceOf('mailgun.api-key') !== 'host';
  // Of the keys it takes MAILGUN_API_KEY as well: a settings.py of before it has no dict of its own.
  const hasMailgun = [file, ...known].some((each) => standing(each, ['ANYMAIL']).kind !== 'none');
  const backend = standing(file, ['EMAIL_BACKEND']);
  const isDefault =
    backend.kind === 'none' ||
    (backend.kind === 'literal' && backend.value === 'django.core.mail.backends.console.EmailBackend');
  return given && hasMailgun && isDefault ? file.set(['EMAIL_BACKEND'], MAILGUN_BACKEND) : file;
}

/** `'MAILGUN_API_KEY': MAILGUN_API_KEY` follows the assignment that it names. */
function refersToAnother(paths: readonly SettingPath[], value: PythonValue): boolean {
  return paths.length > 1 && isExpression(value);
}

/** @returns a reader of the answer that settings.py already holds: neither a placeholder nor what the example says. */
function readsSetting({ question, paths }: Pick<SettingQuestion, 'question' | 'paths'>) {
  return async (host: Host): Promise<AnswerValue | undefined> => {
    const [installed, example] = [await installedSettings(host), await exampleSettings(host)];
    if (installed === undefined) return undefined;
    for (const path of paths) {
      const value = plainText(valueAt(installed, path));
      if (value === undefined || value === '' || placeholderIn(value) !== undefined) continue;
      if (example !== undefined && plainText(valueAt(example, path)) === value) continue;
      return question.kind === 'text' || question.kind === 'choice' ? value : new Secret(value);
    }
    return undefined;
  };
}

/**
 * @returns whether settings.py computes the setting (`os.environ[…]`), other than the example does: it has it, and is left
 *   alone. Of one that is no Python nothing can be told: a secret that may stand in it is not asked for again, and the run
 *   names the line.
 */
function isComputed({ paths, question }: Pick<SettingQuestion, 'paths' | 'question'>) {
  return async (host: Host): Promise<boolean> => {
    const [installed, example] = [await installedSettings(host), await exampleSettings(host)];
    if (installed === undefined && (await settingsSource(host, SETTINGS)) !== undefined)
      return isSecret(question);
    return paths.some((path) => {
      if (standing(installed, path).kind !== 'computed') return false;
      const value = installed && valueAt(installed, path);
      if (value === undefined) return true;
      if (plainText(value) !== undefined || refersToAnother(paths, value)) return false;
      const shown = example && valueAt(example, path);
      return !(isExpression(value) && shown !== undefined && isExpression(shown) && isSame(value, shown));
    });
  };
}

/** The product itself gives the example's reading of a variable an empty default (trap 5). */
function isSame(installed: PythonExpression, example: PythonExpression): boolean {
  const plain = ({ source }: PythonExpression) => source.replace(", '')", ')');
  return plain(installed) === plain(example);
}

/** @returns the value, `undefined` where the file has none that can be told. */
export function valueAt(file: SettingsFile, path: SettingPath): PythonValue | undefined {
  try {
    return file.get(path);
  } catch {
    return undefined;
  }
}

function plainText(value: PythonValue | undefined): string | undefined {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null || typeof value !== 'object') return undefined;
  if (isBytes(value)) return new TextDecoder().decode(value.bytes);
  return 'source' in value ? /^braintree\.Environment\.(\w+)$/.exec(value.source)?.[1] : undefined;
}

function text(
  id: string,
  label: string,
  help: string,
  paths: readonly SettingPath[],
  more: Partial<Question> = {},
): SettingQuestion {
  return { question: { id, label, help, kind: 'text', ...more }, paths };
}

function secret(id: string, label: string, help: string, paths: readonly SettingPath[]): SettingQuestion {
  return { question: { id, label, help, kind: 'secret' }, paths };
}

function group(
  name: string,
  consequence: string,
  questions: readonly SettingQuestion[],
): readonly SettingQuestion[] {
  return questions.map((each) => ({
    ...each,
    question: { ...each.question, group: name, skippable: consequence },
  }));
}

function webAddress(value: string): string | undefined {
  return URL.canParse(value) && /^https?:\/\//.test(value)
    ? undefined
    : 'It must begin with https:// and name a host.';
}

/** The domain alone: Anymail makes the address of the API from it (its documentation, "Mailgun", sender domain). */
function hostName(value: string): string | undefined {
  const parsed = parseDomain(value);
  return parsed.ok ? undefined : `${value}: ${parsed.reason}`;
}

/**
 * The IDs that gtag.js takes, by their prefix (support.google.com/analytics/answer/9310895): `G-` of Google Analytics 4, `GT-` of
 * a Google tag, and `UA-` with digits, of which Google takes no visits any more (July 2023) but which an old site may still have.
 */
function trackingId(value: string): string | undefined {
  return /^(?:GT?-[A-Z0-9]{4,}|UA-\d{4,}-\d+)$/i.test(value)
    ? undefined
    : `${value} is not a Google Analytics tracking ID. It looks like G-ABC1234567, or UA-12345678-1 (old).`;
}

function absolutePath(value: string): string | undefined {
  return /^\/[^\0\n]+$/.test(value) ? undefined : 'It must be an absolute path, beginning with a slash.';
}
