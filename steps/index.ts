import type { Section } from '../src/engine/section.ts';
import { CODE, endsHttps } from '../src/site/roles.ts';
import backgroundTasks from './background-tasks.ts';
import certificate from './certificate.ts';
import configurationFiles from './configuration-files.ts';
import database from './database.ts';
import { having, sectionWhere } from './for-roles.ts';
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
  sectionWhere(having(...CODE), workingDirectory),
  sectionWhere(having(...CODE), virtualenv),
  sectionWhere(having(...CODE), settings),
  sectionWhere(having('database', ...CODE), database),
  sectionWhere(having(...CODE), migrate),
  sectionWhere(having(...CODE), configurationFiles),
  sectionWhere(having(...CODE), ownership),
  sectionWhere(having('search', ...CODE), meilisearch),
  sectionWhere(having('web'), uwsgi),
  sectionWhere(having('web'), nginx),
  sectionWhere(endsHttps, certificate),
  sectionWhere(having('web'), startNginx),
  sectionWhere(having(...CODE), backgroundTasks),
  sectionWhere(having(...CODE), periodicTasks),
  verify,
];

/** Every section, in the document's order. */
export const sections: readonly Section[] = [requirements(behindRequirements), ...behindRequirements];
