import { describe, expect, test } from 'vitest';
import { failedUnit, keptFiles, notStarted } from '../../src/operations/packages.ts';
import { installable, refusalOf } from '../../src/requirements/apt.ts';
import { given } from '../host/given.ts';

// What apt 2.6.1 and dpkg 1.21.22 (Debian 12) printed, in the C locale.
const HELD = `Reading package lists...
The following NEW packages will be installed:
  haproxy liblua5.3-0
The following held packages will be changed:
  haproxy
0 upgraded, 4 newly installed, 0 to remove and 120 not upgraded.
E: Held packages were changed and -y was used without --allow-change-held-packages.
`;
const PINNED = `Package haproxy is not available, but is referred to by another package.
This may mean that the package is missing, has been obsoleted, or
is only available from another source

E: Package 'haproxy' has no installation candidate
`;
const CONFFILES = `Setting up sample (1) ...

Configuration file '/etc/sample/a.conf'
 ==> File on system created by you or by a script.
 ==> File also in package provided by package maintainer.
 ==> Keeping old config file as default.

Configuration file '/etc/sample/c.conf'
 ==> File on system created by you or by a script.
 ==> File also in package provided by package maintainer.
 ==> Keeping old config file as default.
`;

describe("apt's refusals", () => {
  test.each([
    { what: 'held', output: HELD, says: /apt holds packages that the site needs: haproxy\./ },
    {
      what: 'held back by others',
      output:
        'The following packages have unmet dependencies:\n nginx : Depends: nginx-common (= 1.22) but 1.25 is to be installed\nE: Unable to correct problems, you have held broken packages.\n',
      says: /no versions that fit together/,
    },
    { what: 'lists that were never fetched', output: 'E: Unable to locate package nginx\n', says: undefined },
    { what: 'held packages that may go', output: HELD.split('E: ')[0] ?? '', says: undefined },
  ])('$what', async ({ output, says }) => {
    const host = given({ programs: { 'apt-get --simulate': { code: 100, stderr: output } } });
    const refused = installable(host, ['haproxy']);
    if (says === undefined) {
      await expect(refused).resolves.toBeUndefined();
      expect(refusalOf(output)).toBeUndefined();
    } else await expect(refused).rejects.toThrow(says);
  });

  test('no version of a package: before the lists were fetched it says nothing, and is told after that', async () => {
    const host = given({ programs: { 'apt-get --simulate': { code: 100, stderr: PINNED } } });
    await expect(installable(host, ['haproxy'])).resolves.toBeUndefined();
    expect(refusalOf(PINNED)?.what).toMatch(/no version of haproxy to install/);
  });

  test('a simulation that goes through', async () => {
    const host = given({ programs: { 'apt-get --simulate': HELD } });
    await expect(installable(host, ['haproxy'])).resolves.toBeUndefined();
  });
});

describe('files that were there before their package', () => {
  test.each([
    { output: CONFFILES, kept: ['/etc/sample/a.conf', '/etc/sample/c.conf'] },
    {
      output: CONFFILES.replace('Keeping old config file as default', 'Installing new version'),
      kept: ['/etc/sample/c.conf'],
    },
    { output: 'Setting up nginx (1.22.1-9) ...\n', kept: [] },
  ])('$kept', ({ output, kept }) => {
    expect(keptFiles(output)).toEqual(kept);
  });
});

describe('a service that its package could not start', () => {
  test.each([
    [
      'Job for nginx.service failed because the control process exited with error code.\nSee "systemctl status nginx.service" and "journalctl -xeu nginx.service" for details.\ninvoke-rc.d: initscript nginx, action "start" failed.\n',
      'nginx.service',
    ],
    ['invoke-rc.d: initscript postgresql, action "restart" failed.\n', 'postgresql.service'],
    ['dpkg: error processing package nginx (--configure):\n', undefined],
  ])('%j', (output, unit) => {
    expect(failedUnit(output)).toBe(unit);
  });

  test.each([
    {
      journal: ['nginx: [emerg] socket() [::]:80 failed (97: Address family not supported by protocol)'],
      remedy: /IPv6 is disabled in this kernel.*rm \/etc\/nginx\/sites-enabled\/default/,
    },
    {
      journal: ['nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)'],
      remedy: /journalctl -u nginx/,
    },
  ])('its journal is shown: $journal', ({ journal, remedy }) => {
    const problem = notStarted({ what: 'apt failed', remedy: '' }, 'nginx.service', journal);
    expect(problem.detail).toEqual(journal);
    expect(problem.remedy).toMatch(remedy);
  });
});
