import { SETTINGS, UWSGI_INI } from '../site/layout.ts';
import { workersSince } from '../site/workers.ts';
import { takesOnSettings } from './reload.ts';
import type { RunningUnit } from './unit-wanted.ts';

/** The site itself: what it has read it tells, as it may have been told to reload gracefully since it was started. */
export const SITE_SERVICE = {
  unit: 'studio.service',
  watches: [UWSGI_INI, SETTINGS],
  since: workersSince,
  reload: takesOnSettings,
} satisfies Omit<RunningUnit, 'id'>;

/** What works apart from the requests of visitors; it reads the settings when it starts. */
export const BACKGROUND_SERVICE = {
  unit: 'studio-background.service',
  watches: [SETTINGS],
} satisfies Omit<RunningUnit, 'id'>;
