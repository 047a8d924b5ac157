import type { MeilisearchOptions } from '../configs/meilisearch.ts';
import { MEILISEARCH_DUMPS, MEILISEARCH_KEY_FILE, MEILISEARCH_SNAPSHOTS } from './layout.ts';
import { wantedProgram } from './meilisearch.ts';
import { folderVariables, makesFolders, refusesFlagWithValue } from './meilisearch-versions.ts';

/**
 * @param unit the repository's meilisearch.service
 * @returns what this version wants otherwise than the unit has it
 */
export function unitOptions(unit: string, version: string): MeilisearchOptions {
  const { dumps, snapshots } = folderVariables(version);
  return {
    environmentFile: MEILISEARCH_KEY_FILE,
    noAnalyticsByEnvironment: refusesFlagWithValue(version),
    binary: wantedProgram(unit, version),
    ...(makesFolders(version)
      ? { folders: { [dumps]: MEILISEARCH_DUMPS, [snapshots]: MEILISEARCH_SNAPSHOTS } }
      : {}),
  };
}
