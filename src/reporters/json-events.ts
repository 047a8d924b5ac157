import type { FrontEnd } from './reporter.ts';
import { writeRecord } from '../output/json.ts';

/** Every event as one line of JSON, versioned. */
export const jsonEvents: FrontEnd = {
  emit: writeRecord,
  async end() {},
};
