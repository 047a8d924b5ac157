import { randomBytes } from 'node:crypto';
import type { Operation } from '../engine/operation.ts';
import type { LiveHost, ProgramResult } from '../host/host.ts';
import { shellOf } from '../host/shell.ts';
import { ProblemError } from '../output/problem.ts';
import { isTranslated, ownAddresses } from '../requirements/names.ts';
import { certificateScript } from '../script/certificate.ts';
import { certbotProgram, nothingInTheWay } from '../site/certbot.ts';
import { liveFolder, siteCertificate } from '../site/certificate.ts';
import { resolve } from '../site/dns.ts';
import { refuseForeignNginx } from '../site/nginx-trust.ts';

export interface Certificate extends Pick<Operation, 'id' | 'title' | 'after' | 'covers' | 'departure'> {
  /** The site's names, its domain first. */
  readonly names: readonly [string, ...string[]];
  /** Absent: that of the account which certbot has already. */
  readonly email?: string;
  /** Address of the ACME directory. */
  readonly server: string;
  readonly webroot: string;
}

/** Let's Encrypt: five failed validations per name, account and hour. One is kept for trying by hand. */
const ATTEMPTS_PER_HOUR = 4;
const HOUR_MS = 60 * 60_000;

/** Always the same file, so that what a killed run left is taken away by the next. */
const TOKEN = '/.well-known/acme-challenge/studio-setup';

/** A certificate for the site's names by certbot's webroot method, renewed by certbot's own timer. */
export function certificate(wanted: Certificate): Operation {
  const [domain] = wanted.names;
  return {
    id: wanted.id,
    title: wanted.title,
    script: certificateScript(wanted),
    ...(wanted.after ? { after: wanted.after } : {}),
    ...(wanted.covers ? { covers: wanted.covers } : {}),
    ...(wanted.departure ? { departure: wanted.departure } : {}),
    async observe(host) {
      const { name, missing } = await siteCertificate(host, wanted.names);
      if (missing === undefined) return undefined;
      const command = [await certbotProgram(host), ...certonly(wanted, name)];
      return {
        kind: 'run',
        summary: `certificate for ${wanted.names.join(', ')} (${missing})`,
        shell: [shellOf([...command, '--dry-run']), shellOf(command)],
        touches: [`${liveFolder(name)}/fullchain.pem`],
        irreversible: 'the certificate stays; certbot delete removes it',
        async apply(live) {
          await nothingInTheWay(live);
          // Hooks and an installer of the operator's own may reload nginx.
          await refuseForeignNginx(live);
          await reachable(live, wanted);
          await attempt(live, `certificate-dry-run:${domain}`, [...command, '--dry-run'], wanted);
          await attempt(live, `certificate:${domain}`, command, wanted);
        },
      };
    },
  };
}

function certonly({ names, email, server, webroot }: Certificate, name: string): readonly string[] {
  return [
    'certonly',
    // Not `--webroot`: that does not go before an authenticator in certbot's own configuration.
    '--authenticator',
    'webroot',
    '--webroot-path',
    webroot,
    ...names.flatMap((each) => ['--domain', each]),
    '--cert-name',
    name,
    '--server',
    server,
    ...(email === undefined ? [] : ['--email', email]),
    '--key-type',
    'ecdsa',
    '--agree-tos',
    '--no-eff-email',
    '--expand',
    '--non-interactive',
  ];
}

/** Fetches a token by name over port 80, at every address that DNS gives: that is what costs an attempt when it fails. */
async function reachable(live: LiveHost, { names, webroot }: Certificate): Promise<void> {
  const token = randomBytes(16).toString('hex');
  const path = `${webroot}${TOKEN}`;
  await live.makeFolder(`${webroot}/.well-known`);
  await live.makeFolder(`${webroot}/.well-known/acme-challenge`);
  // Secret: of a random text no copy has to be kept.
  await live.write(path, token, { secret: true });
  const own = await ownAddresses(live);
  try {
    for (const name of names) {
      const { v4, v6, unanswered } = await resolve(name);
      if (unanswered !== undefined)
        throw new ProblemError({
          what: `DNS could not be asked for ${name} (${unanswered}): the certificate's validation would fail.`,
          remedy:
            'Check that the name servers of the domain answer for A and AAAA (dig NAME A; dig NAME AAAA), then run again. No attempt was spent.',
        });
      for (const address of [...v4, ...v6]) {
        const url = `http://${name}${TOKEN}`;
        const answer = await live.request(url, { address, timeoutMs: 8000 });
        if (answer.status === 200 && answer.body === token) continue;
        const why = answer.error ?? `HTTP ${answer.status}`;
        const isOwn = [...own.v4, ...own.v6].includes(address);
        // Many a router does not hand back what comes from within: then only the authority can tell, by its trial.
        if (answer.status === 0 && !isOwn && isTranslated(own)) {
          live.warn(
            `This server can't reach ${url} at ${address} (${why}), which is normal behind some routers: the certificate authority's test decides.`,
          );
          continue;
        }
        throw new ProblemError({
          what: `${url} at ${address} does not reach this server (${why}): the certificate's validation would fail.`,
          remedy:
            isOwn && answer.status !== 0
              ? `nginx on this server gave that answer: see /var/log/nginx/error.log, and which server block has the name (nginx -T). Then run again. No attempt was spent.`
              : `Check that ${name} points to this server in DNS, and that ports 80 and 443 are open in every firewall, including the provider's. Then run again. No attempt was spent.`,
        });
      }
    }
  } finally {
    await live.remove(path);
  }
}

/** Never in a loop: each failure counts at the authority, and is counted here too. */
async function attempt(
  live: LiveHost,
  key: string,
  command: readonly string[],
  wanted: Certificate,
): Promise<void> {
  const failures = (live.hint(key) ?? '')
    .split(' ')
    .filter(Boolean)
    .map(Number)
    .filter((at) => at > Date.now() - HOUR_MS);
  if (failures.length >= ATTEMPTS_PER_HOUR) {
    const wait = Math.ceil(((failures[0] ?? 0) + HOUR_MS - Date.now()) / 60_000);
    throw new ProblemError({
      what: `The certificate for ${wanted.names[0]} failed ${failures.length} times within an hour; the authority allows five.`,
      remedy: `Fix what the last failure named (/var/log/letsencrypt/letsencrypt.log), wait ${wait} minutes, then run again.`,
    });
  }
  await live.run(command, {
    timeoutMs: 5 * 60_000,
    yields: true,
    explain(result) {
      if (wasCounted(result)) live.remember(key, [...failures, Date.now()].join(' '));
      return explain(result);
    },
  });
}

/** Only what the authority itself refused: one that was never reached has counted nothing. */
function wasCounted({ stdout, stderr }: ProgramResult): boolean {
  const text = `${stdout}\n${stderr}`;
  return typeOf(text) !== undefined || RATE_LIMITED.test(text);
}

/** @returns the ACME error of a failed challenge (certbot, _internal/auth_handler.py, _generate_failed_chall_msg) */
function typeOf(text: string): string | undefined {
  return /^ *Type: +(\w+)$/m.exec(text)?.[1];
}

/** The description that acme has for the error (acme/messages.py, ERROR_CODES); certbot prints it without the URN, or with. */
const RATE_LIMITED =
  /^There were too many requests of a given type :: |\burn:ietf:params:acme:error:rateLimited\b/m;

/** acme/client.py, ClientNetwork._send_request: a sentence of its own, or the exception of requests as Python prints it. */
const NOT_REACHED =
  /^(\w+: )?Requesting \S+: |^requests\.exceptions\.\w*(Connection|Timeout|SSL|Proxy)\w*: /m;

/** @returns what a failure of certbot means, by the error types of ACME (RFC 8555, 6.7) that it prints */
export function explain(result: ProgramResult): { what?: string; remedy: string } | undefined {
  const text = `${result.stdout}\n${result.stderr}`;
  const detail = /Detail: ([^\n]+)/.exec(text)?.[1];
  const type = typeOf(text);
  if (type === 'connection') {
    return {
      what: `The certificate authority could not reach this server: ${detail ?? 'no connection'}`,
      remedy: 'Open port 80 in every firewall, check A and AAAA records, then run again.',
    };
  }
  if (type === 'dns' || type === 'unauthorized') {
    return {
      what: `The certificate's validation failed: ${detail ?? ''}`,
      remedy: 'Correct the A and AAAA records so that both point to this server, then run again.',
    };
  }
  // RFC 8555, 6.7: "Certification Authority Authorization (CAA) records forbid the CA from issuing a certificate".
  if (type === 'caa' || /\burn:ietf:params:acme:error:caa\b/.test(text)) {
    return {
      what: `A CAA record in DNS forbids this certificate authority: ${detail ?? ''}`,
      remedy: `Add the authority to the CAA records of the domain (for Let's Encrypt: 0 issue "letsencrypt.org"), or remove those records, then run again.`,
    };
  }
  if (RATE_LIMITED.test(text)) {
    return {
      what: "The certificate authority's limit is reached.",
      remedy: 'Wait for the time given above, then run again.',
    };
  }
  if (NOT_REACHED.test(text)) {
    return {
      what: "The certificate authority can't be reached.",
      remedy: 'Check the network of this server (and the answer certificate.server), then run again.',
    };
  }
  return undefined;
}
