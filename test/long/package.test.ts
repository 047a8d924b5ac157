import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { must, oneLine, Run, shell } from '../install/operator.ts';
import { underTrickle } from '../install/trickle.ts';
import { writeAnswers } from '../rehearsal/answers.ts';
import { Operator } from '../rehearsal/operator.ts';
import * as machine from '../rehearsal/process.ts';
import { Proof } from '../rehearsal/proof.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';
import { installMissing } from '../rehearsal/tools.ts';
import { Terminal } from '../wizard/terminal.ts';

const project = path.join(import.meta.dirname, '../..');
const OLDER = '0.0.1-1';
/** What the product keeps on a server, apart from the site. */
const RECORDS = ['/var/lib/studio-setup', '/var/log/studio-setup', '/var/backups/studio-setup'] as const;

let folder: string;
/** Absolute path on this machine. */
let deb: string;
let host: Rehearsal;
let operator: Operator;
let proof: Proof;
let terminal: Terminal | undefined;
/** Those of the records that the first run left. */
let left: readonly string[];

beforeAll(async () => {
  const tools = {
    '/usr/bin/lintian': 'lintian',
    '/usr/bin/dpkg-shlibdeps': 'dpkg-dev',
  };
  await installMissing(tools, 'the Debian package', console.log);
  await machine.must([process.execPath, path.join(project, 'scripts/package.ts')], { env: process.env });
  const [built] = globSync('dist/studio-setup_*_amd64.deb', { cwd: project });
  deb = path.join(project, built ?? '');
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-deb-'));
  host = await startRehearsal({ report: () => {} });
  await writeAnswers(host, { integrations: 'skipped', secrets: 'generate' });
  operator = new Operator(host);
  proof = new Proof(host);
  await host.push(await older(), `/root/studio-setup_${OLDER}_amd64.deb`);
  await host.push(deb, `/root/${path.basename(deb)}`);
  await shell(host, 'apt-get update -qq; apt-get install -qq --yes man-db bash-completion >/dev/null 2>&1');
});
afterEach(() => terminal?.close());
afterAll(async () => {
  await host?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The same package as a lower version. */
async function older(): Promise<string> {
  const tree = path.join(folder, 'older');
  await machine.must(['dpkg-deb', '--raw-extract', deb, tree]);
  const control = path.join(tree, 'DEBIAN/control');
  const text = await readFile(control, 'utf8');
  await writeFile(control, text.replace(/^Version: .*$/m, `Version: ${OLDER}`));
  const file = path.join(folder, 'older.deb');
  await machine.must(['dpkg-deb', '--root-owner-group', '-Znone', '--build', tree, file]);
  return file;
}

/** Without a terminal, as by a script or over ssh: debconf asks nothing then. */
async function apt(...args: readonly string[]): Promise<string> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const { code, stdout, stderr } = await host.exec(['apt-get', '--quiet=2', '--yes', ...args], { env });
  expect(code, stdout + stderr).toBe(0);
  return oneLine(stdout + stderr);
}

const current = () => `/root/${path.basename(deb)}`;
async function installed(): Promise<string> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: these are dpkg's own placeholders
  const format = '--showformat=${db:Status-Status} ${Version}';
  return (await host.exec(['dpkg-query', '--show', format, 'studio-setup'])).stdout;
}
const versionOf = (file: string) => /_(.+)_/.exec(path.basename(file))?.[1] ?? '';
const present = async () =>
  (await shell(host, `for each in ${RECORDS.join(' ')}; do test ! -e $each || echo $each; done`))
    .split('\n')
    .filter(Boolean);

/** The site answered all along. */
async function siteUp(work: () => Promise<unknown>): Promise<void> {
  const { seen, words } = await underTrickle(host, work);
  console.log(words);
  expect(seen.failed).toEqual([]);
  expect(seen.asked).toBeGreaterThan(0);
}

async function openShell(...argv: readonly string[]): Promise<Terminal> {
  const enter = host.enterArgv({ env: { TERM: 'screen-256color' } });
  terminal = await Terminal.open({
    argv: [...enter, ...argv],
    columns: 100,
    env: { PATH: process.env.PATH ?? '' },
  });
  return terminal;
}

test('lintian finds nothing that no override states, and every override is needed', async () => {
  // What is said for information: of Node's own texts, and of overrides.
  const others = 'spelling-error-in-binary,hardening-no-fortify-functions';
  const argv = ['lintian', '--allow-root', '--pedantic', '--display-info', '--suppress-tags', others, deb];
  expect(await machine.run(argv, { env: process.env })).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('the package names the libraries that the executable is linked with', async () => {
  await machine.must(['mkdir', '-p', path.join(folder, 'source/debian')]);
  await writeFile(
    path.join(folder, 'source/debian/control'),
    'Source: studio-setup\n\nPackage: studio-setup\nArchitecture: any\n',
  );
  const argv = ['dpkg-shlibdeps', '-O', path.join(folder, 'older/usr/bin/studio-setup')];
  const said = await machine.must(argv, { cwd: path.join(folder, 'source') });
  const needed = [...said.matchAll(/([a-z0-9.+-]+) \(>= /g)].map(([, name]) => name).sort();
  const named = await machine.must(['dpkg-deb', '--field', deb, 'Depends']);
  expect(needed.length).toBeGreaterThan(0);
  for (const name of needed) expect(named).toContain(name);
});

test('apt installs it, man shows its page, and bash completes at once', async () => {
  await apt('install', `/root/studio-setup_${OLDER}_amd64.deb`);
  expect(await installed()).toBe(`installed ${OLDER}`);
  expect(await must(host, ['dpkg', '--verify', 'studio-setup'])).toBe('');
  expect(await must(host, ['man', 'studio-setup'])).toMatch(/SYNOPSIS\n +studio-setup \[command\]/);
  const { stdout: path } = await host.exec(['sh', '-c', 'command -v studio-setup']);
  expect(path).toBe('/usr/bin/studio-setup\n');
  // A login as by ssh: the shell's own files load the completions.
  const login = await openShell('bash', '-l', '-i');
  await login.until(/#\s*$/m);
  await login.type('studio-setup und');
  await login.press('Tab');
  await login.until('studio-setup undo');
  await login.press('C-u');
  await login.type('studio-setup run --log-level deb');
  await login.press('Tab');
  await login.until('studio-setup run --log-level debug');
});

describe('with a site', () => {
  test('the lower version installs it', async () => {
    console.log(await operator.run());
    left = await present();
    expect(left).toEqual(expect.arrayContaining(['/var/lib/studio-setup', '/var/log/studio-setup']));
  });

  test('upgrade while a run is at work: the run ends well, and the next one changes nothing', async () => {
    await must(host, ['systemctl', 'disable', '--now', 'studio-stats.timer']);
    await siteUp(async () => {
      const run = new Run(host);
      // apt is free: that is asked before the first change alone.
      const event = await run.next(
        (event) => event.type === 'operation-started' && event.operation.startsWith('nginx/'),
      );
      expect(event).toBeDefined();
      await apt('install', current());
      const { code, said } = await run.ended;
      expect(code, said).toBe(0);
    });
    expect(await installed()).toBe(`installed ${versionOf(deb)}`);
    console.log(await operator.runAgain(proof));
    console.log(await operator.doctor());
  });

  test('removed: the site answers, its records stay, and what still starts the program is named', async () => {
    const unit = '/etc/systemd/system/studio-setup-watch.service';
    await host.write(unit, '[Service]\nExecStart=/usr/bin/studio-setup watch run --plain\n');
    await siteUp(async () => {
      expect(await apt('remove', 'studio-setup')).toContain(
        'Install it again, or: systemctl disable --now studio-setup-watch.timer',
      );
    });
    await host.exec(['rm', unit]);
    expect(await installed()).toMatch(/^config-files /);
    expect((await host.exec(['sh', '-c', 'command -v studio-setup'])).code).not.toBe(0);
    expect(await present()).toEqual(left);
  });

  test('installed again: it knows what it did, and changes nothing', async () => {
    await apt('install', current());
    console.log(await operator.runAgain(proof));
    expect(await must(host, ['studio-setup', 'undo', '--list'])).toMatch(/run/);
  });

  test('purged with nobody there to answer: the records stay, and the purge names them', async () => {
    await siteUp(async () => {
      const said = await apt('purge', 'studio-setup');
      for (const each of left) expect(said).toContain(`studio-setup: ${each} stays.`);
    });
    expect(await installed()).toBe('');
    expect(await present()).toEqual(left);
  });

  test('purged by somebody at a terminal, who says yes: the records go, and nothing of the site', async () => {
    await apt('install', current());
    const before = await shell(host, 'ls -A /etc/blender-studio; ls /etc/systemd/system');
    await siteUp(async () => {
      const here = await openShell('apt-get', '--yes', 'purge', 'studio-setup');
      await here.until("Delete the records of studio-setup's runs?");
      await here.until(/\[yes\/no\]/);
      await here.type('yes');
      await here.press('Enter');
      await here.until('ended with 0');
    });
    expect(await present()).toEqual([]);
    expect(await shell(host, 'ls -A /etc/blender-studio; ls /etc/systemd/system')).toBe(before);
    await proof.https();
    await proof.services();
  });

  test('installed once more: it finds the site as it is', async () => {
    await apt('install', current());
    console.log(await operator.doctor());
  });
});
