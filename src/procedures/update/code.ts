import { template } from '../../../templates/index.ts';
import type { Operation } from '../../engine/operation.ts';
import type { LiveHost } from '../../host/host.ts';
import { asAccount } from '../../host/shell.ts';
import { branchOf, GIT_ENVIRONMENT } from '../../operations/checkout.ts';
import { command } from '../../operations/command.ts';
import { djangoState } from '../../site/django.ts';
import { git } from '../../site/git.ts';
import { CHECKOUT, RELEASES, SITE_USER, STAGE } from '../../site/layout.ts';
import { askGit } from './repository.ts';
import { doStaged } from './stage.ts';
import type { Release, Way } from './state.ts';

/** In the folder of the checkout that the code is tried in: made last. */
const COLLECTED = `${STAGE}/.studio-setup-static`;

/**
 * The new release's static files beside the old one's, before a process has the new code: a page of either finds its own.
 * Once the site has the code, collectstatic compares the two again.
 */
export function newStatic(id: string, release: Release): Operation {
  return command({
    id,
    title: 'the static files of the new code',
    shell: ['manage.py collectstatic --no-input'],
    async missing(host) {
      if (host.willChange(STAGE) || (await host.status(STAGE)) === undefined)
        return { later: 'needs the new code' };
      return (await host.status(COLLECTED)) === undefined ? 'not collected yet' : undefined;
    },
    async apply(live) {
      const root = (await djangoState(live))?.static?.root ?? '';
      // Of files on another host it is the storage's name.
      const folder = root.startsWith('/') ? root : '';
      await doStaged(live, release, { root: folder }, template('python/collect_static.py'));
      await live.run(['touch', '--', COLLECTED], { as: SITE_USER });
    },
  });
}

/**
 * The checkout is at this release. git itself refuses where a change of the operator's would be lost; a checkout that was cut
 * off looks like one, and is brought to its end by force.
 */
export function switchedCode(id: string, { commit, branch }: Release, { kept }: Way): Operation {
  const begun = `${RELEASES}/${kept}/switching`;
  return command({
    id,
    title: `${CHECKOUT}: ${branch} at ${commit.slice(0, 12)}`,
    shell: [asAccount(SITE_USER, `git -C ${CHECKOUT} checkout -B ${branch} ${commit}`)],
    touches: [CHECKOUT],
    async missing(host) {
      const head = await askGit(host, 'rev-parse', 'HEAD');
      const stands = head.stdout.trim() === commit && (await branchOf(host, CHECKOUT)) === branch;
      if (!stands) return commit.slice(0, 12);
      if ((await host.status(begun)) === undefined) return undefined;
      const { stdout } = await askGit(host, 'status', '--porcelain', '-z', '--untracked-files=no');
      return stdout === '' ? undefined : 'it was cut off';
    },
    async apply(live) {
      const cutOff = (await live.status(begun)) !== undefined;
      if (cutOff) await live.run(['rm', '-f', '--', `${CHECKOUT}/.git/index.lock`], { as: SITE_USER });
      else await live.write(begun, '', { mode: 0o600, owner: 'root' });
      // Its age tells the services that their code is another one, also where files only go.
      await live.run(['touch', '-c', '--', `${CHECKOUT}/manage.py`], { as: SITE_USER });
      await checkOut(live, [...(cutOff ? ['--force'] : []), '-B', branch, commit]);
    },
  });
}

async function checkOut(live: LiveHost, args: readonly string[]): Promise<void> {
  await live.run(git(CHECKOUT, 'checkout', '--quiet', ...args), { as: SITE_USER, env: GIT_ENVIRONMENT });
}
