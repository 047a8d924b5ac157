import { writeRecord } from '../output/json.ts';
import type { Reporter } from './reporter.ts';

/** Every event as one line of JSON, versioned. */
export const jsonEvents: Reporter = {
  emit: writeRecord,
  async end() {},
};
