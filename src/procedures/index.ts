import { changeDomain } from './change-domain/change-domain.ts';
import { databasePassword } from './database-password.ts';
import { meilisearchKey } from './meilisearch-key.ts';
import type { ProcedureKind } from './procedure.ts';
import { secretKey } from './secret-key.ts';

/** Every kind of procedure; a record or a transaction record of something pending is looked up here. */
export const procedures: readonly ProcedureKind[] = [
  meilisearchKey,
  secretKey,
  databasePassword,
  changeDomain,
];
