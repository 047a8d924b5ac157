import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { packageOf } from './copyright.ts';
import { NODE_PACKAGE, NODE_VERSION } from './runtimes.ts';

const root = path.join(import.meta.dirname, '..');

/** The part of CycloneDX 1.5 that is changed here. */
interface Bom {
  serialNumber?: string;
  metadata: { timestamp: string; component: { 'bom-ref': string; type: string; name: string } };
  components: { 'bom-ref': string; name: string }[];
  dependencies: { ref: string; dependsOn: string[] }[];
}

/**
 * What is built in, as npm describes it from package-lock.json, without what differs each time. `npm sbom --omit dev` is no way to
 * get it: npm 11.19 leaves out what a tool of development needs as well, yaml and zod. Node's CPE is the one that its
 * vulnerabilities are published under (nvd.nist.gov).
 * @param folders of the npm packages that are built in, Node's among them: absolute paths
 * @param epoch seconds since 1970
 * @returns JSON in CycloneDX's form
 * @throws Error when npm does not know one of the packages
 */
export async function sbomText(folders: readonly string[], epoch: number): Promise<string> {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only'];
  const { stdout } = await promisify(execFile)('npm', args, { cwd: root, maxBuffer: 2 ** 26 });
  const bom = JSON.parse(stdout) as Bom;
  const { component } = bom.metadata;
  const packages = await Promise.all(folders.map(packageOf));
  const builtIn = packages.map(({ name, version }) => `${name}@${version}`);
  const known = bom.components.map((each) => each['bom-ref']);
  const unknown = builtIn.filter((ref) => !known.includes(ref));
  if (unknown.length > 0) throw new Error(`npm sbom does not name what is built in: ${unknown.join(', ')}`);
  delete bom.serialNumber;
  bom.metadata.timestamp = new Date(epoch * 1000).toISOString();
  // npm takes the name of the folder for that of the program, and knows libraries only.
  Object.assign(component, { name: 'studio-setup', type: 'application' });
  bom.components = bom.components.filter((each) => builtIn.includes(each['bom-ref']));
  for (const each of bom.components.filter(({ name }) => name === NODE_PACKAGE))
    Object.assign(each, { type: 'platform', cpe: `cpe:2.3:a:nodejs:node.js:${NODE_VERSION}:*:*:*:*:*:*:*` });
  const listed = [component['bom-ref'], ...builtIn];
  bom.dependencies = bom.dependencies
    .filter(({ ref }) => listed.includes(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => listed.includes(each)) }));
  return `${JSON.stringify(bom, undefined, 2)}\n`;
}
