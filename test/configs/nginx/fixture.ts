import { readFileSync } from 'node:fs';

/** @returns the repository's nginx_studio.conf as it was once: `first`, `documented`, `later`, … */
export function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/nginx/${name}.conf`, import.meta.url), 'utf8');
}
