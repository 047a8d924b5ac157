import type { Operation } from '../engine/operation.ts';
import { djangoState } from '../site/django.ts';
import { SITE_USER } from '../site/layout.ts';
import { type Command, command } from './command.ts';
import { askedOfDjango } from './in-django.ts';
import { runManage } from './manage.ts';

/** The files that nginx serves itself, as the site's code has them now. */
export function collectedStatic(
  wanted: Pick<Operation, 'id' | 'after' | 'covers'> & Pick<Command, 'shell' | 'script'>,
): Operation {
  return command({
    ...wanted,
    title: 'manage.py collectstatic',
    missing: (host) =>
      askedOfDjango(
        host,
        (state) => (state.static?.missing ? `${state.static.missing} files` : undefined),
        false,
      ),
    async apply(live) {
      // A copy that was cut off is newer than its source, and collectstatic would leave it. No part of the journal: half
      // a file is nothing to put back.
      const { cutOff = [], root = '' } = (await djangoState(live))?.static ?? {};
      if (cutOff.length > 0)
        await live.run(['rm', '-f', '--', ...cutOff.map((name) => `${root}/${name}`)], { as: SITE_USER });
      await runManage(live, 'collectstatic', '--no-input');
    },
  });
}
