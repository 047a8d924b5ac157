import { changeDomain } from './change-domain/change-domain.ts';
import { databasePassword } from './database-password.ts';
import { meilisearchKey } from './meilisearch-key.ts';
import type { ProcedureKind } from './procedure.ts';
import { secretKey } from './secret-key.ts';

/** What `rotate` makes anew, by what is typed. */
export const rotations: Readonly<Record<string, ProcedureKind>> = {
  'meilisearch-key': meilisearchKey,
  'secret-key': secretKey,
  'database-password': databasePassword,
};

/** Every kind of procedure; a record or a trace of something pending is looked up here. */
export const procedures: readonly ProcedureKind[] = [...Object.values(rotations), changeDomain];
