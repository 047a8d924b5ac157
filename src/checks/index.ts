import type { Check } from './check.ts';
import { searchAnswers, searchKeysMatch } from './search.ts';
import { secretsAreClosed } from './secrets.ts';
import { services, survivesReboot, timers } from './units.ts';
import { certificateIsServed, databasePage, httpRedirects, httpsAnswers, productionSettings } from './web.ts';

/** The scorecard: what `doctor` runs and what a run ends with, in this order. */
export const checks: readonly Check[] = [
  httpsAnswers,
  certificateIsServed,
  httpRedirects,
  databasePage,
  productionSettings,
  searchAnswers,
  searchKeysMatch,
  ...services,
  ...timers,
  survivesReboot,
  secretsAreClosed,
];
