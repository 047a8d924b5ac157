import { X509Certificate } from 'node:crypto';
import type { Host } from '../host/host.ts';

/** certbot's folder of a certificate. @param name usually the domain */
export function liveFolder(name: string): string {
  return `/etc/letsencrypt/live/${name}`;
}

export interface InstalledCertificate {
  /** Hexadecimal, as openssl prints it. */
  readonly serial: string;
  readonly names: readonly string[];
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/** @returns the certificate on disk, `undefined` when certbot made none under this name. */
export async function installedCertificate(
  host: Host,
  name: string,
): Promise<InstalledCertificate | undefined> {
  const [chain, key] = await Promise.all([
    host.read(`${liveFolder(name)}/fullchain.pem`),
    host.status(`${liveFolder(name)}/privkey.pem`),
  ]);
  if (chain === undefined || key === undefined) return undefined;
  return parse(chain);
}

/** @param pem one or more certificates; the first counts */
export function parse(pem: string): InstalledCertificate | undefined {
  try {
    const certificate = new X509Certificate(pem);
    return {
      serial: certificate.serialNumber,
      names: [...(certificate.subjectAltName ?? '').matchAll(/DNS:([^,\s]+)/g)].map(([, name]) => name ?? ''),
      expires: Date.parse(certificate.validTo),
    };
  } catch {
    return undefined;
  }
}

/** @returns what keeps the certificate from serving these names, `undefined` when it does. */
export async function certificateMissing(host: Host, names: readonly string[]): Promise<string | undefined> {
  const [domain = ''] = names;
  const certificate = await installedCertificate(host, domain);
  if (certificate === undefined) return 'there is none yet';
  if (certificate.expires < Date.now())
    return `it ended on ${new Date(certificate.expires).toISOString().slice(0, 10)}`;
  const lacking = names.filter((name) => !certificate.names.includes(name));
  return lacking.length === 0 ? undefined : `it does not name ${lacking.join(', ')}`;
}
