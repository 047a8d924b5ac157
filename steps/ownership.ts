import type { Section } from '../src/engine/section.ts';
import { SITE_USER } from '../src/host/host.ts';
import { ownedBy, ownership } from '../src/operations/ownership.ts';
import { CHECKOUT, CONFIG, VENV, WWW } from '../src/site/layout.ts';

const section: Section = {
  id: 'ownership',
  title: 'Owners and groups',
  heading: 'Configuration files (chown, chgrp, chmod g+s)',
  summary: `Everything that the services write belongs to ${SITE_USER}, and new files inherit its group.`,
  needs: ['configuration-files', 'virtualenv', 'migrate'],
  questions: [],
  operations: () => [
    ownedBy(SITE_USER, SITE_USER, { id: 'ownership/checkout', path: CHECKOUT, covers: ['checkout-owner'] }),
    ownedBy(SITE_USER, SITE_USER, { id: 'ownership/config', path: CONFIG, covers: ['config-owner'] }),
    ownedBy(SITE_USER, SITE_USER, { id: 'ownership/venv', path: VENV, covers: ['venv-owner'] }),
    ownership({
      id: 'ownership/groups',
      title: `group ${SITE_USER} of the folders below ${WWW}`,
      path: WWW,
      wrong: ['-type', 'd', '!', '-group', SITE_USER],
      mend: ['chgrp', '--no-dereference', SITE_USER],
      shell: [`chgrp ${SITE_USER} ${WWW}`, `find ${WWW} -type d -exec chgrp ${SITE_USER} {} +`],
      covers: ['www-group', 'folders-group'],
    }),
    ownership({
      id: 'ownership/setgid',
      title: `set-gid of the folders below ${WWW}`,
      path: WWW,
      wrong: ['-type', 'd', '!', '-perm', '-2000'],
      mend: ['chmod', 'g+s'],
      shell: [`chmod g+s ${WWW}`, `find ${WWW} -type d -exec chmod g+s {} +`],
      covers: ['www-setgid', 'folders-setgid'],
    }),
  ],
};
export default section;
