import { X509Certificate } from 'node:crypto';
import type { Host, HttpAnswer } from '../host/host.ts';

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

/** Milliseconds; a busy site answers late. */
const PATIENCE_MS = 10_000;

/**
 * Asks nginx on this server for the domain's front page, wherever the name leads; once until something changes.
 * @returns the answer, with the certificate that nginx presented
 */
export function answerHere(host: Host, domain: string): Promise<HttpAnswer> {
  return host.once(`https://${domain}/ on this server`, () =>
    host.request(`https://${domain}/`, { address: '127.0.0.1', timeoutMs: PATIENCE_MS }),
  );
}

/** A certificate below /etc/letsencrypt/live, by certbot's name of it. */
export interface Lineage extends InstalledCertificate {
  readonly name: string;
  /** certbot has a file by which it renews it. Copied ones, and those of lego or acme.sh, have none. */
  readonly managed: boolean;
}

/** Which certificate the site is served with. */
export interface SiteCertificate {
  /** The name at certbot that it has, or will get. */
  readonly name: string;
  /** What nginx can be given now; it may have another name, until there is one of its own. */
  readonly installed?: Lineage;
  /** Why one has to be issued, in words; absent: nothing is missing. */
  readonly missing?: string;
}

/** @returns all certificates that are there with their keys */
export function lineages(host: Host): Promise<readonly Lineage[]> {
  return host.once('lineages', async () => {
    const found: Lineage[] = [];
    for (const name of await host.list('/etc/letsencrypt/live')) {
      // It goes into nginx's configuration as it is.
      const installed = /^\w[\w.-]*$/.test(name) ? await installedCertificate(host, name) : undefined;
      if (installed === undefined) continue;
      const managed = (await host.status(`/etc/letsencrypt/renewal/${name}.conf`)) !== undefined;
      found.push({ ...installed, name, managed });
    }
    return found;
  });
}

/** @param names of the site, its domain first */
export async function siteCertificate(host: Host, names: readonly string[]): Promise<SiteCertificate> {
  return chooseCertificate(await lineages(host), names, Date.now());
}

/**
 * One that covers all names and is renewed is taken, whoever else it is for: the one named by the domain, else the one that
 * ends last. Else one has to be issued; its name is the domain, unless that is the name of one that serves others too, whose
 * names certbot would replace, or of one that certbot knows nothing of, where it refuses.
 * @param now milliseconds since the epoch
 */
export function chooseCertificate(
  all: readonly Lineage[],
  names: readonly string[],
  now: number,
): SiteCertificate {
  const [domain = ''] = names;
  const byEnd = all.toSorted(
    (a, b) => Number(b.name === domain) - Number(a.name === domain) || b.expires - a.expires,
  );
  const covering = byEnd.filter((each) => names.every((name) => isFor(each, name)));
  const good = covering.find((each) => each.managed && each.expires >= now);
  if (good !== undefined) return { name: good.name, installed: good };
  const name = nameToIssue(all, names);
  // One that has ended, or lacks a name, still serves better than none.
  const installed =
    covering.find((each) => each.expires >= now) ??
    covering[0] ??
    byEnd.find((each) => each.name === name) ??
    byEnd.find((each) => isFor(each, domain));
  const missing = whyIssued(all, names, name, now);
  return { name, missing, ...(installed === undefined ? {} : { installed }) };
}

/** @returns the first name that is free, or that of a certificate of nobody else's which certbot can add names to */
function nameToIssue(all: readonly Lineage[], names: readonly string[]): string {
  const [domain = ''] = names;
  const own = [domain, ...numbered(domain)].find((name) => {
    const there = all.find((each) => each.name === name);
    return there === undefined || (there.managed && there.names.every((each) => names.includes(each)));
  });
  return own ?? domain;
}

/** certbot's own way of naming a second one. */
function numbered(domain: string): readonly string[] {
  return Array.from({ length: 99 }, (_, index) => `${domain}-${String(index + 1).padStart(4, '0')}`);
}

/** A wildcard covers one label (RFC 6125, 6.4.3). */
export function isFor({ names }: Pick<InstalledCertificate, 'names'>, name: string): boolean {
  return names.includes(name) || names.includes(name.replace(/^[^.]+/, '*'));
}

function whyIssued(all: readonly Lineage[], names: readonly string[], name: string, now: number): string {
  const [domain = ''] = names;
  const there = all.find((each) => each.name === name);
  const taken = all.find((each) => each.name === domain);
  if (there === undefined && taken !== undefined && name !== domain) {
    const others = taken.names.filter((each) => !names.includes(each));
    return taken.managed
      ? `the one named ${domain} is also for ${others.join(', ')}, and is kept: the site gets ${name}`
      : `the one in ${liveFolder(domain)} is not renewed by certbot: the site gets ${name}`;
  }
  if (there === undefined) return 'there is none yet';
  if (there.expires < now) return `it expired on ${new Date(there.expires).toISOString().slice(0, 10)}`;
  return `it does not name ${names.filter((each) => !isFor(there, each)).join(', ')}`;
}

/** @returns what keeps the certificate from serving these names, `undefined` when it does. */
export async function certificateMissing(host: Host, names: readonly string[]): Promise<string | undefined> {
  return (await siteCertificate(host, names)).missing;
}
