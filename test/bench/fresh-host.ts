import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answersFile, writeAnswers } from '../rehearsal/answers.ts';
import type { Link } from '../rehearsal/recipe.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';

/** The one name of the site here: the document knows no others. */
const domain = 'studio.example.org';

/** The product as typed on the host, up to the command's name. */
export const product = ['/usr/local/bin/studio-setup'] as const;
/** What makes it ask nothing. */
export const unattended = ['--answers', answersFile, '--yes'] as const;

/** Node alone on the host, to compare a start with. It lies apart, so that nothing else finds it. */
export const node = ['/opt/node/node'] as const;

/**
 * Boots a fresh host, runs `use` on it, and ends it in any case.
 * @param link between the host and its internet; as fast as memory when not given
 */
export async function withFreshHost<Result>(
  use: (host: Rehearsal) => Promise<Result>,
  link?: Link,
): Promise<Result> {
  const host = await startRehearsal({ report: (line) => console.error(line), ...(link && { link }) });
  try {
    return await use(host);
  } finally {
    await host.stop();
  }
}

/** Puts the product and its answers on the host: no integrations, one name, secrets generated, as `document.sh` does. */
export async function putProduct(host: Rehearsal, executable: string): Promise<void> {
  await host.push(executable, product[0], '755');
  await writeAnswers(host, { domain, extraNames: [], integrations: 'skipped', secrets: 'generate' });
}

/** Puts Node itself on the host. */
export async function putNode(host: Rehearsal): Promise<void> {
  await host.push(process.execPath, '/opt/node/node', '755');
}

/** Puts the document as a script on the host, and gives its command and environment. */
export async function putDocument(host: Rehearsal) {
  await host.push(join(import.meta.dirname, 'document.sh'), '/root/document.sh', '755');
  return { argv: ['/root/document.sh'], env: await documentVariables(host) };
}

/** What an operator of the document has to know, by the names that `document.sh` has for it. */
export async function documentVariables(host: Rehearsal) {
  const release = await host.internet.meilisearch('0.25.2');
  return {
    DOMAIN: domain,
    EMAIL: 'admin@example.org',
    REPOSITORY: host.internet.git.url,
    ACME: host.internet.acmeDirectory,
    MEILISEARCH: release.url,
  };
}

/**
 * Asks the host for everything that an installation has to end in; the same for the product and the document.
 * @throws {Error} naming the first proof that fails
 */
export async function prove(host: Rehearsal): Promise<void> {
  const script = await readFile(join(import.meta.dirname, 'proofs.sh'), 'utf8');
  const { code, stdout, stderr } = await host.exec(['bash', '-c', script], { env: { DOMAIN: domain } });
  if (code !== 0) throw new Error(`${stdout}${stderr}`.trim());
}
