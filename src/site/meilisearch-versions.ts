/**
 * What differs between versions of Meilisearch, as far as the product has to know. Read in its sources and tried on its
 * real binaries: docs/traps.md. Versions are three numbers: `0.25.2`.
 */

import { isAtLeast } from '../text/version.ts';

/** From 0.26 on `--no-analytics true` ends the process with code 2; the variable is taken by every version. */
export function refusesFlagWithValue(version: string): boolean {
  return isAtLeast(version, '0.26');
}

/** From 0.30 on each start makes the folder of dumps, in `/` where none is named: that ends a service that is not root's. */
export function makesFolders(version: string): boolean {
  return isAtLeast(version, '0.30');
}

/** @returns the variables that name the folders of dumps and of snapshots; the other spelling of the first does nothing. */
export function folderVariables(version: string): { readonly dumps: string; readonly snapshots: string } {
  return {
    dumps: isAtLeast(version, '1.0') ? 'MEILI_DUMP_DIR' : 'MEILI_DUMPS_DIR',
    snapshots: 'MEILI_SNAPSHOT_DIR',
  };
}

/** Bytes that a master key needs in production, from 1.0 on; before, any will do. */
const MASTER_KEY_BYTES = 16;

/** @returns how many bytes a master key must have for this version to start. */
export function masterKeyBytes(version: string): number {
  return isAtLeast(version, '1.0') ? MASTER_KEY_BYTES : 0;
}

/**
 * @param found what the data folder's VERSION file says; `undefined` for data without one, which 0.24 and earlier write
 * @returns whether this version opens that data: before 1.13 major and minor must be equal, with 1.13 the patch must not be
 *   newer as well, from 1.14 on all three must be equal
 */
export function opensData(version: string, found: string | undefined): boolean {
  if (!isAtLeast(version, '0.25')) return found === undefined;
  if (found === undefined) return false;
  if (isAtLeast(version, '1.14')) return found === version;
  const sameMinor = minor(found) === minor(version);
  return isAtLeast(version, '1.13') ? sameMinor && isAtLeast(version, found) : sameMinor;
}

function minor(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}
