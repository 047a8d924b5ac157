import type { Section } from '../src/engine/section.ts';
import { BACKGROUND_SERVICE } from '../src/operations/services.ts';
import { runningUnit } from '../src/operations/unit.ts';
import { BEFORE_THE_SITE } from './uwsgi.ts';

const section: Section = {
  id: 'background-tasks',
  title: 'Background tasks',
  heading: 'Configuration files › Background tasks',
  summary: 'Sends e-mails, talks to Blender ID and handles videos, apart from the requests of visitors.',
  needs: BEFORE_THE_SITE,
  questions: [],
  operations: () => [
    runningUnit({
      id: 'background-tasks/service',
      ...BACKGROUND_SERVICE,
      covers: ['files-first', 'background-enable', 'background-start'],
    }),
  ],
};
export default section;
