import path from 'node:path';
import { isSea } from 'node:sea';

/** @returns how this very product is started: the executable, or Node with the bundle; absolute paths */
export function ownProgram(): readonly string[] {
  return isSea() ? [process.execPath] : [process.execPath, path.resolve(process.argv[1] ?? '')];
}
