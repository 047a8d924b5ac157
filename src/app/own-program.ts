import path from 'node:path';
import { isSea } from 'node:sea';

/** @returns absolute path of the single executable that this is; `undefined` where Node runs the sources or the bundle */
export function ownExecutable(): string | undefined {
  return isSea() ? process.execPath : undefined;
}

/** @returns how this very product is started: the executable, or Node with the bundle; absolute paths */
export function ownProgram(): readonly string[] {
  return isSea() ? [process.execPath] : [process.execPath, path.resolve(process.argv[1] ?? '')];
}
