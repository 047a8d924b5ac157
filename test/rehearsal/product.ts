import { copyFile, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, cacheFolder } from './cache.ts';
import { must } from './process.ts';
import type { Rehearsal } from './rehearsal.ts';
import { contentHash } from './sources.ts';
import type { Report } from './tools.ts';

const project = join(import.meta.dirname, '..', '..');

/** All that the executable is made from, relative to this folder. */
const sources = ['../../{src,steps,templates,components,scripts}/**/*', '../../package-lock.json'];

/** Packages the product as a single executable, unless these very sources were packaged before, and gives its path. */
export async function productExecutable(report: Report): Promise<string> {
  const folder = await cached(
    {
      name: 'product',
      what: 'the product, as one executable',
      recipe: { source: await contentHash(sources) },
      build: async (target) => {
        await must([process.execPath, 'scripts/executable.ts'], { cwd: project });
        await copyFile(join(project, 'dist', 'studio-setup'), join(target, 'studio-setup'));
        await forgetOlder();
      },
    },
    report,
  );
  return join(folder, 'studio-setup');
}

/** Puts the product where an operator would: `/usr/local/bin/studio-setup` on the host. */
export async function installProduct(host: Rehearsal, report: Report): Promise<void> {
  await host.push(await productExecutable(report), '/usr/local/bin/studio-setup', '755');
}

/** Each state of the sources leaves 150 MB. One that was used an hour ago nobody is about to push. */
async function forgetOlder(): Promise<void> {
  for (const name of await readdir(cacheFolder())) {
    const folder = join(cacheFolder(), name);
    const hour = 3_600_000;
    if (!name.startsWith('product-') || Date.now() - (await stat(folder)).mtimeMs < hour) continue;
    await rm(folder, { recursive: true, force: true });
  }
}
