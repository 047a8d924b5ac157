import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sections } from '../../steps/index.ts';
import { type Planted, secretsFolder, writeAnswers } from '../rehearsal/answers.ts';
import { expectExit, Operator, type Ran, records } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { Proof } from '../rehearsal/proof.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';
import { traces, tracesBefore } from './files.ts';
import {
  copiesApart,
  filesWith,
  givenAway,
  namesIn,
  type Secrets,
  systemdSays,
  watchProcesses,
} from './secrets.ts';

const settings = '/var/www/blender-studio/studio/settings.py';
const names = ['studio.example.org', 'www.studio.example.org'];

// One host, and one installation on it: the tests are stations of its life, in this order.
let host: Rehearsal;
let operator: Operator;
let proof: Proof;
let planted: readonly Planted[];
let secrets: Secrets;
let planned: Ran;
let ran: Ran;

beforeAll(async () => {
  host = await startRehearsal();
  planted = await writeAnswers(host);
  secrets = givenAway(planted);
  await installProduct(host, console.log);
  operator = new Operator(host);
  proof = new Proof(host);
});
afterAll(() => host?.stop());

describe('on the bare host', () => {
  test('a plan writes nothing anywhere', async () => {
    const before = await tracesBefore(host);
    planned = await operator.start('plan', '--json');
    expectExit(planned, 3);
    expect(before.length).toBeGreaterThan(10_000);
    expect(await traces(host)).toEqual(before);
  });

  test('the other commands that only look write nothing either', async () => {
    const before = await tracesBefore(host);
    for (const command of ['status', 'script', 'answers', 'departures', 'doctor'])
      await operator.start(command);
    expect(await traces(host)).toEqual(before);
  });

  test('one run does it all, and shows no secret to other processes', async () => {
    const watch = await watchProcesses(host, secrets);
    // What is found here is what proves that the watching finds anything.
    const [{ id, value } = { id: '', value: '' }] = planted;
    await host.exec(['sh', '-c', 'sleep 0.5', value], { env: { CONTROL: `x${value}` }, user: 'www-data' });
    ran = await operator.start('run', '--json');
    const { shown, rounds, seconds } = await watch.stop();
    console.log(
      `run: ${ran.seconds.toFixed(1)} s, processes looked at ${rounds} times in ${seconds.toFixed(1)} s`,
    );

    expectExit(ran, 0);
    expect(rounds / seconds).toBeGreaterThan(4);
    expect(shown.filter(({ group }) => group !== 'meilisearch.service')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'cmdline', name: id }),
        expect.objectContaining({ kind: 'environ', name: id, variable: 'CONTROL' }),
      ]),
    );
    const others = shown.filter(({ kind, name, variable }) =>
      kind === 'cmdline' ? name !== id : variable !== 'CONTROL',
    );
    // Meilisearch takes its key by no other way in this version; only root and www-data can look there.
    expect(others).toEqual([
      {
        kind: 'environ',
        name: 'meilisearch.master-key',
        variable: 'MEILI_MASTER_KEY',
        group: 'meilisearch.service',
      },
    ]);
  });

  test('packages were fetched while apt installed others', async () => {
    const said = records(ran).flatMap(({ type, operation, line }) =>
      type === 'output' && operation === 'database/packages' && String(line).startsWith('Need to get ')
        ? [line]
        : [],
    );
    // As apt 2.6 says it: first where it only fetches, last where it installs.
    expect(said.at(-1)).toMatch(/^Need to get 0 B\/\d/);
    expect(await host.exec(['ls', '/var/cache/apt/archives'])).toMatchObject({
      code: 0,
      stdout: expect.not.stringContaining('studio-setup'),
    });
  });

  test('the plan listed what the run then did', () => {
    const listed = records(planned).flatMap(({ type, operation, title }) =>
      type === 'planned' ? [`${operation}: ${title}`] : [],
    );
    const titles = new Map(listed.map((line) => [line.split(':')[0], line]));
    const done = records(ran).flatMap(({ type, operation, outcome }) =>
      type === 'operation-finished' && outcome === 'changed'
        ? [titles.get(String(operation)) ?? String(operation)]
        : [],
    );
    expect(done.sort()).toEqual([...listed].sort());
  });
});

describe('the site', () => {
  test('answers by both names over HTTPS', () => proof.https(names));
  test('shows what stands in the database', () => proof.databasePage());
  test('serves static files', () => proof.staticFile());
  test('searches with the public key only', () => proof.search());
  test('has all services running', () => proof.services());
  test('has all timers waiting', () => proof.timers());

  test('runs with the answers', async () => {
    const { stdout } = await host.internet.curl('https://studio.example.org/settings-in-use/');
    expect(JSON.parse(stdout)).toMatchObject({
      release: 'production',
      site_domain: 'studio.example.org',
      debug: false,
      allowed_hosts: names,
      insecure_oauth: false,
      login_address: 'https://id.example.org/oauth/authorize',
      braintree_environment: expect.stringMatching(/sandbox/i),
      search_address: 'https://studio.example.org/s/',
      recaptcha_site_key: 'planted-recaptcha-site',
      analytics: 'G-PLANTED0001',
      cloudfront_key_lines: 4,
      country_database: true,
      is_secure: true,
    });
  });
});

describe('once installed', () => {
  test('a plan lists nothing and writes nothing', async () => {
    const before = await tracesBefore(host);
    console.log(await operator.plan('up to date'));
    expect(await traces(host)).toEqual(before);
  });

  test('a plan of a single section lists nothing either: no answer of another section is made up', async () => {
    for (const { id: section } of sections) {
      const { code, stdout, stderr } = await host.exec(['studio-setup', 'plan', section, '--diff']);
      expect(code, `plan ${section}: ${stdout}${stderr}`).toBe(0);
    }
  });

  test('a second run changes and restarts nothing, and takes the code that the first one kept', async () => {
    // V8 refuses what does not fit, and then it is written again: another file.
    const kept = async () =>
      (await host.exec(['stat', '--format=%U %a %i', '/var/lib/studio-setup/compiled-commands'])).stdout;
    const before = await kept();
    expect(before).toMatch(/^root 600 \d+\n$/);
    console.log(await operator.runAgain(proof));
    expect(await kept()).toBe(before);
  });

  test('the doctor is content', async () => {
    console.log(await operator.doctor());
  });

  test('a renewed certificate reaches the visitors', async () => {
    console.log(await proof.renewal());
  });
});

describe('after a reboot', () => {
  beforeAll(() => host.reboot());

  test('the timers wait', () => proof.timers());
  test('the services run', () => proof.services());
  test('the site answers, from the database too', async () => {
    await proof.https(names);
    await proof.databasePage();
    await proof.search();
  });
  test('a run changes and restarts nothing', async () => {
    console.log(await operator.runAgain(proof));
  });
});

describe('a setting and a secret that somebody changed', () => {
  const typed = 'typed-by-hand-coconut-key-0001';

  beforeAll(async () => {
    const edit = ['s/^DEBUG = False/DEBUG = True/', `s/^COCONUT_API_KEY = .*/COCONUT_API_KEY = '${typed}'/`];
    await host.exec(['sed', '-i', ...edit.flatMap((each) => ['-e', each]), settings]);
  });

  test('are shown, the secret masked on both sides', async () => {
    const { code, stdout, stderr } = await operator.start('plan', '--diff');
    expect(code).toBe(3);
    expect(stdout).toMatch(/-DEBUG = True\n *\+DEBUG = False/);
    expect(stdout).toMatch(/-COCONUT_API_KEY = '••••'\n *\+COCONUT_API_KEY = '••••'/);
    expect(stdout + stderr).not.toContain(typed);
  });

  test('are put back, and what reads them restarts', async () => {
    const { code, stdout } = await operator.start('run', '--plain');
    expect([code, stdout]).toEqual([0, expect.stringMatching(/2 restarts/)]);
    const { files, copies } = copiesApart(await filesWith(host, givenAway([{ id: 'typed', value: typed }])));
    expect(files).toEqual(new Map());
    // `undo` would bring it back.
    expect([...copies.keys()]).toEqual([expect.stringMatching(/\/0002\/\d{5}$/)]);
    await proof.databasePage();
    console.log(await operator.runAgain(proof));
  });
});

describe('the planted secrets', () => {
  test('stand in the files that own them, closed to others, and in no other', async () => {
    const { files: found, copies } = copiesApart(await filesWith(host, secrets));
    const own = new Map(planted.map(({ id, path }) => [path, [id]]));
    const inSettings = planted
      .map(({ id }) => id)
      .filter((id) => !['admin.password', 'meilisearch.master-key'].includes(id));
    const compiled = settings.replace('settings.py', '__pycache__/settings.cpython-311.pyc');
    expect(found).toEqual(
      new Map([
        ...own,
        [settings, inSettings],
        [compiled, inSettings],
        ['/etc/blender-studio/meilisearch.env', ['meilisearch.master-key']],
      ]),
    );
    // What somebody had changed before it was put back.
    expect([...copies.values()]).toEqual([inSettings.filter((id) => id !== 'coconut.api-key')]);
    const folder = await host.exec(['stat', '--format=%U %a', '/var/backups/studio-setup']);
    expect(folder.stdout).toBe('root 700\n');
    const modes = await host.exec(['stat', '--format=%n %a', ...found.keys(), ...copies.keys()]);
    for (const line of modes.stdout.trim().split('\n')) {
      // Whoever can't enter root's folder can't read what is in it.
      if (!line.startsWith(secretsFolder)) expect(line).toMatch(/0$/);
    }
  });

  test('are not in what the product showed', async () => {
    for (const command of ['status', 'script', 'answers', 'departures']) await operator.start(command);
    for (const { stdout, stderr } of operator.transcripts) {
      expect(namesIn(`${stdout}\n${stderr}`, secrets)).toEqual([]);
    }
  });

  test('are not in what systemd tells of its units, nor in its journal', async () => {
    const said = await systemdSays(host);
    expect(said).toContain('studio-background.service');
    expect(namesIn(said, secrets)).toEqual([]);
  });
});
