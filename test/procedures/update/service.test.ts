import { expect, test } from 'vitest';
import type { FileStatus, Host } from '../../../src/host/host.ts';
import { siteService } from '../../../src/procedures/update/service.ts';
import { RELOAD_SITE } from '../../../src/site/workers.ts';

/** @param python the distribution's */
function hostWith(python: string): Host {
  const door: Pick<Host, 'query' | 'read' | 'status' | 'once'> = {
    query: async () => ({ code: 0, stdout: `${python}\n`, stderr: '' }),
    read: async () => '[uwsgi]\nmaster = true\n',
    status: async () => ({ type: 'file' }) as FileStatus,
    once: async (_, compute) => compute(),
  };
  return door as Host;
}

test.each([
  ['3.11', false, RELOAD_SITE],
  ['3.11', true, RELOAD_SITE],
  // pyuwsgi of the virtualenv: a reload would go on with the old one.
  ['3.13', false, RELOAD_SITE],
  ['3.13', true, undefined],
])('Python %s of the distribution, another virtualenv: %s', async (python, moved, command) => {
  expect(await siteService(moved).reload?.command(hostWith(python))).toEqual(command);
});
