import type { Host } from '../host/host.ts';
import { isRecord, parsedJson } from '../output/json.ts';
import { ProblemError } from '../output/problem.ts';
import { Secret } from '../output/secret.ts';
import type { Way } from './way.ts';
import type { SmtpAccount } from './ways/mail.ts';

/** What the operator has to be told by. Absent: that way is not used. */
export interface Channels {
  readonly webhook?: Secret;
  readonly heartbeat?: Secret;
  /** By the mail server of this machine where there is no account. */
  readonly email?: { readonly from: string; readonly to: readonly string[]; readonly smtp?: SmtpAccount };
  /** Absolute path. */
  readonly textfile?: string;
}

/** Root's alone (0600): addresses of webhooks and passwords stand in it. */
export const CHANNELS_FILE = '/etc/blender-studio/watch.json';

/** @returns the text of {@link CHANNELS_FILE} */
export function channelsText({ webhook, heartbeat, email, textfile }: Channels): string {
  const smtp = email?.smtp && { ...email.smtp, password: email.smtp.password?.reveal() };
  const plain = {
    webhook: webhook?.reveal(),
    heartbeat: heartbeat?.reveal(),
    email: email && { ...email, smtp },
    textfile,
  };
  return `${JSON.stringify(plain, undefined, 2)}\n`;
}

/**
 * @returns the channels that were set up; `undefined` where none were. Their secrets are known to the funnel from here on.
 * @throws ProblemError when the file is none of the product's
 */
export async function readChannels(host: Host): Promise<Channels | undefined> {
  const text = await host.read(CHANNELS_FILE);
  if (text === undefined) return undefined;
  const stored = parsedJson(text);
  if (!isRecord(stored)) throw unreadable();
  const { webhook, heartbeat, email, textfile } = stored;
  const secret = (value: unknown) => (typeof value === 'string' ? new Secret(value) : undefined);
  const [hook, beat, mail] = [
    secret(webhook),
    secret(heartbeat),
    isRecord(email) ? mailOf(email) : undefined,
  ];
  return {
    ...(hook === undefined ? {} : { webhook: hook }),
    ...(beat === undefined ? {} : { heartbeat: beat }),
    ...(mail === undefined ? {} : { email: mail }),
    ...(typeof textfile === 'string' ? { textfile } : {}),
  };
}

function mailOf({ from, to, smtp }: Readonly<Record<string, unknown>>): NonNullable<Channels['email']> {
  if (typeof from !== 'string' || !Array.isArray(to)) throw unreadable();
  const envelope = { from, to: to.map(String) };
  if (!isRecord(smtp)) return envelope;
  const { host, port, security, user, password } = smtp;
  if (typeof host !== 'string' || typeof port !== 'number') throw unreadable();
  return {
    ...envelope,
    smtp: {
      host,
      port,
      security: security === 'tls' || security === 'none' ? security : 'starttls',
      ...(typeof user === 'string' ? { user } : {}),
      ...(typeof password === 'string' ? { password: new Secret(password) } : {}),
    },
  };
}

function unreadable(): ProblemError {
  return new ProblemError({
    what: `${CHANNELS_FILE} can't be read as what studio-setup wrote there.`,
    remedy: 'Set the watch up again: studio-setup watch enable',
  });
}

/** @returns the ways of telling, in the order in which they are shown */
export async function waysOf(
  host: Host,
  { webhook, heartbeat, email, textfile }: Channels,
): Promise<readonly Way[]> {
  // Loaded by who tells something: a server without a webhook needs none of it.
  const web = webhook || heartbeat ? await import('./ways/web.ts') : undefined;
  const mail = email ? await import('./ways/mail.ts') : undefined;
  const file = textfile ? await import('./ways/textfile.ts') : undefined;
  return [
    ...(email && mail ? [email.smtp ? mail.smtp(email.smtp, email) : mail.sendmail(host, email)] : []),
    ...(webhook && web ? [web.webhook(host, webhook)] : []),
    ...(heartbeat && web ? [web.heartbeat(host, heartbeat)] : []),
    ...(textfile && file ? [file.textfile(textfile)] : []),
  ];
}
