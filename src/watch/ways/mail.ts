import { createTransport } from 'nodemailer';
import type { Host } from '../../host/host.ts';
import { systemCa } from '../../host/http.ts';
import type { Secret } from '../../output/secret.ts';
import { lacksMailServer, SENDMAIL } from '../mail-server.ts';
import type { Message } from '../message.ts';
import type { Answered, Way } from '../way.ts';

/** Milliseconds that a mail server may take for one step. */
const TIMEOUT_MS = 30_000;

/** Who writes to whom. */
export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/** An account at a mail server. */
export interface SmtpAccount {
  readonly host: string;
  readonly port: number;
  /** `starttls`: refused without it; `tls` from the first byte on; `none` only for a server on this machine or a private network. */
  readonly security: 'starttls' | 'tls' | 'none';
  readonly user?: string | undefined;
  readonly password?: Secret | undefined;
}

/** E-mail through an account at a mail server. */
export function smtp(account: SmtpAccount, envelope: Envelope): Way {
  return {
    name: 'email',
    async tell(message) {
      const { host, port, security, user, password } = account;
      const ca = systemCa();
      const transport = createTransport({
        host,
        port,
        secure: security === 'tls',
        requireTLS: security === 'starttls',
        ignoreTLS: security === 'none',
        ...(user === undefined ? {} : { auth: { user, pass: password?.reveal() ?? '' } }),
        ...(ca === undefined ? {} : { tls: { ca } }),
        connectionTimeout: TIMEOUT_MS,
        greetingTimeout: TIMEOUT_MS,
        socketTimeout: TIMEOUT_MS,
      });
      try {
        const { response, rejected } = await transport.sendMail(mailOf(message, envelope));
        const refused = rejected.length === 0 ? '' : ` (refused: ${rejected.map(String).join(', ')})`;
        return { ok: rejected.length === 0, said: `${response}${refused}` };
      } catch (error) {
        return { ok: false, said: whyNot(error, `${host}:${port}`) };
      } finally {
        transport.close();
      }
    },
  };
}

/** E-mail through the mail server of this machine, by the interface that all of them have (LSB, sendmail(8)). */
export function sendmail(host: Host, envelope: Envelope): Way {
  return {
    name: 'email',
    async tell(message): Promise<Answered> {
      const why = await lacksMailServer(host);
      if (why !== undefined) return { ok: false, said: why };
      const composer = createTransport({ streamTransport: true, buffer: true, newline: 'unix' });
      const { message: text } = await composer.sendMail(mailOf(message, envelope));
      const argv = [SENDMAIL, '-i', '-f', envelope.from, '--', ...envelope.to];
      try {
        const { code, stderr } = await host.query(argv, {
          input: String(text),
          timeoutMs: TIMEOUT_MS,
          acts: true,
        });
        if (code === 0) return { ok: true, said: 'the mail server of this machine took it' };
        const words = stderr.trim().split('\n').at(-1) ?? '';
        return {
          ok: false,
          said: `sendmail ended with exit code ${code}${words === '' ? '' : `: ${words}`}`,
        };
      } catch (error) {
        return { ok: false, said: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

function mailOf({ title, text }: Message, { from, to }: Envelope) {
  return {
    from,
    to: [...to],
    subject: title,
    text: `${text}\n`,
    // RFC 3834: no vacation program is to answer it.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

function whyNot(error: unknown, where: string): string {
  return `${where} does not take it: ${error instanceof Error ? error.message : String(error)}`;
}
