import { expect, it } from 'vitest';
import { startedBy } from '../../src/app/started-by.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { when } from '../host/fake/programs.ts';

/** A kernel that keeps this login, and id(1) of coreutils, which takes a number for a user. */
function machine(loginuid: string | undefined) {
  const host = new FakeHost();
  host.made = (file) => (file === '/proc/self/loginuid' ? loginuid : undefined);
  host.programs.add(
    when(/^id --name --user 1000$/, () => 'anna\n'),
    when(/^id --name --user 1001$/, () => ({ code: 1, stderr: 'id: ‘1001’: no such user\n' })),
  );
  return host;
}

it.each([
  ['by sudo', { SUDO_USER: 'berta' }, '1000', { by: 'berta' }],
  ['by ssh and su', {}, '1000', { by: 'anna' }],
  ['by a login that is gone', {}, '1001', {}],
  ['by a timer', {}, '4294967295', {}],
  ['in a kernel without audit', {}, undefined, {}],
  ['with an environment that is no login name', { SUDO_USER: 'x\u001b[31m y' }, '1000', {}],
])('whoever began a run %s', async (_, env, loginuid, expected) => {
  expect(await startedBy(machine(loginuid), env)).toEqual(expected);
});
