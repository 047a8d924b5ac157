import { describe, expect, test } from 'vitest';
import {
  folderVariables,
  makesFolders,
  masterKeyBytes,
  opensData,
  refusesFlagWithValue,
} from '../../src/site/meilisearch-versions.ts';
import { MEILISEARCH_VERSIONS, type MeilisearchVersion } from '../rehearsal/meilisearch/release.ts';

describe('which data a version opens', () => {
  test.each<readonly [string, string | undefined, boolean]>([
    ['0.24.0', undefined, true],
    ['0.24.0', '0.25.2', false],
    ['0.25.2', undefined, false],
    ['0.25.2', '0.25.0', true],
    ['0.25.2', '0.25.9', true],
    ['0.25.2', '0.26.1', false],
    ['0.30.5', '0.30.0', true],
    ['1.0.2', '0.30.5', false],
    ['1.12.8', '1.12.0', true],
    ['1.12.8', '1.11.3', false],
    ['1.13.0', '1.12.8', false],
    ['1.13.3', '1.13.0', true],
    ['1.13.0', '1.13.3', false],
    ['1.14.0', '1.14.0', true],
    ['1.14.0', '1.13.3', false],
    ['1.14.1', '1.14.0', false],
    ['1.14.0', '1.14.1', false],
    ['1.50.0', '1.50.0', true],
    ['1.50.0', '1.49.0', false],
    ['1.50.0', undefined, false],
    ['2.0.0', '1.50.0', false],
  ])('%s and data of %s: %s', (version, found, wanted) => {
    expect(opensData(version, found)).toBe(wanted);
  });
});

/** One column of the facts for each version: refuses the flag, makes folders, variable of dumps, bytes of the master key. */
const facts: Record<MeilisearchVersion, readonly [boolean, boolean, string, number]> = {
  '0.24.0': [false, false, 'MEILI_DUMPS_DIR', 0],
  '0.25.2': [false, false, 'MEILI_DUMPS_DIR', 0],
  '0.26.1': [true, false, 'MEILI_DUMPS_DIR', 0],
  '0.27.2': [true, false, 'MEILI_DUMPS_DIR', 0],
  '0.28.1': [true, false, 'MEILI_DUMPS_DIR', 0],
  '0.30.5': [true, true, 'MEILI_DUMPS_DIR', 0],
  '1.12.8': [true, true, 'MEILI_DUMP_DIR', 16],
  '1.14.0': [true, true, 'MEILI_DUMP_DIR', 16],
  '1.50.0': [true, true, 'MEILI_DUMP_DIR', 16],
};

test.each(MEILISEARCH_VERSIONS)('what %s wants', (version) => {
  expect([
    refusesFlagWithValue(version),
    makesFolders(version),
    folderVariables(version).dumps,
    masterKeyBytes(version),
  ]).toEqual(facts[version]);
});
