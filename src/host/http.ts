import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import { createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { HttpAnswer, HttpOptions } from './host.ts';

/** The host's own trust, where an operator's private CA is: Node brings a list of its own that knows nothing of it. */
const SYSTEM_CA = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'];

/** Most that is kept of a body, in bytes. */
const LARGEST_BODY = 4 * 1024 * 1024;

/** @returns certificate authorities that this host trusts, as PEM; `undefined` where none of the usual files is there */
export function systemCa(): string | undefined {
  for (const path of SYSTEM_CA) {
    try {
      return readFileSync(path, 'utf8');
    } catch {
      // The next one: which file exists depends on the distribution.
    }
  }
  return undefined;
}

let trusted: { readonly pem: string; readonly context: SecureContext } | undefined;

/** @returns the same to connect with: to read 140 certificates takes 10 ms, and a scorecard makes a dozen requests */
function trust(): SecureContext | undefined {
  const pem = systemCa();
  if (pem === undefined) return undefined;
  if (trusted?.pem !== pem) trusted = { pem, context: createSecureContext({ ca: pem }) };
  return trusted.context;
}

/**
 * One HTTP or HTTPS request; redirects are not followed, certificates are verified against the host's own trust.
 * @returns the answer; a connection that fails is an answer with status 0 and `error`.
 */
export function request(url: string, options: HttpOptions = {}): Promise<HttpAnswer> {
  const { promise, resolve } = Promise.withResolvers<HttpAnswer>();
  const secure = url.startsWith('https:');
  const address = options.address;
  const lookup: LookupFunction | undefined = address
    ? (_name, lookupOptions, done) => {
        const family = address.includes(':') ? 6 : 4;
        if (lookupOptions.all) done(null, [{ address, family }]);
        else done(null, address, family);
      }
    : undefined;
  const secureContext = secure ? trust() : undefined;
  const sent = (secure ? https : http).request(
    url,
    {
      method: options.method ?? 'GET',
      headers: { ...options.headers },
      agent: false,
      ...(lookup ? { lookup } : {}),
      ...(secureContext ? { secureContext } : {}),
    },
    (answer) => {
      const chunks: Buffer[] = [];
      let size = 0;
      answer.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= LARGEST_BODY) chunks.push(chunk);
      });
      answer.on('error', fail);
      answer.on('end', () => {
        const headers: Record<string, string> = {};
        for (const [name, value] of Object.entries(answer.headers)) {
          headers[name] = Array.isArray(value) ? value.join(', ') : (value ?? '');
        }
        resolve({
          status: answer.statusCode ?? 0,
          headers,
          body: Buffer.concat(chunks).toString('utf8'),
          ...(certificate ? { certificate } : {}),
        });
      });
    },
  );
  let certificate: string | undefined;
  sent.on('socket', (socket) => {
    socket.once('secureConnect', () => {
      const presented = (socket as TLSSocket).getPeerX509Certificate();
      if (presented) certificate = presented.toString();
    });
  });
  const timer = setTimeout(() => sent.destroy(new Error('no answer in time')), options.timeoutMs ?? 10_000);
  promise.finally(() => clearTimeout(timer));
  function fail(error: Error): void {
    const cause =
      error instanceof AggregateError && error.errors[0] instanceof Error ? error.errors[0] : error;
    resolve({ status: 0, headers: {}, body: '', error: cause.message });
  }
  sent.on('error', fail);
  sent.end(options.body);
  return promise;
}
