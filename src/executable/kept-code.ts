import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { isRoots } from '../host/within.ts';

/** Opening a pipe that stands in the file's place would wait for whoever writes to it. */
const READ = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Compiled code runs as root, and V8 takes it as it is. So it counts only if nobody but root can have written it, and if it is whole.
 * @param file absolute path
 * @param build names the build whose code it has to be: hexadecimal digits
 * @returns the code; `undefined` where none is that fits. Never throws
 */
export function keptCode(file: string, build: string): Buffer | undefined {
  let opened: number | undefined;
  try {
    if (!isRootsFolder(path.dirname(file))) return undefined;
    opened = openSync(file, READ);
    const status = fstatSync(opened);
    if (!status.isFile() || !isRoots(status)) return undefined;
    const all = readFileSync(opened);
    const code = all.subarray(0, -sealOf(build, all).length);
    return all.subarray(code.length).equals(sealOf(build, code)) ? code : undefined;
  } catch {
    return undefined;
  } finally {
    if (opened !== undefined) closeSync(opened);
  }
}

/**
 * Keeps compiled code in the place of what stands there. It only saves time: where it can't be kept, nothing is said. Where the
 * folder is missing nothing was ever set up, and nothing is left behind.
 * @param file absolute path
 * @param build names the build whose code it is: hexadecimal digits
 * @param make called only where the code can be kept
 */
export function keepCode(file: string, build: string, make: () => Buffer): void {
  if (process.geteuid?.() !== 0) return;
  const unfinished = `${file}.new`;
  try {
    if (!isRootsFolder(path.dirname(file))) return;
    const code = make();
    // A kill may have left one.
    rmSync(unfinished, { force: true });
    writeFileSync(unfinished, Buffer.concat([code, sealOf(build, code)]), { flag: 'wx', mode: 0o600 });
    renameSync(unfinished, file);
  } catch {
    forget(unfinished);
  }
}

function forget(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // A disk that can't be written to.
  }
}

function isRootsFolder(folder: string): boolean {
  const status = lstatSync(folder);
  return status.isDirectory() && isRoots(status);
}

/** Stands after the code: V8 itself does not look whether code is damaged. Of fixed length. */
function sealOf(build: string, code: Buffer): Buffer {
  // Loaded only by starts that come here.
  const { crc32 } = process.getBuiltinModule('node:zlib');
  return Buffer.from(`${build} ${crc32(code).toString(16).padStart(8, '0')}\n`);
}
