import type { Section } from '../src/engine/section.ts';
import { stoppedUnit } from '../src/operations/own-units.ts';
import { runningService } from '../src/operations/unit.ts';
import { hasAnyRole } from '../src/site/roles.ts';
import { SERVICES } from '../src/site/services.ts';
import { BEFORE_THE_SITE } from './uwsgi.ts';

const section: Section = {
  id: 'background-tasks',
  title: 'Background tasks',
  heading: 'Configuration files › Background tasks',
  summary: 'Sends e-mail, talks to Blender ID and processes videos, outside of web requests.',
  // What is installed into the virtualenv after its start would count as code that it runs without.
  needs: [...BEFORE_THE_SITE, 'uwsgi/pyuwsgi'],
  questions: [],
  operations: (answers) =>
    hasAnyRole(answers, 'background')
      ? [
          runningService(SERVICES['studio-background'], {
            id: 'background-tasks/service',
            covers: ['files-first', 'background-enable', 'background-start'],
          }),
        ]
      : // On two servers they would do the same things twice.
        [stoppedUnit('background-tasks/service', SERVICES['studio-background'].unit)],
};
export default section;
