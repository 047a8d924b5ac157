import type { Section } from '../src/engine/section.ts';

/** Nothing is changed here: the run ends with the scorecard of `src/checks/`, the same that `doctor` shows. */
const section: Section = {
  id: 'verify',
  title: 'Verify',
  heading: 'all of it, as a visitor sees the result',
  summary:
    'Checks the result: the site over HTTPS by name, a page from the database, a search, every service and timer, and what starts after a reboot.',
  needs: ['periodic-tasks', 'background-tasks', 'start-nginx', 'uwsgi', 'meilisearch'],
  questions: [],
  operations: () => [],
};
export default section;
