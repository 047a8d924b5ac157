import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Report } from './tools.ts';

/** The one folder that outlives a rehearsal: `$STUDIO_REHEARSAL_CACHE`, or `~/.cache/studio-setup-rehearsal`. */
export function cacheFolder(): string {
  return process.env.STUDIO_REHEARSAL_CACHE ?? join(homedir(), '.cache', 'studio-setup-rehearsal');
}

export interface Part {
  /** One word; the folder in the cache is named by it and by the hash of the recipe. */
  readonly name: string;
  /** What a first-time user reads while it is built. */
  readonly what: string;
  /** Everything that decides what is built, as JSON. */
  readonly recipe: unknown;
  /** Fills an empty folder. It is renamed afterwards, so nothing in it may name the folder itself. */
  build(folder: string): Promise<void>;
}

/**
 * Gives the folder of a part, building it first when no part of the same recipe is there. A build that was interrupted
 * leaves nothing that a later one takes for whole; two processes that want the same part build it once.
 */
export async function cached(part: Part, report: Report): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(part.recipe)).digest('hex').slice(0, 12);
  const folder = join(cacheFolder(), `${part.name}-${hash}`);
  if (await exists(folder)) return folder;
  await mkdir(cacheFolder(), { recursive: true });
  const unlock = await lock(join(cacheFolder(), `${part.name}.lock`));
  try {
    if (await exists(folder)) return folder;
    const unfinished = `${folder}.unfinished`;
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished);
    report(`Building once: ${part.what}`);
    const started = Date.now();
    await part.build(unfinished);
    await rename(unfinished, folder);
    report(`Built in ${((Date.now() - started) / 1000).toFixed(0)} s: ${part.what}`);
    return folder;
  } finally {
    unlock();
  }
}

/** Takes a lock that the kernel gives back when this process ends, however it ends. Resolves to what releases it. */
async function lock(file: string): Promise<() => void> {
  const holder = spawn('flock', [file, 'sh', '-c', 'echo locked; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await new Promise<void>((resolve, reject) => {
    holder.stdout.once('data', () => resolve());
    holder.once('error', reject);
    holder.once('exit', (code) => reject(new Error(`flock ${file} ended with ${code}`)));
  });
  return () => holder.stdin.end();
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
