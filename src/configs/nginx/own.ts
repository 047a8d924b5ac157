import { parseDomain } from '../domain.ts';

export interface OperatorNames {
  readonly domain: string;
  /** Further names of the same site, `www.…` say. */
  readonly extraNames: readonly string[];
}

/**
 * All names of the site, the main one first, each once. Checked here too: `nginx -t` would accept a hostile one.
 * @throws {TypeError} for anything that is not a plain host name.
 */
export function namesOfOwnServers({ domain, extraNames }: OperatorNames): string[] {
  return [...new Set([domain, ...extraNames].map(safeName))];
}

/** @throws {TypeError} for anything that is not a plain host name in lower case. */
export function safeName(name: string): string {
  const parsed = parseDomain(name);
  if (!parsed.ok || parsed.domain !== name) throw new TypeError(`not a host name: ${JSON.stringify(name)}`);
  return name;
}

/** @throws {TypeError} for a path that is not absolute or has characters that mean something to nginx. */
export function safePath(path: string): string {
  if (!/^(\/[\w.-]+)+\/?$/.test(path) || path.split('/').includes('..')) {
    throw new TypeError(`not a plain absolute path: ${JSON.stringify(path)}`);
  }
  return path;
}

/** @throws {TypeError} for what is no name of a certificate at certbot, or could mean something to nginx. */
export function safeCertificate(name: string): string {
  if (!/^\w[\w.-]*$/.test(name)) throw new TypeError(`not a certificate's name: ${JSON.stringify(name)}`);
  return name;
}
