import type { Planned } from '../engine/plan.ts';
import type { Host } from '../host/host.ts';
import { downloadSize } from '../requirements/apt.ts';

const MEGABYTE = 1_000_000;

/**
 * What the changes of a plan download. Writes nothing; asks apt.
 * @returns it in words, sizes where they are known before; `undefined` where nothing is downloaded
 */
export async function downloadsOf(host: Host, planned: readonly Planned[]): Promise<string | undefined> {
  const changing = planned.filter(({ observation }) => observation !== undefined);
  const debian = await Promise.all(changing.map(({ node }) => node.operation.packages?.missing(host) ?? []));
  const packages = [...new Set(debian.flat())];
  const others = changing.flatMap(({ node }) => node.operation.downloads ?? []);
  const all = [...(packages.length === 0 ? [] : [await debianWords(host, packages)]), ...others];
  return all.length === 0 ? undefined : all.join(', ');
}

async function debianWords(host: Host, packages: readonly string[]): Promise<string> {
  const bytes = await downloadSize(host, packages);
  // Without lists, apt knows no size; with all of it in its cache, there is none.
  if (bytes === undefined) return 'Debian packages';
  return `${Math.ceil(bytes / MEGABYTE)} MB of Debian packages`;
}
