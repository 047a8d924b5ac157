import type { Answers, AnswerValue } from '../answers/answers.ts';
import type { Question } from '../answers/question.ts';
import { mailAddress } from '../site/mail-address.ts';
import type { Channels } from './channels.ts';
import type { SmtpAccount } from './ways/mail.ts';

const byMail = (answers: Answers) => answers.list('watch.email.to').length > 0;
const byAccount = (answers: Answers) =>
  byMail(answers) && answers.optionalText('watch.smtp.host') !== undefined;
const LEFT_OUT = 'You get no messages this way.';

/** What `watch enable` asks: the ways by which the operator is told. None is needed, and each may be left out. */
export const WATCH_QUESTIONS: readonly Question[] = [
  {
    id: 'watch.email.to',
    label: 'E-mail to',
    help: 'Who gets an e-mail when a check starts to fail, and when it passes again. Separate several addresses with commas. E-mail needs a sender as well.',
    kind: 'list',
    skippable: LEFT_OUT,
    example: 'admin@example.org',
    validate: mailAddress,
  },
  {
    id: 'watch.email.from',
    label: 'E-mail from',
    help: 'The sender, required because there is a recipient. Some mail servers accept only their own addresses.',
    kind: 'text',
    when: byMail,
    example: 'studio-setup@example.org',
    validate: mailAddress,
  },
  {
    id: 'watch.smtp.host',
    label: 'Mail server',
    help: 'The server of an e-mail account. Without one, the mail server of this machine sends (its sendmail interface).',
    kind: 'text',
    when: byMail,
    skippable: 'The mail server of this machine sends the e-mail.',
    example: 'mail.example.org',
    validate: (value) => (/^[\w.:-]+$/.test(value) ? undefined : 'That is not a host name or an address.'),
  },
  {
    id: 'watch.smtp.security',
    label: 'Encryption',
    help: 'How the connection to the mail server is encrypted. Port 587 usually uses STARTTLS, port 465 TLS.',
    kind: 'choice',
    choices: [
      { value: 'starttls', label: 'STARTTLS, and nothing without it' },
      { value: 'tls', label: 'TLS from the beginning' },
      { value: 'none', label: 'none: only within this machine or a private network' },
    ],
    when: byAccount,
    default: 'starttls',
  },
  {
    id: 'watch.smtp.port',
    label: 'Port',
    help: 'Where the mail server takes messages.',
    kind: 'text',
    when: byAccount,
    default: (answers) =>
      ({ tls: '465', none: '25' })[answers.optionalText('watch.smtp.security') ?? ''] ?? '587',
    validate: (value) =>
      /^[1-9]\d{0,4}$/.test(value) && Number(value) < 65_536 ? undefined : 'A number from 1 to 65535.',
  },
  {
    id: 'watch.smtp.user',
    label: 'Account',
    help: 'The login name at the mail server.',
    kind: 'text',
    when: byAccount,
    skippable: 'Nobody logs in at the mail server.',
    example: 'studio@example.org',
  },
  {
    id: 'watch.smtp.password',
    label: 'Its password',
    help: 'Kept in a file that only root can read.',
    kind: 'secret',
    when: (answers) => byAccount(answers) && answers.optionalText('watch.smtp.user') !== undefined,
  },
  {
    id: 'watch.webhook',
    label: 'Webhook',
    help: 'The address of an incoming webhook: Slack, Mattermost, Matrix (hookshot), ntfy, or your own. A secret: who knows it can write there.',
    kind: 'secret',
    skippable: LEFT_OUT,
    validate: webAddress,
  },
  {
    id: 'watch.heartbeat',
    label: 'Heartbeat',
    help: 'A URL that is requested after each round, from a service such as healthchecks.io. The service alerts you when the requests stop, for example because this server is down.',
    kind: 'secret',
    skippable: 'Nobody alerts you when this server is down.',
    validate: webAddress,
  },
  {
    id: 'watch.textfile',
    label: 'Prometheus textfile',
    help: 'A file in the folder of node_exporter (--collector.textfile.directory); its name ends in .prom.',
    kind: 'text',
    skippable: LEFT_OUT,
    example: '/var/lib/prometheus/node-exporter/studio-setup.prom',
    validate: (value) =>
      /^(\/[\w.+-]+)+\.prom$/.test(value) && !value.includes('/..')
        ? undefined
        : 'An absolute path that ends in .prom.',
  },
];

function webAddress(value: string): string | undefined {
  const refused = 'An address that begins with https:// or http://.';
  return /^https?:\/\/\S+$/.test(value) && URL.canParse(value) ? undefined : refused;
}

/** @param answers to {@link WATCH_QUESTIONS} @returns what they set up */
export function channelsOf(answers: Answers): Channels {
  const webhook = answers.optionalSecret('watch.webhook');
  const heartbeat = answers.optionalSecret('watch.heartbeat');
  const textfile = answers.optionalText('watch.textfile');
  const smtp = accountOf(answers);
  const email = byMail(answers)
    ? { from: answers.text('watch.email.from'), to: answers.list('watch.email.to'), ...(smtp && { smtp }) }
    : undefined;
  return {
    ...(webhook && { webhook }),
    ...(heartbeat && { heartbeat }),
    ...(email && { email }),
    ...(textfile !== undefined && { textfile }),
  };
}

function accountOf(answers: Answers): SmtpAccount | undefined {
  const host = answers.optionalText('watch.smtp.host');
  if (host === undefined) return undefined;
  const security = answers.text('watch.smtp.security');
  return {
    host,
    port: Number(answers.text('watch.smtp.port')),
    security: security === 'tls' || security === 'none' ? security : 'starttls',
    user: answers.optionalText('watch.smtp.user'),
    password: answers.optionalSecret('watch.smtp.password'),
  };
}

/** @returns the same as answers, by the ids of their questions: what is set up is not asked again */
export function answersIn({
  webhook,
  heartbeat,
  email,
  textfile,
}: Channels): ReadonlyMap<string, AnswerValue> {
  const { host, port, security, user, password } = email?.smtp ?? {};
  const values: Readonly<Record<string, AnswerValue | undefined>> = {
    'watch.email.to': email?.to,
    'watch.email.from': email?.from,
    'watch.smtp.host': host,
    'watch.smtp.security': security,
    'watch.smtp.port': port === undefined ? undefined : String(port),
    'watch.smtp.user': user,
    'watch.smtp.password': password,
    'watch.webhook': webhook,
    'watch.heartbeat': heartbeat,
    'watch.textfile': textfile,
  };
  return new Map(
    Object.entries(values).flatMap(([id, value]) => (value === undefined ? [] : [[id, value] as const])),
  );
}
