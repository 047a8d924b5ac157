import { writeRecord } from '../output/json.ts';
import type { FrontEnd } from './reporter.ts';

/** Every event as one line of JSON, versioned. */
export const jsonEvents: FrontEnd = {
  emit: writeRecord,
  async end() {},
};
