import { template } from '../../templates/index.ts';
import type { Host } from '../host/host.ts';
import { type Problem, ProblemError } from '../output/problem.ts';
import { site, withValues } from './django.ts';
import { SENDS_NOTHING } from './integration-switches.ts';
import { MAILGUN_BACKEND } from './integrations.ts';
import { SETTINGS } from './layout.ts';

/** Django's own name of it (its documentation, "Sending email"). */
const SMTP_BACKEND = 'django.core.mail.backends.smtp.EmailBackend';

/** Why a message was not taken, by what the mail server or the system answered. */
interface Refusal {
  readonly kind:
    | 'off'
    | 'login'
    | 'sender'
    | 'recipient'
    | 'refused'
    | 'encryption'
    | 'disconnected'
    | 'http'
    | 'certificate'
    | 'name'
    | 'timeout'
    | 'unreachable'
    | 'unknown';
  /** Of SMTP (RFC 5321) or HTTP. */
  readonly code?: number;
  /** In the server's words, without what the settings hold. */
  readonly said: string;
}

/** One message that the site sent, or tried to. */
export interface TestEmail {
  /** EMAIL_BACKEND of the site. */
  readonly backend: string;
  readonly sender: string;
  readonly recipient: string;
  /** Host and port with the encryption, or the address of the API; absent where the backend tells none. */
  readonly server?: string;
  /** What the mail server answered. */
  readonly code?: number;
  readonly said?: string;
  /** What the server calls the message. */
  readonly id?: string;
  readonly failed?: Refusal;
}

/** Longer than the 20 and 30 seconds that smtplib and anymail wait for a server. */
const TIMEOUT_MS = 60_000;

/** @param backend EMAIL_BACKEND of the site, `undefined` where it can't be told @returns what is said before a message is sent */
export function beforeSending(backend: string | undefined): string {
  const what = 'The site sends one message with its own settings; you see how the mail server responds.';
  if (backend === undefined) return what;
  return SENDS_NOTHING.test(backend)
    ? `EMAIL_BACKEND is ${backend}, which sends nothing: the test will fail. Set up Mailgun first: studio-setup run settings`
    : `${what} EMAIL_BACKEND is ${backend}.`;
}

/**
 * Has the site send a message with its own settings, as www-data: changes nothing on this server.
 * @param address who gets it @param from the name that this server is reached by, for the text
 * @throws ProblemError when the site's Django can't be started
 */
export async function sendTestEmail(host: Host, address: string, from: string): Promise<TestEmail> {
  const values = {
    address,
    subject: `Test e-mail from ${from}`,
    text: `This message was sent by "studio-setup test-email" on ${from}, with the settings of the site.\nIf you can read it, the site can send e-mail.\n`,
  };
  const script = withValues(values, template('python/test_email.py'));
  const answer = await site<TestEmail>(host, script, { timeoutMs: TIMEOUT_MS, acts: true });
  if (!('wrong' in answer)) return answer;
  throw new ProblemError({
    what: `The site could not be asked to send an e-mail: ${answer.wrong}. Nothing was sent.`,
    remedy: 'Find out why: studio-setup doctor',
  });
}

/** @returns what the operator is told of a message that was taken, a line each */
export function sentLines({
  backend,
  sender,
  recipient,
  server,
  code,
  said,
  id,
}: TestEmail): readonly string[] {
  const answer = [code, said].filter((each) => each !== undefined && each !== '').join(' ');
  return [
    `Sent a test e-mail to ${recipient}, from ${sender}.`,
    `Backend: ${backend}${server === undefined || server === '' ? '' : ` (${server})`}`,
    answer === ''
      ? 'The backend does not report what the mail server answered.'
      : `The mail server answered: ${answer}${id === undefined || said?.includes(id) ? '' : ` (message id ${id})`}`,
    'Accepted does not mean delivered: check the inbox and the spam folder.',
  ];
}

/** Which settings the site sends with: what to do about a failure is another for each. */
type Sends = 'smtp' | 'mailgun' | 'other';

function sendsBy({ backend }: TestEmail): Sends {
  if (backend === MAILGUN_BACKEND) return 'mailgun';
  return backend === SMTP_BACKEND ? 'smtp' : 'other';
}

/** @returns why it was not sent, and what to do */
export function emailProblem(email: TestEmail, failed: Refusal): Problem {
  const { backend, server = '', recipient } = email;
  const { what, remedy } = causeOf(email, failed);
  const answer = [failed.code, failed.said].filter((each) => each !== undefined && each !== '').join(' ');
  return {
    what: `The test e-mail to ${recipient} was not sent: ${what}`,
    detail: [
      `Backend: ${backend}${server === '' ? '' : ` (${server})`}`,
      ...(answer === '' ? [] : [`Answer: ${answer}`]),
    ],
    remedy: `${remedy} Then try again: studio-setup test-email ${recipient}`,
  };
}

const EDIT = `sudo -Hu www-data editor ${SETTINGS}`;

/** Who did not answer, by the way that sends. */
const PARTY: Readonly<Record<Sends, string>> = {
  smtp: 'the mail server',
  mailgun: "Mailgun's API",
  other: 'the mail service',
};

const HTTPS_OUT =
  "Mailgun takes e-mail over HTTPS: check that this server's firewall lets it out to port 443, and Mailgun's status page.";

const OTHER = `Check the settings that this backend has (its documentation names them): ${EDIT}.`;

type Cause = (email: TestEmail, failed: Refusal) => Pick<Problem, 'what' | 'remedy'>;

const CAUSES: Readonly<Record<Exclude<Refusal['kind'], 'http'>, Cause>> = {
  off: ({ backend }) => ({
    what: `EMAIL_BACKEND is ${backend}, which sends nothing.`,
    remedy: `Give the keys of Mailgun: studio-setup run settings. Or set EMAIL_BACKEND to '${MAILGUN_BACKEND}' or '${SMTP_BACKEND}': ${EDIT}.`,
  }),
  login: () => ({
    what: 'the mail server refused the login.',
    remedy: `Correct EMAIL_HOST_USER and EMAIL_HOST_PASSWORD: ${EDIT}.`,
  }),
  sender: ({ sender }) => ({
    what: `the mail server refused the sender ${sender}.`,
    remedy: `Set DEFAULT_FROM_EMAIL to an address that the server sends for: ${EDIT}.`,
  }),
  recipient: ({ recipient }) => ({
    what: `the mail server refused the recipient ${recipient}.`,
    remedy:
      'The answer says why. Check that the address exists, and that the server may send to other domains.',
  }),
  refused: () => ({
    what: 'the mail server refused the message.',
    remedy: 'The answer says why. Fix that, or ask whoever runs the mail server.',
  }),
  encryption: () => ({
    what: 'the mail server does not offer what the settings ask for.',
    remedy: `Correct EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_PORT and the login: ${EDIT}.`,
  }),
  disconnected: () => ({
    what: 'the mail server closed the connection.',
    remedy: `Check that EMAIL_PORT matches EMAIL_USE_TLS (587) or EMAIL_USE_SSL (465): ${EDIT}.`,
  }),
  certificate: (email) => ({
    what: `the encrypted connection to ${PARTY[sendsBy(email)]} failed.`,
    remedy: {
      smtp: `Check that EMAIL_HOST is the name in the server's certificate, and that EMAIL_PORT matches EMAIL_USE_TLS (587) or EMAIL_USE_SSL (465): ${EDIT}.`,
      mailgun: `Check the clock of this server (date) and its list of authorities (apt-get install --reinstall ca-certificates), and MAILGUN_API_URL in ANYMAIL, if it is set: ${EDIT}.`,
      other: OTHER,
    }[sendsBy(email)],
  }),
  name: (email) => ({
    what: `the name of ${PARTY[sendsBy(email)]} does not resolve (${email.server ?? ''}).`,
    remedy: `${{ smtp: `Correct EMAIL_HOST: ${EDIT}.`, mailgun: `Correct MAILGUN_API_URL in ANYMAIL, if it is set: ${EDIT}.`, other: OTHER }[sendsBy(email)]} If it is right, check that this server can resolve names.`,
  }),
  timeout: (email) => ({
    what: `${PARTY[sendsBy(email)]} did not answer in time (${email.server ?? ''}).`,
    remedy: {
      smtp: 'Many providers block outgoing port 25, and some 465 and 587: ask yours, or use another port or Mailgun. Check the firewall, too.',
      mailgun: HTTPS_OUT,
      other: OTHER,
    }[sendsBy(email)],
  }),
  unreachable: (email) => ({
    what: `${PARTY[sendsBy(email)]} can't be reached (${email.server ?? ''}).`,
    remedy: {
      smtp: `Check that the mail server runs, and that EMAIL_HOST and EMAIL_PORT are right: ${EDIT}. Check the firewall, too.`,
      mailgun: HTTPS_OUT,
      other: OTHER,
    }[sendsBy(email)],
  }),
  unknown: () => ({
    what: 'the cause is not known.',
    remedy: `The error is above. The e-mail settings are in ${SETTINGS}.`,
  }),
};

function causeOf(email: TestEmail, failed: Refusal): Pick<Problem, 'what' | 'remedy'> {
  return failed.kind === 'http' ? ofApi(email, failed) : CAUSES[failed.kind](email, failed);
}

/** By the status of the API that was asked; what Mailgun means by it is in its documentation, "Errors". */
function ofApi(email: TestEmail, { code = 0 }: Refusal): Pick<Problem, 'what' | 'remedy'> {
  const isMailgun = sendsBy(email) === 'mailgun';
  if (code === 401 || code === 403)
    return {
      what: 'the mail service refused the API key.',
      remedy: isMailgun
        ? `Check that the key belongs to the account of the sender domain. A domain in Mailgun's EU region also needs 'MAILGUN_API_URL': 'https://api.eu.mailgun.net/v3' in ANYMAIL: ${EDIT}.`
        : `Correct the key: ${EDIT}.`,
    };
  if (code === 404 && isMailgun)
    return {
      what: 'Mailgun does not know the sender domain.',
      remedy: `Correct MAILGUN_SENDER_DOMAIN; for a domain in Mailgun's EU region set 'MAILGUN_API_URL': 'https://api.eu.mailgun.net/v3' in ANYMAIL: ${EDIT}.`,
    };
  if (code === 429)
    return {
      what: 'the mail service refuses more messages for now.',
      remedy: 'Wait, or raise the limit at the mail service.',
    };
  if (code >= 500)
    return {
      what: 'the mail service has an outage.',
      remedy: 'See its status page, and wait until it works again.',
    };
  return {
    what: 'the mail service refused the message.',
    remedy: `The answer says why. The sender is ${email.sender} (DEFAULT_FROM_EMAIL): ${EDIT}.`,
  };
}
