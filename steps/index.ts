import type { Section } from '../src/engine/section.ts';
import { CODE } from '../src/site/roles.ts';
import backgroundTasks from './background-tasks.ts';
import certificate from './certificate.ts';
import configurationFiles from './configuration-files.ts';
import database from './database.ts';
import { sectionFor, sectionOfHttps } from './for-roles.ts';
import meilisearch from './meilisearch.ts';
import migrate from './migrate.ts';
import nginx from './nginx.ts';
import ownership from './ownership.ts';
import periodicTasks from './periodic-tasks.ts';
import { requirements } from './requirements.ts';
import settings from './settings.ts';
import startNginx from './start-nginx.ts';
import uwsgi from './uwsgi.ts';
import verify from './verify.ts';
import virtualenv from './virtualenv.ts';
import workingDirectory from './working-directory.ts';

const behindRequirements: readonly Section[] = [
  sectionFor(CODE, workingDirectory),
  sectionFor(CODE, virtualenv),
  sectionFor(CODE, settings),
  database,
  sectionFor(CODE, migrate),
  sectionFor(CODE, configurationFiles),
  sectionFor(CODE, ownership),
  meilisearch,
  sectionFor(['web'], uwsgi),
  sectionFor(['web'], nginx),
  sectionFor(['web'], sectionOfHttps(certificate)),
  sectionFor(['web'], startNginx),
  sectionFor(CODE, backgroundTasks),
  sectionFor(CODE, periodicTasks),
  verify,
];

/** Every section, in the document's order. */
export const sections: readonly Section[] = [requirements(behindRequirements), ...behindRequirements];
