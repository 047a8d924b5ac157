import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Session } from '../../src/app/session.ts';
import { archivePath, writeArchive } from '../../src/app/support/archive.ts';
import { type Bundle, gatherBundle } from '../../src/app/support/bundle.ts';
import { ProblemError } from '../../src/output/problem.ts';
import { CHECKOUT, MEILISEARCH_KEY_FILE, SETTINGS, SITE_USER } from '../../src/site/layout.ts';
import { pathsIn, sampleProduct } from '../commands/sample/product.ts';
import { sampleSections } from '../commands/sample/sections.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { absent, when } from '../host/fake/programs.ts';

const run = promisify(execFile);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-bundle-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Words that nothing but its place shows to be a secret, and some that their looks show. */
const PLANTED = {
  setting: 'planted correct horse of settings.py',
  unasked: 'planted-under-a-name-of-the-sites-own',
  copy: 'planted-in-a-copy-of-settings',
  database: 'planted-in-a-url-of-the-database',
  masterKey: 'planted-in-the-environment-file',
  further: 'planted-in-a-further-environment-file',
  netrc: 'planted-in-netrc',
  pgpass: 'planted-in-pgpass',
  record: 'planted-in-a-transaction-record',
  unit: 'planted-in-the-environment-of-a-unit',
  nginx: 'planted-4-nginx',
  log: 'planted-4-a-log-of-a-run',
  key: 'c0ffee'.repeat(10),
  pem: 'plantedNotARealKeyAtAll0123456789',
};

const FURTHER = '/etc/blender-studio/further.env';

/** A server that has secrets where servers have them, and repeats each of them in a journal, bare. */
function server(): FakeHost {
  const host = new FakeHost();
  const site = (text: string) => ({ text, owner: SITE_USER, mode: 0o640 });
  host.arrange({
    '/run/nginx.pid': '1\n',
    '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n',
    '/etc/systemd/system/meilisearch.service': '[Service]\nExecStart=/usr/bin/meilisearch\n',
    '/var/www': { folder: true, owner: SITE_USER },
    [SETTINGS]: site(
      `SECRET_KEY = '${PLANTED.setting}'\nPARTNER_TOKEN = "${PLANTED.unasked}"\nURL = 'postgres://studio:${PLANTED.database}@db/studio'\n`,
    ),
    [`${CHECKOUT}/studio/settings.py.bak`]: site(`SECRET_KEY = '${PLANTED.copy}'\n`),
    [MEILISEARCH_KEY_FILE]: { text: `MEILI_MASTER_KEY=${PLANTED.masterKey}\n`, mode: 0o600 },
    [FURTHER]: { text: `SMTP_PASSWORD=${PLANTED.further}\n`, mode: 0o600 },
    '/var/www/.netrc': site(`machine git.example.org login ada password ${PLANTED.netrc}\n`),
    '/var/www/.pgpass': site(`localhost:5432:studio:studio:${PLANTED.pgpass}\n`),
  });
  const bare = Object.values(PLANTED).join(' and ');
  host.programs.add(
    when(
      /^systemctl show .*EnvironmentFiles/,
      () => `EnvironmentFiles=${FURTHER} (ignore_errors=no)\nEnvironment=SMTP_PASS=${PLANTED.unit} A=1\n\n`,
    ),
    when(/^systemctl cat /, () => `[Service]\nEnvironment=SMTP_PASS=${PLANTED.unit}\n`),
    when(/^systemctl status/, () => ({ code: 3, stdout: `● studio.service: ${bare}\n` })),
    when(/^systemctl list/, () => 'UNIT LOAD\n'),
    when(/^journalctl .*studio\.service/, () => ({
      stdout: `2026-11-29T14:30:05+0000 web1 uwsgi[7]: \u001b[31mbad\u001b[0m ${bare}\n${bare.split('').join('\u200e')}\n`,
    })),
    when(
      /^journalctl .*nginx\.service/,
      () =>
        `web1 a: -----BEGIN ${''}PRIVATE KEY-----\nweb1 a: ${PLANTED.pem}\nweb1 a: -----END ${''}PRIVATE KEY-----\n`,
    ),
    when(/^journalctl .*certbot\.service/, () => ({ code: 1, stderr: 'Failed to open files: I/O error' })),
    when(/^journalctl /, () => ''),
    when(/^nginx -T/, () => `proxy_set_header Authorization "Bearer ${PLANTED.nginx}";\n# ${bare}\n`),
    when(/^git .*log/, () => '4b2d9f1 2026-11-29\n'),
    when(/^git .*status/, () => `## production...https://ada:${PLANTED.netrc}@git.example.org\n`),
    when(/^uname /, () => 'Linux 6.1.0-28-amd64\n'),
    when(/^dpkg-query /, () => 'nginx\t1.22.1-9\n'),
    absent('/var/www/venv/bin/python'),
  );
  return host;
}

async function gathered(host = server()): Promise<Bundle> {
  const product = sampleProduct(folder, sampleSections(folder));
  mkdirSync(pathsIn(folder).log, { recursive: true });
  for (let number = 1; number < 8; number += 1)
    writeFileSync(
      path.join(pathsIn(folder).log, `run-000${number}.log`),
      `password=${PLANTED.log} ${number}\n`,
    );
  const [kind] = (await product.procedures?.()) ?? [];
  writeFileSync(kind?.transactionRecord ?? '', JSON.stringify({ secrets: { old: PLANTED.record } }));
  const options = { yes: true, plain: true, screenReader: false, json: false, section: [], overwrite: [] };
  const session = new Session(
    product,
    { ...options, logLevel: 'info', jobs: 1 },
    new AbortController().signal,
  );
  return gatherBundle(session, host);
}

describe('a support bundle', () => {
  it('has none of the secrets that are planted all over the server, packed and unpacked', async () => {
    const bundle = await gathered();
    const file = await archivePath(path.join(folder, 'bundle.tar.gz'));
    const bytes = await writeArchive(bundle, file);
    const { mode, uid, size } = await stat(file);
    expect([mode & 0o777, uid, size]).toEqual([0o600, process.getuid?.(), bytes]);
    await run('tar', ['--extract', '--gzip', `--file=${file}`, `--directory=${folder}`]);
    const unpacked = path.join(folder, 'bundle');
    const names = await readdir(unpacked, { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      names
        .filter((each) => each.isFile())
        .map((each) => readFile(path.join(each.parentPath, each.name), 'utf8')),
    );
    expect(texts).toHaveLength(bundle.files.length);
    const all = texts.join('\n');
    for (const [name, secret] of Object.entries(PLANTED)) expect(all.includes(secret), name).toBe(false);
    expect(all).not.toContain('\u001b');
    // It is not simply empty.
    expect(all).toContain('uwsgi[7]: bad •••• and ••••');
    expect(all).toContain('nginx\t1.22.1-9'.replace('\t', '  '));
    expect(all).toContain('proxy_set_header Authorization "••••');
  });

  it('has plan, doctor, the newest logs, units, journals and nginx', async () => {
    const { files } = await gathered();
    const names = files.map(({ name }) => name);
    expect(names[0]).toBe('README.txt');
    expect(names.filter((name) => name.startsWith('logs/'))).toEqual(
      [3, 4, 5, 6, 7].map((number) => `logs/run-000${number}.log`),
    );
    for (const name of ['plan.txt', 'doctor.txt', 'runs.txt', 'versions.txt', 'units.txt', 'nginx.txt'])
      expect(names).toContain(name);
    const text = (name: string) => files.find((each) => each.name === name)?.text ?? '';
    expect(text('versions.txt')).toContain(
      'studio-setup 1.2.3\nMeilisearch of an unknown version (/usr/bin/meilisearch)',
    );
    expect(text('journals/meilisearch.service.txt')).toBe('No entries.\n');
    expect(text('plan.txt')).toContain('settings.conf');
    expect(text('doctor.txt')).toContain(
      'FAILED The settings are there (settings-there): There is no settings.conf.',
    );
  });

  it('says what could not be asked, and why', async () => {
    const host = server();
    host.arrange({ '/run/nginx.pid': null });
    const { files, unasked } = await gathered(host);
    const why = new Map(unasked.map((each) => [each.what.split(' ')[0], each.why]));
    expect(why.get('journals/certbot.service.txt')).toBe(
      'journalctl ended with exit code 1: Failed to open files: I/O error',
    );
    expect(why.get('python-packages.txt')).toContain('exit code 127');
    expect(why.get('nginx.txt')).toBe('nginx does not run.');
    for (const each of unasked) expect(files[0]?.text).toContain(`${each.what}: ${each.why}`);
    expect(files.some(({ name }) => name === 'nginx.txt')).toBe(false);
  });

  it('does not have nginx read what www-data wrote for root', async () => {
    const host = server();
    host.arrange({
      '/var/www/config': { folder: true, owner: SITE_USER },
      '/var/www/config/nginx_studio.conf': {
        text: 'server { access_log /etc/cron.d/x; }\n',
        owner: SITE_USER,
      },
    });
    host.programs.add(
      when(/^nginx /, () => {
        throw new Error('nginx was asked');
      }),
    );
    const { unasked } = await gathered(host);
    expect(unasked.find(({ what }) => what.startsWith('nginx.txt'))?.why).toContain(
      'directives that nginx, started by root, must not read',
    );
  });

  it('keeps the end of what is too long, and lines within bounds', async () => {
    const host = server();
    const line = `${'x'.repeat(6000)}\n`;
    host.programs.add(when(/^journalctl .*studio\.service/, () => `${line.repeat(400)}the end\n`));
    const { files } = await gathered(host);
    const text = files.find(({ name }) => name === 'journals/studio.service.txt')?.text ?? '';
    expect(text.length).toBeLessThan(1024 * 1024 + 100);
    expect(text).toMatch(/^… \(the beginning is left out\)\n/);
    expect(text).toMatch(/the end\n$/);
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThan(4100);
  });
});

describe('where it is written', () => {
  it('is named in a folder, by server and time', async () => {
    const now = new Date(2026, 10, 9, 4, 5, 6);
    expect(await archivePath(folder, now)).toMatch(/\/studio-setup-support-[\w-]+-20261109-040506\.tar\.gz$/);
    expect(path.dirname(await archivePath(undefined, now))).toBe(process.cwd());
  });

  it('is never what stands there: a file, a link, also one that comes meanwhile', async () => {
    const file = path.join(folder, 'mine.tar.gz');
    writeFileSync(file, 'mine');
    await expect(archivePath(file)).rejects.toThrow(ProblemError);
    await symlink('/nowhere', path.join(folder, 'link'));
    await expect(archivePath(path.join(folder, 'link'))).rejects.toThrow('is there already');
    await expect(archivePath(path.join(folder, 'none', 'x.tar.gz'))).rejects.toThrow('is no folder');
    const bundle = { files: [{ name: 'README.txt', about: 'x', text: 'x\n' }], unasked: [] };
    await expect(writeArchive(bundle, file)).rejects.toThrow('is there already');
    expect(await readFile(file, 'utf8')).toBe('mine');
  });
});
