import type { Section } from '../src/engine/section.ts';
import { branchOf, checkout, originOf } from '../src/operations/checkout.ts';
import { requirement } from '../src/operations/command.ts';
import { DEPLOY_KEY } from '../src/operations/deploy-key.ts';
import { folder } from '../src/operations/folder.ts';
import { ownedBy } from '../src/operations/ownership.ts';
import { tryRepository } from '../src/operations/repository-access.ts';
import { treesInOrder } from '../src/operations/site-trees.ts';
import { Secret } from '../src/output/secret.ts';
import { deployed } from '../src/site/deployed.ts';
import { CHECKOUT, SITE_USER, UNITS, WWW } from '../src/site/layout.ts';
import { SERVICES } from '../src/site/services.ts';

const ADDRESS = /^(https?:\/\/|ssh:\/\/|git:\/\/|file:\/\/\/|\/)[^\s'"]+$|^[\w.-]+@[\w.-]+:[^\s'"]+$/;
/** `user:password@`, or a token that stands for both; of ssh a user alone is no secret. */
const LOGIN = /^(?:https?:\/\/|\w+:\/\/(?=[^/@]*:[^/@]*@))([^/@\s]+)@/;
/** A user's name that is shorter, `git`, is masked nowhere: it is a part of other words. */
const SHORTEST_LOGIN = 8;

const section: Section = {
  id: 'working-directory',
  title: 'Working directory',
  heading: 'Working directory',
  summary: `The site's source code, cloned into ${CHECKOUT} as ${SITE_USER}.`,
  needs: ['requirements/virtualenv'],
  questions: [
    {
      id: 'repository.url',
      label: 'Git repository',
      help: "The address of the site's source code. An SSH address (git@host:path) needs a deploy key on this server; an HTTPS address may need none.",
      kind: 'text',
      default: 'git@git.blender.org:blender-studio.git',
      validate: (value) =>
        LOGIN.test(value)
          ? `The address contains a login, which every account on this server could see, also in logs. Put the login into ${WWW}/.netrc of ${SITE_USER} (mode 600), and enter the address without it.`
          : ADDRESS.test(value) && !value.startsWith('-')
            ? undefined
            : 'Enter an address of the form git@host:path.git or https://host/path.git.',
      // git works with it; a login in it is masked, below.
      existing: () => undefined,
      current: async (host) => {
        const url = await originOf(host, CHECKOUT);
        // A clone that was made by hand: git has it already, and it is nowhere shown.
        const login = url && LOGIN.exec(url)?.[1];
        if (login) for (const part of login.split(':')) if (part.length >= SHORTEST_LOGIN) new Secret(part);
        return url;
      },
      trial: (answers, host) => tryRepository(answers.text('repository.url'), host),
    },
    {
      id: 'repository.branch',
      advanced: true,
      label: 'Branch',
      help: 'The branch to deploy. The document uses production.',
      kind: 'text',
      default: 'production',
      validate: (value) =>
        /^[A-Za-z0-9][\w./-]*$/.test(value) && !value.includes('..')
          ? undefined
          : `${value} is not a valid branch name.`,
      existing: () => undefined,
      current: async (host) => {
        const branch =
          (await originOf(host, CHECKOUT)) === undefined ? undefined : await branchOf(host, CHECKOUT);
        return branch === 'HEAD' ? undefined : branch;
      },
    },
    {
      id: 'configuration.templates',
      advanced: true,
      label: 'Use bundled config files?',
      help: 'Newer versions of the repository have no deploy/ folder. Yes: studio-setup uses its own copies of those configuration files. No: the run stops with an error.',
      kind: 'confirm',
      default: false,
    },
  ],
  offers: [DEPLOY_KEY],
  operations: (answers) => [
    folder({
      id: 'working-directory/www',
      path: WWW,
      owner: SITE_USER,
      group: SITE_USER,
      // Set-gid from the start: what is made below inherits it.
      mode: 0o2755,
      covers: ['www-owner', 'www-group', 'www-setgid'],
    }),
    ownedBy(SITE_USER, SITE_USER, {
      id: 'working-directory/owner',
      path: CHECKOUT,
      inOrder: treesInOrder,
    }),
    checkout({
      id: 'working-directory/clone',
      after: ['working-directory/owner', 'requirements/tools'],
      path: CHECKOUT,
      url: answers.text('repository.url'),
      branch: answers.text('repository.branch'),
      covers: ['source-location', 'clone', 'checkout-branch'],
      departure: {
        id: 'checkout-inside-the-clone',
        document: 'git clone …; git checkout production',
        instead: 'The branch is checked out by the clone itself, as www-data.',
        why: 'As written, the second command runs outside of the clone and fails; a clone by root would have to be chowned afterwards.',
      },
    }),
    requirement({
      id: 'working-directory/deploy',
      title: "the repository's configuration files",
      after: ['working-directory/clone'],
      async check(host) {
        await deployed(host, answers, `${UNITS}/${SERVICES.studio.unit}`);
      },
    }),
  ],
};
export default section;
