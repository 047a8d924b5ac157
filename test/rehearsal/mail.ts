/**
 * A mail server of the rehearsal's internet, as a provider has it for its customers: STARTTLS, then a login, then messages
 * (RFC 6409). Run as `node mail.ts CONFIG`, CONFIG being a `MailConfig` as JSON.
 */
import { appendFileSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

export interface MailConfig {
  readonly address: string;
  /** PEM files. */
  readonly certificate: string;
  readonly key: string;
  /** The one account. */
  readonly user: string;
  readonly password: string;
  /** Takes a message a line, as a JSON string; there from when the server listens. */
  readonly inbox: string;
}

const config = JSON.parse(process.argv[2] ?? '') as MailConfig;
const server = new SMTPServer({
  cert: readFileSync(config.certificate),
  key: readFileSync(config.key),
  onAuth({ username, password }, _, done) {
    const known = username === config.user && password === config.password;
    if (known) done(null, { user: username });
    else done(new Error('Authentication credentials invalid'));
  },
  onData(stream, _, done) {
    text(stream).then((message) => {
      appendFileSync(config.inbox, `${JSON.stringify(message)}\n`);
      done();
    }, done);
  },
});
server.listen(587, config.address, () => appendFileSync(config.inbox, ''));
