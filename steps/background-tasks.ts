import type { Section } from '../src/engine/section.ts';
import { runningUnit } from '../src/operations/unit.ts';
import { SETTINGS } from '../src/site/layout.ts';
import { MIGRATED } from './migrate.ts';

const section: Section = {
  id: 'background-tasks',
  title: 'Background tasks',
  heading: 'Configuration files › Background tasks',
  summary: 'Sends e-mails, talks to Blender ID and handles videos, apart from the requests of visitors.',
  needs: ['configuration-files', 'ownership', 'settings', ...MIGRATED, 'meilisearch/keys'],
  questions: [],
  operations: () => [
    runningUnit({
      id: 'background-tasks/service',
      unit: 'studio-background.service',
      covers: ['files-first', 'background-enable', 'background-start'],
      watches: [SETTINGS],
    }),
  ],
};
export default section;
