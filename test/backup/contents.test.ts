import { expect, it } from 'vitest';
import { contentsOf, editedFiles } from '../../src/backup/contents.ts';
import { FakeHost } from '../host/fake/fake-host.ts';

const SITE = { domain: 'studio.example.org', extraNames: [], formerNames: [] };
const settings = '/var/www/blender-studio/studio/settings.py';

it('has what is there, read by whoever decides about it, and says what is left out', async () => {
  const host = new FakeHost();
  host.arrange({
    [settings]: { text: '', owner: 'www-data' },
    '/etc/letsencrypt/accounts': { folder: true },
    '/home/ada': { folder: true, owner: 'nobody' },
    '/home/ada/site.conf': { text: '', owner: 'nobody' },
    '/etc/nginx/own.conf': '',
  });
  expect(await contentsOf(host, SITE, ['/etc/nginx/own.conf', '/home/ada/site.conf', '/etc/gone'])).toEqual({
    site: [settings],
    root: ['/etc/letsencrypt/accounts', '/etc/nginx/own.conf'],
    edited: ['/etc/nginx/own.conf'],
    left: ['/home/ada/site.conf is not backed up: root would read it, and /home/ada belongs to nobody.'],
  });
});

it('has the file that settings.py is a link to, but none outside of /var/www', async () => {
  const host = new FakeHost();
  host.programs.add(({ argv }) =>
    argv[0] === 'readlink' ? host.tree.resolve(argv.at(-1) ?? '', { follow: true }) : undefined,
  );
  host.arrange({
    '/var/www/shared/settings.py': '',
    [settings]: { link: '../../shared/settings.py' },
  });
  expect((await contentsOf(host, SITE, [])).site).toEqual([settings, '/var/www/shared/settings.py']);
  host.forget();
  host.arrange({ [settings]: { link: '/etc/shadow' }, '/etc/shadow': '' });
  expect((await contentsOf(host, SITE, [])).site).toEqual([settings]);
});

it('tells a file that was edited from one that is as the product wrote it', async () => {
  const host = new FakeHost();
  await host.write('/etc/systemd/system/one.service', 'as written\n');
  await host.write('/etc/systemd/system/two.service', 'as written\n');
  await host.write('/usr/local/bin/program', 'large\n');
  host.arrange({
    '/etc/systemd/system/two.service': 'as edited\n',
    '/usr/local/bin/program': 'another\n',
  });
  const written = [
    '/etc/systemd/system/one.service',
    '/etc/systemd/system/two.service',
    '/usr/local/bin/program',
  ];
  expect(await editedFiles(host, [...written, '/etc/gone'], ['/etc/mine'])).toEqual([
    '/etc/systemd/system/two.service',
    '/etc/mine',
  ]);
});

it('has what the site reads the repository of its code with, as the account has it', async () => {
  const host = new FakeHost();
  const access = [
    '/var/www/.ssh/id_ed25519',
    '/var/www/.ssh/id_ed25519.pub',
    '/var/www/.ssh/known_hosts',
    '/var/www/.netrc',
  ];
  host.arrange(Object.fromEntries(access.map((file) => [file, { text: '', owner: 'www-data' }])));
  // What lets others in is no way to the repository.
  host.arrange({ '/var/www/.ssh/authorized_keys': { text: '', owner: 'www-data' } });
  expect(await contentsOf(host, SITE, [])).toMatchObject({ site: access, root: [] });
});
