import type { Offer } from '../engine/offer.ts';
import type { Operation } from '../engine/operation.ts';
import type { Host } from '../host/host.ts';
import { ProblemError } from '../output/problem.ts';
import { SITE_USER, WWW } from '../site/layout.ts';
import { command } from './command.ts';
import { folder } from './folder.ts';

const FOLDER = `${WWW}/.ssh`;
/** The names under which ssh looks for a key by itself (ssh_config(5), IdentityFile). */
const KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'] as const;
/** What this server reads a repository with, as far as it is there: keys, the servers that ssh knows, and a login for https. */
export const REPOSITORY_ACCESS: readonly string[] = [
  ...KEYS.flatMap((key) => [`${FOLDER}/${key}`, `${FOLDER}/${key}.pub`]),
  `${FOLDER}/known_hosts`,
  `${WWW}/.netrc`,
];

/** Where keys are looked for. */
export const KEY_FOLDERS: readonly Operation[] = [
  folder({ id: 'deploy-key/www', path: WWW, owner: SITE_USER, group: SITE_USER, mode: 0o2755 }),
  folder({
    id: 'deploy-key/folder',
    path: FOLDER,
    owner: SITE_USER,
    group: SITE_USER,
    mode: 0o700,
    after: ['deploy-key/www'],
  }),
];

/**
 * A line of sshd(8), AUTHORIZED_KEYS, without options. The account can write anything into that file, and it is shown on root's
 * terminal: nothing else of it is.
 */
const PUBLIC = /^(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[\w@.-]+ [A-Za-z0-9+/]+=*(?: [\x20-\x7e]*)?$/;
const MAKE = ['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', SITE_USER, '-f', `${FOLDER}/${KEYS[0]}`];

/** What lets this server read a repository: a key of the site's account, whose public half is given to the repository. */
export const DEPLOY_KEY: Offer = {
  id: 'deploy-key',
  label: 'Show the deploy key of this server; one is generated if there is none',
  operations: [
    ...KEY_FOLDERS,
    command({
      id: 'deploy-key/key',
      title: 'the deploy key of this server',
      after: ['deploy-key/folder'],
      shell: [`sudo -Hu ${SITE_USER} ssh-keygen -q -t ed25519 -N '' -C ${SITE_USER} -f ${FOLDER}/${KEYS[0]}`],
      missing: async (host) => ((await publicKey(host)) === undefined ? 'there is none' : undefined),
      apply: async (host) => {
        await host.run(MAKE, { as: SITE_USER });
      },
    }),
  ],
  async handover(host) {
    const text = await publicKey(host);
    if (text === undefined)
      throw new ProblemError({
        what: `There is no public key in ${FOLDER}.`,
        remedy: `See what is there: ls -la ${FOLDER}`,
      });
    return {
      title: `The public deploy key of this server (account ${SITE_USER}):`,
      text,
      what: 'Add this key to the deploy keys of the repository; read access is enough.',
    };
  },
};

async function publicKey(host: Host): Promise<string | undefined> {
  for (const key of KEYS) {
    const text = (await host.read(`${FOLDER}/${key}.pub`, { as: SITE_USER }))?.trim();
    if (text !== undefined && PUBLIC.test(text)) return text;
  }
  return undefined;
}
