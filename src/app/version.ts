import { readFileSync } from 'node:fs';

/** Put in place by the build (esbuild's `define`). */
declare const BUNDLED_VERSION: string | undefined;

/** @returns the version in package.json */
export function productVersion(): string {
  if (typeof BUNDLED_VERSION !== 'undefined') return BUNDLED_VERSION;
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
