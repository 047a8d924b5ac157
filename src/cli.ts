import { EXIT } from './app/exit-code.ts';
import { MEASURED_INSTALL } from './app/measured-install.ts';
import { ownExecutable } from './app/own-program.ts';
import { hostPreconditions } from './app/preconditions.ts';
import { HOST_PATHS } from './app/product.ts';
import { bundledReleases } from './app/releases/bundled.ts';
import { productVersion } from './app/version.ts';
import type { Section } from './engine/section.ts';
import { main } from './main.ts';

/** Asked once: whoever compares sections compares the same ones. */
let sections: Promise<readonly Section[]> | undefined;

function theSections(): Promise<readonly Section[]> {
  sections ??= loadSections();
  return sections;
}

async function documentedSections(): Promise<readonly Section[]> {
  return (await import('../steps/index.ts')).sections;
}

async function loadSections(): Promise<readonly Section[]> {
  const { sectionsOfHost } = await import('./app/sections-of-host.ts');
  return sectionsOfHost(await documentedSections(), HOST_PATHS.state);
}

// Should Node find nothing more to wait for before the end is reached, that is no success.
process.exitCode = EXIT.failed;
void main(process.argv.slice(2), {
  version: productVersion(),
  releases: bundledReleases(),
  executable: ownExecutable(),
  paths: HOST_PATHS,
  sections: theSections,
  documented: documentedSections,
  checks: async () => (await import('./checks/index.ts')).checksOf(await theSections()),
  procedures: async () => (await import('./procedures/index.ts')).procedures,
  measured: MEASURED_INSTALL,
  preconditions: hostPreconditions,
}).then((code) => {
  process.exitCode = code;
});
