import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeAnswers } from '../rehearsal/answers.ts';
import { expectExit, Operator, type Ran, records } from '../rehearsal/operator.ts';
import { installProduct } from '../rehearsal/product.ts';
import { Proof } from '../rehearsal/proof.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';
import { killAt } from './interruptions.ts';
import { oneLine, shell } from './operator.ts';
import { commandsOf } from './page.ts';
import { rotated } from './rotation.ts';
import { filesWith, givenAway, namesIn, systemdSays } from './secrets.ts';
import { underTrickle } from './trickle.ts';

const site = '/var/www/blender-studio';
const settings = `${site}/studio/settings.py`;
const units = '/etc/systemd/system';
const vhost = '/var/www/config/nginx_studio.conf';
const ini = '/var/www/config/uwsgi_studio.ini';
const background = `${units}/studio-background.service`;

/** What somebody typed into files by hand; the product never hears of the last one. */
const own = {
  'secret-key': 'made-by-hand-secret-key-0002-for-nobody-but-this-very-host',
  'meilisearch.master-key': 'made-by-hand-master-key-0002',
  unheard: 'made-by-hand-and-told-nobody-0002',
};
const secrets = givenAway(Object.entries(own).map(([id, value]) => ({ id, value })));

// One host on which somebody began by hand; the tests are stations of its life, in this order.
let host: Rehearsal;
let operator: Operator;
let before: readonly string[];
let installed: readonly string[];

beforeAll(async () => {
  host = await startRehearsal();
  await installProduct(host, console.log);
  await writeAnswers(host, {
    only: [
      'domain',
      'extra-names',
      'certificate.email',
      'certificate.server',
      'meilisearch.release',
      'meilisearch.sha256',
    ],
  });
  operator = new Operator(host);
  await byHand();
  before = await handMade();
  const overwrite = [vhost, ini, background].flatMap((file) => ['--overwrite', file]);
  expectExit(await operator.start('run', '--json', ...overwrite), 0);
  installed = await handMade();
  expect(installed).not.toEqual(before);
  await host.checkpoint('installed');
});
afterAll(() => host?.stop());

/** In haste, by root: rights as they came, a link that leads elsewhere, accents, and a file that ends without a line break. */
async function byHand(): Promise<void> {
  await shell(
    host,
    `apt-get update -q
     apt-get install -qy git nginx
     cd /var/www && git clone --quiet --branch production ${host.internet.git.url}
     cp ${site}/studio/settings.example.py ${settings}
     sed -i "s/^SECRET_KEY = .*/SECRET_KEY = '${own['secret-key']}'/" ${settings}
     chmod 604 ${settings}; chown root:adm ${settings}
     sed 's/MEILI_MASTER_KEY=CHANGE_ME/MEILI_MASTER_KEY=${own['meilisearch.master-key']}/' \
       ${site}/deploy${units}/meilisearch.service > ${units}/meilisearch.service
     mkdir -p /var/www/config /etc/nginx/hand; chmod 751 /var/www/config
     printf '# caf\\303\\251 token=${own.unheard}\\nserver { listen 8089; return 204; }\\n' > ${vhost}
     chmod 644 ${vhost}
     printf '[uwsgi]\\nmine = yes' > ${ini}
     printf 'server { listen 8090; return 204; }\\n' > /etc/nginx/hand/old.conf
     ln -s /etc/nginx/hand/old.conf /etc/nginx/sites-enabled/nginx_studio.conf
     printf '[Unit]\\nDescription=Mine\\n[Service]\\nExecStart=/bin/sleep infinity\\n[Install]\\nWantedBy=multi-user.target\\n' > ${background}
     systemctl daemon-reload
     systemctl enable --now --quiet studio-background.service
     nginx -t; systemctl reload nginx`,
  );
}

/**
 * Files, folders and links with mode, owner and hash; what starts at boot and what runs: where packages, the certificate
 * and the virtualenv, which stay, have nothing.
 */
async function handMade(): Promise<readonly string[]> {
  const tree = await host.tree({
    roots: ['/etc/nginx', '/etc/systemd', '/etc/blender-studio', '/var/www'],
    ignored: [
      '/var/www/(venv|data[.]ms|[.]cache|[.]local|studio[.]sock|blender-studio/public)(/.*)?',
      '/var/www/blender-studio/[.]git/.*',
      '.*/__pycache__(/.*)?',
      // Packages bring their own.
      '/etc/systemd/system/(multi-user|timers|sockets)[.]target[.]wants/(postgresql|certbot|redis|uwsgi).*',
    ],
    opaque: [],
  });
  const running = await shell(
    host,
    `systemctl list-units --plain --no-legend --no-pager --state=active,failed --type=service,timer \
       'studio*' 'meilisearch*' 'nginx*' | cut -d' ' -f1; systemctl show studio-background --property=Description`,
  );
  return [...tree, ...running.trim().split('\n')];
}

describe('looking', () => {
  test('--list names the run, and neither it nor --dry-run changes anything', async () => {
    const { stdout, code } = await operator.start('undo', '--list');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^0001 {2}[A-Z][a-z]{2} \d\d? \d\d:\d\d +\d+ {2}run$/m);
    const looked = await operator.start('undo', '--dry-run');
    expect(looked.code).toBe(3);
    expect(looked.stdout).toContain(`~ ${vhost}: as before`);
    expect(looked.stdout).toContain("Stays, as it can't be undone");
    expect(oneLine(looked.stdout)).toContain('database studio: studio-setup never drops a database');
    expect(await handMade()).toEqual(installed);
  });

  test('without a terminal it needs --yes', async () => {
    const { code, stderr } = await host.exec(['studio-setup', 'undo']);
    expect([code, oneLine(stderr)]).toEqual([4, expect.stringContaining('run it with --yes')]);
    expect(await handMade()).toEqual(installed);
  });
});

describe('an edit since', () => {
  test('is a conflict, shown, and nothing at all is changed', async () => {
    await shell(host, `printf '# since: password=${own.unheard}\\n' >> ${vhost}`);
    const edited = await handMade();
    const { code, stderr } = await operator.start('undo');
    expect(code).toBe(4);
    expect(oneLine(stderr)).toContain(`${vhost} was edited after run 0001. Nothing was changed.`);
    expect(stderr).toContain('-# since: password=••••');
    expect(await handMade()).toEqual(edited);
  });

  test('goes with --overwrite, and comes back when that undo is undone', async () => {
    const edited = await host.read(vhost);
    expectExit(await operator.start('undo', '--overwrite', vhost), 0);
    expect(await handMade()).toEqual(before);
    expectExit(await operator.start('undo', '2'), 0);
    expect(await host.read(vhost)).toBe(edited);
    await host.restore('installed');
  });
});

describe('undo', () => {
  test('brings back what was made by hand, byte for byte, with its rights, links and units', async () => {
    const ran = await operator.start('undo', '--json');
    expectExit(ran, 0);
    expect(await handMade()).toEqual(before);
    const stays = records(ran).flatMap(({ type, what }) => (type === 'stays' ? [what] : []));
    expect(stays).toContain('manage.py migrate');
    expect(stays.join('\n')).toMatch(/certificate/i);
    expect(await shell(host, 'systemctl --failed --plain --no-legend')).toBe('');
    // nginx has it in force again, and what it had of the site is gone.
    expect(await shell(host, `curl -so /dev/null -w '%{http_code}' http://127.0.0.1:8090/`)).toBe('204');
  });

  test('once more finds nothing to undo; undoing it brings the site back', async () => {
    const again = await operator.start('undo');
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('All runs were undone already')]);
    expectExit(await operator.start('undo', '2', '--json'), 0);
    expect(await handMade()).toEqual(installed);
    const proof = new Proof(host);
    await proof.https(['studio.example.org', 'www.studio.example.org']);
    await proof.databasePage();
    await proof.search();
    console.log(await operator.runAgain(proof));
  });
});

describe('killed', () => {
  test.each([
    { operation: `files${settings}`, within: 60 },
    { operation: 'units/restart:studio-background.service', within: 200 },
  ])('in the middle of $operation, it goes on when it is started again', async (point) => {
    await host.restore('installed');
    const { point: came } = await killAt(host, [point], ['undo']);
    expect(came).toBe(point);
    expectExit(await operator.start('undo', '--json'), 0);
    expect(await handMade()).toEqual(before);
    // Both starts were one undo: taking back the second takes back both.
    expectExit(await operator.start('undo', '3', '--json'), 0);
    expect(await handMade()).toEqual(installed);
  });
});

/** While visitors come by. New settings reach uWSGI by a graceful reload, so that no page may fail. */
async function quietly(...args: readonly string[]) {
  const { result, seen, words } = await underTrickle(host, () => operator.start(...args, '--json'));
  console.log(`${args.join(' ')}: ${result.seconds.toFixed(1)} s; ${words}`);
  expectExit(result, 0);
  expect(seen.asked).toBeGreaterThan(5);
  expect(seen.failed).toEqual([]);
  return result;
}

const debug = () => shell(host, `grep -o '^DEBUG = .*' ${settings}`);
const numberOf = (ran: Ran) => String(Number(records(ran).find(({ type }) => type === 'run-started')?.run));

/** In whatever order they came: what does not wait for each other runs at the same time. */
function restartsOf(ran: Ran): readonly unknown[] {
  const restarts = records(ran).find(({ type }) => type === 'run-finished')?.restarts;
  return Array.isArray(restarts) ? restarts.sort() : [restarts];
}

describe('a change of a live site', () => {
  let proof: Proof;
  let number: string;
  beforeAll(async () => {
    await host.restore('installed');
    proof = new Proof(host);
    await shell(host, `runuser -u www-data -- sed -i 's/^DEBUG = False/DEBUG = True/' ${settings}`);
  });

  test('one section again: what reads the settings takes them on, once, and no page fails', async () => {
    const shown = await operator.start('plan', 'settings');
    expect(oneLine(shown.stdout)).toMatch(
      /settings\.py: .*reload studio\.service .*restart studio-background\.service/,
    );
    const ran = await quietly('run', 'settings');
    expect(await debug()).toBe('DEBUG = False\n');
    number = numberOf(ran);
    expect(restartsOf(ran)).toEqual(['studio-background.service', 'studio.service']);
    console.log(await operator.runAgain(proof));
    expect(restartsOf(await operator.start('run', 'settings', '--json'))).toEqual([]);
  });

  test('resumed after a kill -9 in the middle: no page fails', async () => {
    await shell(host, `runuser -u www-data -- sed -i 's/^DEBUG = False/DEBUG = True/' ${settings}`);
    const { result, seen, words } = await underTrickle(host, async () => {
      await killAt(host, [{ operation: 'uwsgi/service', within: 300 }], ['run', 'settings']);
      return operator.start('run', 'settings', '--json');
    });
    console.log(`killed, and started again: ${words}`);
    expectExit(result, 0);
    expect(seen.failed).toEqual([]);
    console.log(await operator.runAgain(proof));
  });

  test('undone, and done again: no page fails', async () => {
    expect(await operator.start('undo', number, '--dry-run')).toMatchObject({ code: 3 });
    const ran = await quietly('undo', number);
    expect(await debug()).toBe('DEBUG = True\n');
    expect(restartsOf(ran)).toEqual(['studio-background.service', 'studio.service']);
    await proof.https(['studio.example.org', 'www.studio.example.org']);
    await quietly('undo', numberOf(ran));
    expect(await debug()).toBe('DEBUG = False\n');
    await proof.databasePage();
  });

  test('undone after each secret was rotated: the file goes back with those of today, and the site stays up', async () => {
    const old = await rotated(host);
    for (const secret of ['database-password', 'secret-key', 'meilisearch-key'])
      expectExit(await operator.start('rotate', secret), 0);
    const today = await rotated(host);
    const refused = await operator.start('undo', number);
    expect([refused.code, oneLine(refused.stderr)]).toEqual([
      4,
      expect.stringContaining(`${settings} was changed again by run`),
    ]);
    const shown = await operator.start('undo', number, '--dry-run', '--overwrite', settings);
    expect(oneLine(shown.stdout)).toContain(`${settings}: as before, with the current secrets`);
    const ran = await quietly('undo', number, '--overwrite', settings);
    expect(await debug()).toBe('DEBUG = True\n');
    expect(await rotated(host)).toEqual(today);
    const said = [refused, shown, ran].map(({ stdout, stderr }) => `${stdout}${stderr}`).join('');
    const all = [...Object.values(old), ...Object.values(today)];
    expect(all.filter((each) => said.includes(each))).toEqual([]);
    await proof.https(['studio.example.org', 'www.studio.example.org']);
    await proof.databasePage();
    await proof.search();
    expect(await operator.start('undo', number)).toMatchObject({ code: 1 });
  });

  test('the installation itself after that: the unit made by hand gets the key of today', async () => {
    const { master } = await rotated(host);
    expectExit(
      await operator.start(
        'undo',
        '1',
        '--overwrite',
        settings,
        '--overwrite',
        '/etc/blender-studio/meilisearch.env',
      ),
      0,
    );
    const unit = await host.read(`${units}/meilisearch.service`);
    expect(unit.includes(`MEILI_MASTER_KEY=${master}`)).toBe(true);
    expect(unit).not.toContain(own['meilisearch.master-key']);
    // But for the secrets that were rotated, byte for byte.
    const rest = (lines: readonly string[]) =>
      lines.filter((line) => !line.includes(settings) && !line.includes('meilisearch.service'));
    expect(rest(await handMade())).toEqual(rest(before));
  });
});

describe('the secrets', () => {
  test('stand in the files that own them, and in copies that root alone reads', async () => {
    const found = [...(await filesWith(host, secrets)).keys()];
    const copies = found.filter((file) => file.startsWith('/var/backups/studio-setup/'));
    expect(copies.length).toBeGreaterThan(2);
    expect(found.filter((file) => /studio-setup/.test(file) && !copies.includes(file))).toEqual([]);
    const modes = await shell(host, `stat --format='%a %U' ${copies.join(' ')} /var/backups/studio-setup`);
    expect(new Set(modes.trim().split('\n'))).toEqual(new Set(['600 root', '700 root']));
    expect(namesIn(await systemdSays(host), secrets)).toEqual([]);
    // The first is the installation.
    for (const { stdout, stderr } of operator.transcripts.slice(1))
      expect(namesIn(`${stdout}\n${stderr}`, secrets)).toEqual([]);
  });
});

describe('docs/undoing.md', () => {
  test('every command in it works, in its order', async () => {
    await host.restore('installed');
    for (const command of await commandsOf('undoing.md')) {
      const { code, stdout, stderr } = await host.exec(['sh', '-c', `cd /root\n${command}`]);
      expect([command, code, stderr]).toEqual([command, command.includes('--dry-run') ? 3 : 0, '']);
      if (command.includes('--forget 2')) expect(stdout).toContain('(0002)');
    }
    // Undone and brought back; then all copies were removed.
    expect(await handMade()).toEqual(installed);
    expect(await shell(host, 'ls /var/backups/studio-setup')).toBe('');
    const looked = await operator.start('undo', '--dry-run');
    expect(oneLine(looked.stdout)).toContain(`${vhost}: no copy of its earlier content is kept`);
  });
});
