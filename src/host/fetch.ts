import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import https from 'node:https';
import { ProblemError, StoppedError } from '../output/problem.ts';
import { systemCa } from './http.ts';

/** What goes on for ever must neither fill the disk nor hold anything up. */
export interface FetchLimits {
  readonly bytes: number;
  /** Seconds for the whole file. */
  readonly seconds: number;
  /** Aborted when the operator stops. */
  readonly signal?: AbortSignal;
}

/** As many as Node's own fetch follows (Fetch Standard, "HTTP-redirect fetch"). */
const MOST_REDIRECTS = 20;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Fetches a file over HTTPS, every redirect included. Certificates are verified against this server's own trust, or the file that
 * SSL_CERT_FILE names, as OpenSSL has it (SSL_CTX_set_default_verify_paths(3)). HTTPS_PROXY and NO_PROXY count (Node.js, http.Agent,
 * `proxyEnv`).
 * @param address `https://…`
 * @returns the file, part by part; what comes after the last part is known to be nothing
 * @throws ProblemError when it does not come, does not come whole, or is beyond a limit; StoppedError after a stop
 */
export async function* fetchedParts(address: string, limits: FetchLimits): AsyncGenerator<Buffer> {
  const tooSlow = AbortSignal.timeout(limits.seconds * 1000);
  const signal = limits.signal === undefined ? tooSlow : AbortSignal.any([limits.signal, tooSlow]);
  let size = 0;
  try {
    for await (const part of await answerOf(new URL(address), signal)) {
      size += part.length;
      if (size > limits.bytes)
        throw new ProblemError({ what: `${address} is larger than ${limits.bytes} bytes.`, remedy: REMEDY });
      yield part;
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    if (limits.signal?.aborted) throw new StoppedError('Stopped by the operator');
    if (tooSlow.aborted)
      throw new ProblemError({
        what: `${address} took longer than ${limits.seconds} seconds to download.`,
        remedy: REMEDY,
      });
    throw new ProblemError({ what: `${address} could not be fetched: ${reasonOf(error)}.`, remedy: REMEDY });
  }
}

const REMEDY =
  'Check the network, and the proxy if this server needs one (HTTPS_PROXY). Then run the same command again.';

/** The answer that is the file: redirects are followed, but never out of HTTPS. */
async function answerOf(first: URL, signal: AbortSignal): Promise<AsyncIterable<Buffer>> {
  const agent = new https.Agent({ proxyEnv: process.env });
  const ca = trustedCa();
  let url = first;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects += 1) {
    if (url.protocol !== 'https:')
      throw new ProblemError({
        what: `${first} leads to ${withoutQuery(url)}, which is not encrypted. It was not fetched.`,
        remedy:
          'A proxy or a portal of this network may have answered instead. Check it, then run the same command again.',
      });
    const answer = await got(url, { agent, signal, ...(ca === undefined ? {} : { ca }) });
    const { statusCode = 0, headers } = answer;
    if (statusCode === 200) return answer;
    // What else it says is of no use, and the connection would stay open.
    answer.destroy();
    if (!REDIRECTS.has(statusCode) || headers.location === undefined)
      throw new ProblemError({
        what: `${withoutQuery(url)} returned HTTP ${statusCode} (expected 200).`,
        remedy: REMEDY,
      });
    url = new URL(headers.location, url);
  }
  throw new ProblemError({ what: `${first} redirects more than ${MOST_REDIRECTS} times.`, remedy: REMEDY });
}

/** Without the query: where a forge leads to, it may be a key to the file. */
function withoutQuery(url: URL): string {
  return url.href.split('?')[0] ?? '';
}

function got(url: URL, options: https.RequestOptions): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  https.get(url, options, resolve).on('error', reject);
  return promise;
}

function trustedCa(): string | undefined {
  const named = process.env.SSL_CERT_FILE;
  return named === undefined ? systemCa() : readFileSync(named, 'utf8');
}

function reasonOf(error: unknown): string {
  // Node's word for an answer that is shorter than its header says.
  if (error instanceof Error && error.message === 'aborted')
    return 'the connection ended before all of it came';
  const cause = error instanceof AggregateError ? error.errors[0] : error;
  return cause instanceof Error ? cause.message : String(cause);
}
