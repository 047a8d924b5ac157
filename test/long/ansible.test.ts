import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { buildDeb } from '../../scripts/deb.ts';
import { sections } from '../../steps/index.ts';
import { traces, tracesBefore } from '../install/files.ts';
import { must, oneLine, shell } from '../install/operator.ts';
import { commandsOf, filesOf } from '../install/page.ts';
import { letIn, recap } from '../install/playbooks.ts';
import {
  copiesApart,
  filesWith,
  givenAway,
  namesIn,
  type Secrets,
  systemdSays,
  watchProcesses,
} from '../install/secrets.ts';
import { type ControlNode, controlNode } from '../rehearsal/ansible.ts';
import { answersFile, makeAnswers, type Planted, secretsFolder, writeAnswers } from '../rehearsal/answers.ts';
import { records } from '../rehearsal/operator.ts';
import * as machine from '../rehearsal/process.ts';
import { productExecutable } from '../rehearsal/product.ts';
import { Proof } from '../rehearsal/proof.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';

// Two hosts at the same time, each with a site of its own, and the operator's computer, which reaches them by ssh: as root, and as
// somebody who may become root. The tests are stations of their life, in this order.
const project = path.join(import.meta.dirname, '../..');
const HOSTS = ['one.example.org', 'two.example.org'] as const;
const SITES = { 'one.example.org': 'studio.example.org', 'two.example.org': 'studio.example.net' } as const;

let folder: string;
let control: ControlNode;
let one: Rehearsal;
let two: Rehearsal;
let planted: readonly Planted[];
let secrets: Secrets;

/** The first command of the page that begins so. */
async function command(begins: string): Promise<string> {
  const found = (await commandsOf('ansible.md')).find((line) => line.startsWith(begins));
  if (found === undefined) throw new Error(`docs/ansible.md has no command ${begins}`);
  return found;
}

/** A command that the page has, as the operator types it in the folder of the inventory, with more words behind it. */
async function typed(words: string, ...more: readonly string[]): Promise<machine.Finished> {
  await command(words);
  return operator([words, ...more].join(' '));
}

/** Everything that it said is kept: no secret may be in it. */
const transcripts: string[] = [];
async function operator(command: string, env: Readonly<Record<string, string>> = {}) {
  const finished = await one.internet.run(['sh', '-c', command], {
    cwd: folder,
    env: { ...control.env, ...env },
  });
  transcripts.push(finished.stdout, finished.stderr);
  return finished;
}

type Result = { readonly [name: string]: unknown };
/** What a play with `-v` says of its tasks: of which host, how it ended, and the result. */
function resultsOf({ stdout }: machine.Finished) {
  return [...stdout.matchAll(/^(ok|changed|fatal|failed): \[([\w.]+)\](?:: FAILED!)? => (\{.*\})$/gm)].map(
    ([, ended, host, json = '']) => ({ ended, host, result: JSON.parse(json) as Result }),
  );
}

/** How a command ended: 2 stands for a host that failed. */
function expectCode(finished: machine.Finished, wanted: number): void {
  const failed = resultsOf(finished).flatMap(({ ended, host, result }) =>
    ended === 'fatal' ? [`${host}: ${result.msg}\n${JSON.stringify(result.problems)}`] : [],
  );
  const said =
    failed.length > 0 ? failed.join('\n') : finished.stdout.slice(-4000) + finished.stderr.slice(-2000);
  expect(finished.code, said).toBe(wanted);
}

/** Of the module that wraps studio-setup, on a host. */
function resultOn(finished: machine.Finished, host: string): Result {
  const found = resultsOf(finished).find(
    (each) => each.host === host && ('planned' in each.result || 'remedy' in each.result),
  );
  expect(found, finished.stdout.slice(-4000) + finished.stderr).toBeDefined();
  return found?.result ?? {};
}

/** Results on one line each. */
const verbose = { ANSIBLE_CALLBACK_RESULT_FORMAT: 'json', ANSIBLE_CALLBACK_FORMAT_PRETTY: 'false' };

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'ansible-'));
  control = await controlNode(folder, console.log);
  const executable = await productExecutable(console.log);
  const parts = {
    executable,
    architecture: 'amd64',
    version: '0.1.0-1',
    epoch: 1_700_000_000,
    copyright: 'Nobody\n',
  };
  await buildDeb({ ...parts, folder, quick: true });
  await machine.must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', path.join(folder, 'key')]);

  one = await startRehearsal({ report: () => {} });
  two = await one.another();
  const keys: string[] = [];
  for (const [host, name, user] of [
    [one, HOSTS[0], 'root'],
    [two, HOSTS[1], 'deploy'],
  ] as const) {
    await one.dns.set(name, { a: [host.machine.address] });
    keys.push(await letIn(host, name, user, folder));
  }
  await one.dns.set(SITES[HOSTS[1]], { a: [two.machine.address] });
  await writeFile(path.join(folder, 'known_hosts'), keys.join(''));
  const ssh = `-o IdentityFile=${folder}/key -o UserKnownHostsFile=${folder}/known_hosts`;
  control = { env: { ...control.env, ANSIBLE_SSH_COMMON_ARGS: ssh, ...verbose } };

  const made = await makeAnswers(one);
  planted = made.planted;
  secrets = givenAway(planted);
  await mkdir(path.join(folder, 'group_vars/studio'), { recursive: true });
  for (const [name, text] of await filesOf('ansible.md')) await writeFile(path.join(folder, name), text);
  const { domain: _, 'extra-names': __, ...answers } = made.answers;
  const plain = Object.entries(answers).filter(([id]) => !planted.some((each) => each.id === id));
  // Read after that of the page, which has what an operator has.
  const own = { studio_setup_answers: Object.fromEntries(plain) };
  await writeFile(path.join(folder, 'group_vars/studio/rehearsal.yml'), stringify(own));
  for (const host of [one, two])
    await host.write(String(answers['geoip.database']), 'stands in for a GeoLite2 database');
  const vault = {
    vault_studio_setup_secrets: Object.fromEntries(planted.map(({ id, value }) => [id, value])),
  };
  await writeFile(path.join(folder, 'group_vars/studio/vault.yml'), stringify(vault));
  await writeFile(path.join(folder, '.studio-vault-password'), 'the-password-of-the-vault\n');

  await machine.must(
    ['ansible-galaxy', 'collection', 'build', path.join(project, 'ansible'), '--output-path', folder],
    {
      env: control.env,
    },
  );
  for (const begins of ['ansible-galaxy collection install', 'ansible-vault encrypt']) {
    const { code, stdout, stderr } = await operator(await command(begins));
    expect(code, stdout + stderr).toBe(0);
  }
});
afterAll(async () => {
  await one?.stop();
  await rm(folder, { recursive: true, force: true });
});

const SITE = 'ansible-playbook blender_studio.studio_setup.site';
const UPDATE = 'ansible-playbook blender_studio.studio_setup.update';

/** What comes with a login and with Ansible itself, which makes a temporary folder for each task. */
const OF_LOGINS =
  / \/(root|tmp|run|home\/deploy\S*|root\/\.ansible\S*|run\/(sudo|sshd|user|utmp|motd\.dynamic)\S*|var\/log\/\S+) /;

describe('check mode on bare hosts', () => {
  test('shows the plan of studio-setup, and changes nothing', async () => {
    const seen = (all: readonly string[]) => all.filter((line) => !OF_LOGINS.test(line));
    const before = [seen(await tracesBefore(one)), seen(await traces(two))];
    const checked = await typed(`${SITE} --check --diff`, '-v');
    expectCode(checked, 0);
    expect(before[0]?.length).toBeGreaterThan(10_000);
    expect([seen(await traces(one)), seen(await traces(two))]).toEqual(before);
    for (const host of [one, two]) expect(await shell(host, 'ls -A /root')).not.toContain('studio-setup');

    // The same, asked of studio-setup itself.
    const program = '/root/plan/studio-setup';
    await one.push(await productExecutable(console.log), program, '755');
    await writeAnswers(one);
    const asked = await one.exec([program, 'plan', '--json', '--answers', answersFile]);
    expect(asked.code).toBe(3);
    await shell(one, `rm -r /root/plan ${answersFile} ${secretsFolder}`);
    const of = (each: Result) => `${each.operation}: ${each.kind}, ${each.summary}`;
    const planned = records(asked).filter(({ type }) => type === 'planned');
    expect(planned.length).toBeGreaterThan(30);
    const { planned: shown, changed } = resultOn(checked, HOSTS[0]);
    expect((shown as readonly Result[]).map(of)).toEqual(planned.map(of));
    expect(changed).toBe(true);
    for (const { operation, summary } of planned)
      expect(checked.stdout).toContain(`${operation}: ${summary}`);
  });

  test('names the answers that are missing', async () => {
    const answers = parse(await readFile(path.join(folder, 'group_vars/studio/rehearsal.yml'), 'utf8'));
    delete answers.studio_setup_answers['certificate.email'];
    await writeFile(path.join(folder, 'fewer.yml'), stringify(answers));
    const checked = await typed(`${SITE} --check`, '-v --limit', HOSTS[0], '--extra-vars @fewer.yml');
    expectCode(checked, 2);
    expect(resultOn(checked, HOSTS[0])).toMatchObject({
      rc: 4,
      missing_answers: ['certificate.email'],
      msg: expect.stringMatching(
        /^An answer is missing\. Nothing was changed\. Missing: certificate\.email\. Write /,
      ),
    });
  });
});

describe('the first play', () => {
  test('says what failed and what to do, and can be started again', async () => {
    await one.internet.pause('pypi.example.test');
    const failed = await typed(SITE, '-vvv --limit', HOSTS[0]);
    await one.internet.resume('pypi.example.test');
    expectCode(failed, 2);
    const result = resultOn(failed, HOSTS[0]);
    expect(result).toMatchObject({ rc: 1, changed: true, section: 'virtualenv' });
    expect(String(result.remedy).length).toBeGreaterThan(10);
    expect(result.msg).toBe(`${(result.problems as readonly Result[])[0]?.what} ${result.remedy}`);
  });

  test('sets the sites up, and shows no secret to other processes', async () => {
    const watches = await Promise.all([one, two].map((host) => watchProcesses(host, secrets)));
    // What is found here is what proves that the watching finds anything.
    const [{ id, value } = { id: '', value: '' }] = planted;
    await one.exec(['sh', '-c', 'sleep 0.5', value], { env: { CONTROL: value } });
    const tried = readByOthers(one);
    const env = { ANSIBLE_LOG_PATH: path.join(folder, 'ansible.log') };
    const played = await operator(`${SITE} -vvv`, env);
    expectCode(played, 0);
    for (const host of HOSTS) {
      expect(recap(played)[host]).toMatchObject({ failed: 0, unreachable: 0 });
      expect(recap(played)[host]?.changed).toBeGreaterThan(0);
      expect((resultOn(played, host).operations as readonly string[]).length).toBeGreaterThan(20);
    }
    expect(await tried).toEqual({ root: planted.length, others: 'Permission denied' });
    for (const [index, watch] of watches.entries()) {
      const { shown } = await watch.stop();
      const names = (kind: string) => shown.filter((each) => each.kind === kind);
      expect(names('cmdline').map(({ name }) => name)).toEqual(index === 0 ? [id] : []);
      const variables = new Set(names('environ').map(({ variable }) => variable.replace(/\d+$/, 'NUMBER')));
      // Meilisearch takes its key by no other way in this version.
      const own = ['STUDIO_SETUP_SECRET_NUMBER', 'MEILI_MASTER_KEY'];
      expect(variables).toEqual(new Set(index === 0 ? ['CONTROL', ...own] : own));
    }
  });

  test('the sites answer', async () => {
    for (const [host, name] of [
      [one, SITES[HOSTS[0]]],
      [two, SITES[HOSTS[1]]],
    ] as const) {
      const proof = new Proof(host, name);
      await proof.https([name]);
      await proof.databasePage();
    }
  });

  test('the secrets stand on the hosts in the files of the site alone', async () => {
    const settings = '/var/www/blender-studio/studio/settings.py';
    for (const host of [one, two]) {
      const { files } = copiesApart(await filesWith(host, secrets));
      expect(new Set(files.keys())).toEqual(
        new Set([
          settings,
          settings.replace('settings.py', '__pycache__/settings.cpython-311.pyc'),
          '/etc/blender-studio/meilisearch.env',
        ]),
      );
      expect(namesIn(await systemdSays(host), secrets)).toEqual([]);
    }
  });

  test('the second one changes nothing, and neither would a third', async () => {
    for (const command of [SITE, `${SITE} --check`]) {
      const played = await typed(command, '-v');
      expectCode(played, 0);
      for (const host of HOSTS) {
        expect(recap(played)[host]).toMatchObject({ changed: 0, failed: 0 });
        expect(resultOn(played, host)).toMatchObject({
          changed: false,
          planned: [],
          operations: [],
          restarts: [],
        });
      }
    }
  });

  test('the sites are as studio-setup says', async () => {
    const asked = await operator(await command('ansible studio'));
    expectCode(asked, 0);
    const found = [...asked.stdout.matchAll(/^([\w.]+) \| SUCCESS => (\{.*\})$/gm)];
    expect(found.map(([, host]) => host).sort()).toEqual([...HOSTS]);
    for (const [, , json = ''] of found) {
      const result = JSON.parse(json);
      expect(result).toMatchObject({
        installed: true,
        healthy: true,
        failed_checks: [],
        pending: [],
        changed: false,
      });
      expect(result.checks.length).toBeGreaterThan(10);
      expect(result.sections.map(({ id }: Result) => id)).toEqual(sections.map(({ id }) => id));
      expect(new Set(result.sections.map(({ state }: Result) => state))).toEqual(new Set(['done']));
    }
  });
});

describe('a rolling update', () => {
  const released = async (host: keyof typeof SITES) =>
    /Release: (production[ \w]*)/
      .exec((await one.internet.curl(`https://${SITES[host]}/`)).stdout)?.[1]
      ?.trim();
  const third = 'three.example.org';

  beforeAll(async () => {
    // After the others in the inventory. It is the first one by another name, and is not to be reached.
    const more = { studio: { hosts: { [third]: { ansible_host: HOSTS[0] } } } };
    await writeFile(path.join(folder, 'more.yml'), stringify(more));
    for (const [name, word] of [
      ['out-of-the-balancer', 'out'],
      ['into-the-balancer', 'in'],
    ] as const)
      await writeFile(
        path.join(folder, `${name}.yml`),
        stringify([
          {
            name: 'Tell the balancer',
            'ansible.builtin.shell': `echo {{ inventory_hostname }} ${word} >> {{ inventory_dir }}/balancer`,
            delegate_to: 'localhost',
            become: false,
            changed_when: false,
          },
        ]),
      );
    const page = await readFile(path.join(project, 'docs/ansible.md'), 'utf8');
    const hooks = page.split('\n').filter((line) => /^studio_setup_(before|after): /.test(line));
    expect(hooks).toHaveLength(2);
    await writeFile(path.join(folder, 'group_vars/studio/balancer.yml'), `${hooks.join('\n')}\n`);
    await one.internet.git.commit('Another release', { 'studio/release.py': "NAME = 'production 2'\n" });
  });

  const toldTheBalancer = async () => {
    const told = (await readFile(path.join(folder, 'balancer'), 'utf8')).trim().split('\n');
    await rm(path.join(folder, 'balancer'));
    return told;
  };

  test('check mode shows what comes, and changes nothing of the site', async () => {
    const checked = await typed(UPDATE, '-v --check --diff --limit', HOSTS[0]);
    expectCode(checked, 0);
    expect(resultOn(checked, HOSTS[0])).toMatchObject({ changed: true, operations: [], state: '' });
    expect(JSON.stringify(resultOn(checked, HOSTS[0]).notices)).toContain('Another release');
    expect(await released(HOSTS[0])).toBe('production');
    await rm(path.join(folder, 'balancer'), { force: true });
  });

  test('stops at the first host that the doctor finds something wrong with', async () => {
    await must(two, ['systemctl', 'disable', '--now', 'studio-stats.timer']);
    const played = await typed(UPDATE, '-v --inventory inventory.yml --inventory more.yml');
    expectCode(played, 2);
    const counts = recap(played);
    expect(counts[HOSTS[0]]).toMatchObject({ failed: 0 });
    expect(counts[HOSTS[1]]).toMatchObject({ failed: 1 });
    expect(Object.keys(counts)).not.toContain(third);
    expect(oneLine(played.stdout)).toMatch(/checks of the site fail\..*studio-stats\.timer/);
    expect(await toldTheBalancer()).toEqual([`${HOSTS[0]} out`, `${HOSTS[0]} in`, `${HOSTS[1]} out`]);
    expect(await released(HOSTS[0])).toBe('production 2');
    expect(resultOn(played, HOSTS[0])).toMatchObject({ changed: true, state: 'new' });
    await new Proof(one).databasePage();
  });

  test('goes on where it stopped once that is fixed, and reaches all', async () => {
    await must(two, ['systemctl', 'enable', '--now', 'studio-stats.timer']);
    const played = await typed(UPDATE, '-v --inventory inventory.yml --inventory more.yml');
    expectCode(played, 0);
    expect(recap(played)[HOSTS[0]]).toMatchObject({ changed: 0, failed: 0 });
    expect(resultOn(played, HOSTS[0])).toMatchObject({ changed: false, state: '', operations: [] });
    expect(await toldTheBalancer()).toEqual(
      [...HOSTS, third].flatMap((host) => [`${host} out`, `${host} in`]),
    );
    for (const host of HOSTS) expect(await released(host)).toBe('production 2');
  });

  test('code that does not start is not let in: the old release serves, and no host after it is reached', async () => {
    await one.internet.git.commit('A mistake', { 'common/views.py': 'this is no Python\n' });
    const played = await typed(UPDATE, '-v');
    expectCode(played, 2);
    expect(Object.keys(recap(played))).toEqual([HOSTS[0]]);
    expect(resultOn(played, HOSTS[0])).toMatchObject({ rc: 1, section: 'update' });
    expect(await toldTheBalancer()).toEqual([`${HOSTS[0]} out`]);
    for (const host of HOSTS) expect(await released(host)).toBe('production 2');
  });

  test('back to the release before', async () => {
    const played = await typed(UPDATE, '-v --extra-vars studio_setup_rollback=true');
    expectCode(played, 0);
    for (const host of HOSTS) {
      expect(resultOn(played, host)).toMatchObject({ changed: true, state: 'new' });
      expect(await released(host)).toBe('production');
    }
  });
});

test('no secret is in anything that Ansible said, with -vvv either, or in its log', async () => {
  const log = await readFile(path.join(folder, 'ansible.log'), 'utf8');
  expect(log.length).toBeGreaterThan(10_000);
  expect(log).toContain('VALUE_SPECIFIED_IN_NO_LOG_PARAMETER');
  expect(transcripts.join('').length).toBeGreaterThan(log.length);
  for (const text of [log, ...transcripts]) expect(namesIn(text, secrets)).toEqual([]);
});

/** While studio-setup is at work: how many secrets root reads in its environment, and what the site's account hears that tries. */
async function readByOthers(host: Rehearsal): Promise<{ root: number; others: string }> {
  const script = `until pid=$(pgrep -f '^/usr/bin/studio-setup run'); do sleep 0.2; done
    tr '\\0' '\\n' < /proc/$pid/environ | grep -c ^STUDIO_SETUP_SECRET_
    setpriv --reuid=www-data --regid=www-data --clear-groups cat /proc/$pid/environ 2>&1 || true`;
  const [root, others = ''] = (await shell(host, script)).trim().split('\n');
  return { root: Number(root), others: others.split(': ').at(-1) ?? '' };
}
