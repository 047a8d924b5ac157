import { constants } from 'node:fs';
import { lstat, mkdir, mkdtemp, open, readFile, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { childEnvironment } from '../../host/environment.ts';
import { failureOf } from '../../host/live-host.ts';
import { runProcess } from '../../host/process.ts';
import { shellOf } from '../../host/shell.ts';
import { within } from '../../host/within.ts';
import { ProblemError } from '../../output/problem.ts';
import type { Bundle } from './bundle.ts';

/** Milliseconds that tar may take for a few megabytes. */
const TAR_TIMEOUT_MS = 120_000;

/**
 * @param asked a file that is not there yet, or a folder; relative to the current one
 * @param now names the file where only its folder is known
 * @returns the absolute path of the archive
 * @throws ProblemError when something stands there already, or its folder is none
 */
export async function archivePath(asked = '.', now = new Date()): Promise<string> {
  const given = path.resolve(asked);
  const isFolder = (await stat(given).catch(() => undefined))?.isDirectory() === true;
  const file = isFolder ? path.join(given, nameAt(now)) : given;
  if ((await stat(path.dirname(file)).catch(() => undefined))?.isDirectory() !== true)
    throw new ProblemError({
      what: `${path.dirname(file)} is no folder. Nothing was written.`,
      remedy: 'Name a file in a folder that is there: studio-setup support-bundle /root/support.tar.gz',
    });
  // A link that leads nowhere stands there as well.
  if ((await lstat(file).catch(() => undefined)) !== undefined) throw standsThere(file);
  return file;
}

/** `studio-setup-support-web1-20261129-143005.tar.gz`, by the server's clock and time zone */
function nameAt(now: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join('');
  return `studio-setup-support-${hostname().split('.')[0]}-${day}-${time}.tar.gz`;
}

function standsThere(file: string): ProblemError {
  return new ProblemError({
    what: `${file} is there already, and is left as it is. Nothing was written.`,
    remedy: 'Name another file, or a folder: studio-setup support-bundle FOLDER',
  });
}

/**
 * Packs a bundle, root's alone (0600). The texts pass through a folder that only root can enter, and that is removed.
 * @param file absolute path of what is not there yet
 * @returns bytes of the archive
 * @throws ProblemError when something stands there, or tar fails
 */
export async function writeArchive({ files }: Bundle, file: string): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-support-'));
  try {
    const name = path.basename(file).replace(/\.tar\.gz$|\.tgz$/, '');
    for (const each of files) {
      const place = path.join(folder, name, each.name);
      await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
      await writeFile(place, each.text, { mode: 0o600 });
    }
    const packed = path.join(folder, 'packed.tar.gz');
    const rights = ['--owner=root', '--group=root', '--mode=u=rwX,go='];
    const argv = [
      'tar',
      '--create',
      '--gzip',
      `--file=${packed}`,
      ...rights,
      `--directory=${folder}`,
      '--',
      name,
    ];
    const result = await runProcess(argv, {
      env: childEnvironment('/root', 'root'),
      timeoutMs: TAR_TIMEOUT_MS,
    });
    if (result.code !== 0) throw new ProblemError(failureOf(shellOf(argv), result));
    const bytes = await readFile(packed);
    await writeNew(file, bytes);
    return bytes.length;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Never through a link, never over what stands there; what can't be written whole is taken away again. */
async function writeNew(file: string, bytes: Uint8Array): Promise<void> {
  await within(file, async (entry) => {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const handle = await open(entry, flags, 0o600).catch((error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' ? standsThere(file) : error;
    });
    try {
      await handle.chmod(0o600);
      await handle.writeFile(bytes);
      await handle.sync();
    } catch (error) {
      await unlink(entry).catch(() => {});
      throw error;
    } finally {
      await handle.close();
    }
  });
}
