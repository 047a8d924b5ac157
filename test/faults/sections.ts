import path from 'node:path';
import type { Operation } from '../../src/engine/operation.ts';
import type { Section } from '../../src/engine/section.ts';
import { file } from '../../src/operations/file.ts';
import { folder as folderThere } from '../../src/operations/folder.ts';
import { link } from '../../src/operations/link.ts';
import { ownedBy } from '../../src/operations/ownership.ts';
import { type Mutant, mutant } from './mutants.ts';

const SITE = 'www-data';

/** What stands in the folder before the run: files of the operator's, and a tree of the wrong account. */
export const GIVEN = {
  'replaced.conf': 'as the package brought it\n',
  'rights.conf': 'right text, wrong mode\n',
  'removed.conf': 'no longer wanted\n',
  'tree/one': '1\n',
  'tree/two': '2\n',
} as const;

/** Changes of each kind that the product makes, by its own operations: as root, as the site's account, of texts and of rights. */
export function changesOfEachKind(folder: string, planted: Mutant | undefined): Section {
  const at = (name: string) => path.join(folder, name);
  const operations: readonly Operation[] = [
    folderThere({ id: 'files/site', path: at('site/config'), mode: 0o755, owner: SITE, group: SITE }),
    file({
      id: 'files/as-site',
      path: at('site/config/app.ini'),
      as: SITE,
      mode: 0o640,
      content: async () => 'written = by the account itself\n',
      shell: [],
    }),
    file({
      id: 'files/replaced',
      path: at('replaced.conf'),
      mode: 0o640,
      content: async () => 'as the product has it\n'.repeat(40),
      pristine: async () => [GIVEN['replaced.conf']],
      shell: [],
    }),
    file({
      id: 'files/rights',
      path: at('rights.conf'),
      mode: 0o600,
      content: async () => GIVEN['rights.conf'],
      shell: [],
    }),
    link({ id: 'files/link', path: at('enabled/replaced.conf'), target: at('replaced.conf') }),
    {
      id: 'files/removed',
      title: 'remove removed.conf',
      async observe(host) {
        if ((await host.status(at('removed.conf'))) === undefined) return undefined;
        return {
          kind: 'update',
          summary: at('removed.conf'),
          shell: [],
          apply: (live) => live.remove(at('removed.conf')),
        };
      },
    },
    ownedBy(SITE, SITE, { id: 'files/tree', path: at('tree') }),
    ...(planted === undefined ? [] : [mutant(planted, at('mutant'))]),
  ];
  return {
    id: 'files',
    title: 'Files',
    heading: 'Files',
    summary: 'Changes of each kind.',
    needs: ['tasks'],
    questions: [],
    operations: () => operations,
  };
}
