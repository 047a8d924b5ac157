import type { Section } from '../src/engine/section.ts';
import { ownedBy, ownership } from '../src/operations/ownership.ts';
import { NOT_INHERITING, OTHER_GROUP, treesInOrder } from '../src/operations/site-trees.ts';
import { CHECKOUT, CONFIG, SITE_USER, VENV, WWW } from '../src/site/layout.ts';

const ownedBySite = (tree: Parameters<typeof ownedBy>[2]) =>
  ownedBy(SITE_USER, SITE_USER, { ...tree, inOrder: treesInOrder });

const section: Section = {
  id: 'ownership',
  title: 'Owners and groups',
  heading: 'Configuration files (chown, chgrp, chmod g+s)',
  summary: `Everything that the services write belongs to ${SITE_USER}; new files inherit its group.`,
  needs: ['configuration-files', 'virtualenv', 'migrate/static'],
  questions: [],
  operations: () => [
    ownedBySite({ id: 'ownership/checkout', path: CHECKOUT, covers: ['checkout-owner'] }),
    ownedBySite({ id: 'ownership/config', path: CONFIG, covers: ['config-owner'] }),
    ownedBySite({ id: 'ownership/venv', path: VENV, covers: ['venv-owner'] }),
    ownership({
      id: 'ownership/groups',
      title: `group ${SITE_USER} of the folders below ${WWW}`,
      path: WWW,
      wrong: OTHER_GROUP,
      inOrder: treesInOrder,
      fixed: ([file, owner, mode]) => [file, owner.replace(/:.*/, `:${SITE_USER}`), mode],
      fix: ['chgrp', '--no-dereference', SITE_USER],
      shell: [`chgrp ${SITE_USER} ${WWW}`, `find ${WWW} -type d -exec chgrp ${SITE_USER} {} +`],
      covers: ['www-group', 'folders-group'],
    }),
    ownership({
      id: 'ownership/setgid',
      title: `set-gid of the folders below ${WWW}`,
      path: WWW,
      wrong: NOT_INHERITING,
      inOrder: treesInOrder,
      fixed: ([file, owner, mode]) => [file, owner, mode | 0o2000],
      // With a dot: chmod(1) goes through a link, and a folder that was swapped for one to a program must not become set-gid.
      fix: ['sh', '-c', 'for each; do chmod g+s "$each/."; done', 'sh'],
      shell: [`chmod g+s ${WWW}`, `find ${WWW} -type d -exec chmod g+s {} +`],
      covers: ['www-setgid', 'folders-setgid'],
    }),
  ],
};
export default section;
