import { dataFolderOf, type MeilisearchOptions } from '../configs/meilisearch.ts';
import { execStartProgram } from '../configs/service.ts';
import type { Host } from '../host/host.ts';
import {
  MEILISEARCH_DATA,
  MEILISEARCH_DUMPS,
  MEILISEARCH_KEY_FILE,
  MEILISEARCH_SNAPSHOTS,
} from './layout.ts';
import { installedUnit, wantedProgram } from './meilisearch.ts';
import { folderVariables, makesFolders, refusesFlagWithValue } from './meilisearch-versions.ts';

/**
 * @param unit the repository's meilisearch.service
 * @param installed the unit that is installed: program and data folder that `upgrade` put beside the unit's own stay
 * @returns what this version wants otherwise than the unit has it
 */
export function unitOptions(unit: string, version: string, installed = ''): MeilisearchOptions {
  const { dumps, snapshots } = folderVariables(version);
  const data = dataFolderOf(installed);
  const own = dataFolderOf(unit) ?? MEILISEARCH_DATA;
  return {
    environmentFile: MEILISEARCH_KEY_FILE,
    noAnalyticsByEnvironment: refusesFlagWithValue(version),
    binary: wantedProgram(unit, version, execStartProgram(installed)),
    ...(data !== undefined && isBeside(data, own) ? { data } : {}),
    ...(makesFolders(version)
      ? { folders: { [dumps]: MEILISEARCH_DUMPS, [snapshots]: MEILISEARCH_SNAPSHOTS } }
      : {}),
  };
}

/** @returns the absolute path of the data folder in use: that of the installed unit */
export async function dataFolder(host: Host): Promise<string> {
  return dataFolderOf((await installedUnit(host)) ?? '') ?? MEILISEARCH_DATA;
}

/** What `upgrade` puts behind the name of a data folder: the version, and a number where that name is taken. */
const BESIDE = /-\d+\.\d+\.\d+(-\d+)?$/;

/** @returns whether `upgrade` made this data folder, beside `own` */
function isBeside(data: string, own: string): boolean {
  return data !== own && data.replace(BESIDE, '') === own;
}

/** @returns a data folder for this version beside `data`, of which there is nothing yet */
export async function freeFolder(host: Host, data: string, version: string): Promise<string> {
  const first = `${data.replace(BESIDE, '')}-${version}`;
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? first : `${first}-${number}`;
    if ((await host.status(name)) === undefined) return name;
  }
}
