/**
 * `npm run release-notes -- TAG`: prints what the changelog says of the version that package.json and the tag name.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { productVersion } from '../src/app/version.ts';

/**
 * @param changelog in the form of Keep a Changelog: `## [0.1.0] - 2026-12-01`
 * @returns the version's section, without its heading
 * @throws Error when there is none, or nothing in it
 */
export function releaseNotes(changelog: string, version: string): string {
  const [, ...sections] = changelog.split(/^## /m);
  const section = sections.find((text) => text.startsWith(`[${version}]`));
  const notes = section?.slice(section.indexOf('\n')).trim();
  if (!notes) throw new Error(`CHANGELOG.md says nothing under "## [${version}]".`);
  return `${notes}\n`;
}

if (import.meta.main) {
  const [, , tag] = process.argv;
  const version = productVersion();
  if (tag !== `v${version}`) throw new Error(`The tag is ${tag}, and package.json names ${version}.`);
  const changelog = await readFile(path.join(import.meta.dirname, '..', 'CHANGELOG.md'), 'utf8');
  process.stdout.write(releaseNotes(changelog, version));
}
