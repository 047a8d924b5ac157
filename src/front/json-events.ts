import type { FrontEnd } from './front-end.ts';
import { writeRecord } from './json.ts';

/** Every event as one line of JSON, versioned. */
export const jsonEvents: FrontEnd = {
  emit: writeRecord,
  async end() {},
};
