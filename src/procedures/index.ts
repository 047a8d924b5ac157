import { meilisearchKey } from './meilisearch-key.ts';
import type { ProcedureKind } from './procedure.ts';
import { secretKey } from './secret-key.ts';

/** What `rotate` makes anew, by what is typed. */
export const rotations: Readonly<Record<string, ProcedureKind>> = {
  'meilisearch-key': meilisearchKey,
  'secret-key': secretKey,
};

/** Every kind of procedure; a record or a trace of something pending is looked up here. */
export const procedures: readonly ProcedureKind[] = [...Object.values(rotations)];
