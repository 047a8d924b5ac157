import { exampleAnswers } from '../../src/engine/example-answers.ts';
import { MEILISEARCH_DATA, SITE_USER, WWW } from '../../src/site/layout.ts';
import { sections } from '../../steps/index.ts';
import section from '../../steps/meilisearch.ts';
import { table } from '../operations/table.ts';

const operation = section
  .operations(exampleAnswers(sections))
  .find(({ id }) => id === 'meilisearch/data-owner');
if (operation === undefined) throw new TypeError('The section has no such operation.');

const own = { owner: SITE_USER, group: SITE_USER } as const;
const SITE = { [WWW]: { folder: true, ...own } } as const;

table('the search data', [
  { title: 'is not there on a new host', operation, before: SITE, upToDate: true },
  {
    title: "is the site's",
    operation,
    before: { ...SITE, [MEILISEARCH_DATA]: { folder: true, ...own } },
    upToDate: true,
  },
  {
    title: "was root's, who tried Meilisearch once",
    operation,
    before: {
      ...SITE,
      [MEILISEARCH_DATA]: { folder: true },
      [`${MEILISEARCH_DATA}/VERSION`]: { text: '0.25.2', mode: 0o600 },
    },
    change: { kind: 'update' },
    after: {
      [MEILISEARCH_DATA]: { folder: true, ...own },
      [`${MEILISEARCH_DATA}/VERSION`]: { text: '0.25.2', mode: 0o600, ...own },
    },
  },
  {
    title: "is another account's, which keeps it",
    operation,
    before: { ...SITE, [MEILISEARCH_DATA]: { folder: true, owner: 'postgres', group: 'postgres' } },
    upToDate: true,
  },
]);
