import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { RUN_MARKER } from '../../src/host/environment.ts';
import { answersFile } from '../rehearsal/answers.ts';
import { installedHost } from '../rehearsal/installed.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { must, shell } from './operator.ts';
import { replaceable, rootExecs } from './root-execs.ts';
import { attempt, refused } from './untouched.ts';

/**
 * A site that was broken into: whoever did it has the account www-data, and with it the checkout, its .git and
 * /var/www/config. Each attack is undone before the next.
 */
let host: Rehearsal;
const checkout = '/var/www/blender-studio';
const units = '/etc/systemd/system';
const deploy = `${checkout}/deploy${units}`;
const ran = '/tmp/ran';

/** As whoever broke in. */
const attacker = (script: string) =>
  must(host, ['sh', '-euc', `cd ${checkout}; ${script}`], { user: 'www-data' });
const commit = 'git add -A -f deploy && git -c user.name=dev -c user.email=dev@example.org commit -qm Update';

beforeAll(async () => {
  ({ host } = await installedHost('planted'));
  await shell(host, 'apt-get update -q && apt-get install -y -q --no-install-recommends strace');
  await attacker('git rev-parse HEAD > /var/www/good');
});
afterAll(() => host?.powerOff());

async function undone(): Promise<void> {
  await attacker('git reset -q --hard "$(cat /var/www/good)"; git clean -qfd deploy');
  await shell(host, `rm -f ${ran}`);
}

describe('what observing runs', () => {
  const evil = '/var/www/tools/meilisearch-0.25.2';
  beforeAll(async () => {
    await attacker(`mkdir -p /var/www/tools
      printf '#!/bin/sh\\nid -u >> ${ran}\\necho meilisearch-http 0.25.2\\n' > ${evil}
      chmod 755 ${evil}
      sed -i 's|^ExecStart=[^ ]*|ExecStart=${evil}|' ${deploy}/meilisearch.service
      git config core.fsmonitor ${evil}
      ${commit}`);
    // As an earlier release of this product installed it without a word.
    await shell(
      host,
      `cp -a ${units}/meilisearch.service /root/kept
      sed -i 's|^ExecStart=[^ ]*|ExecStart=${evil}|' ${units}/meilisearch.service`,
    );
  });
  afterAll(async () => {
    await shell(host, `cp -a /root/kept ${units}/meilisearch.service`);
    await attacker('git config --unset core.fsmonitor');
    await undone();
  });

  test('the trace tells a program that www-data can replace', async () => {
    const { programs } = await rootExecs(host, ['sh', '-c', `true; ${evil}; runuser -u www-data -- ${evil}`]);
    expect(programs).toContain('/usr/bin/sh');
    expect(programs.filter((each) => each === evil)).toHaveLength(1);
    expect(await replaceable(host, programs)).toEqual([evil]);
    await shell(host, `rm -f ${ran}`);
  });

  test.each([[['plan', '--answers', answersFile]], [['status']], [['doctor']], [['answers', '--record']]])(
    '%s starts nothing as root that www-data can replace',
    async (command) => {
      const { programs, said } = await rootExecs(host, ['studio-setup', ...command]);
      // The product itself at least, or the trace tells nothing.
      expect(programs.length, said).toBeGreaterThan(0);
      expect(await replaceable(host, programs)).toEqual([]);
      // The checkout's own program may run, as www-data.
      expect((await host.exec(['cat', ran])).stdout.split('\n')).not.toContain('0');
    },
  );

  test('a run neither starts nor writes it, and says why', async () => {
    const { code, said } = await refused(host);
    expect(code).toBe(1);
    expect(said).toContain(
      `The repository's meilisearch.service starts ${evil}. Root will not install or run a program there: /var/www belongs to www-data.`,
    );
  });
});

describe('what goes from the checkout to where root reads it', () => {
  afterEach(undone);

  test.each([
    ['not committed', 'true'],
    ['committed', commit],
  ])('a unit that runs as root, %s', async (_, committed) => {
    await attacker(`sed -i 's|^User=.*|User=root\\nExecStartPre=/bin/sh -c "id -u >${ran}"|' ${deploy}/studio-clock-tick.service
      ${committed}`);
    const { code, said } = await refused(host);
    expect(code).toBe(4);
    expect(said).toMatch(
      /studio-clock-tick\.service would come from the checkout.*needs your approval: User=root/,
    );
    expect(said).toContain(`--overwrite ${units}/studio-clock-tick.service`);
  });

  test('a command with root rights in a unit of www-data', async () => {
    await attacker(
      `printf '[Service]\\nExecStartPre=+/bin/sh -c "id -u >${ran}"\\n' >> ${deploy}/studio.service; ${commit}`,
    );
    const { code, said } = await refused(host);
    expect(code).toBe(4);
    expect(said).toContain('ExecStartPre=+/bin/sh');
  });

  test("with the operator's word it is installed, and the doctor finds it", async () => {
    const unit = `${units}/studio-clock-tick.service`;
    await attacker(`sed -i 's|^User=.*|User=root|' ${deploy}/studio-clock-tick.service; ${commit}`);
    const { code, said } = await attempt(host, { flags: ['--overwrite', unit] });
    expect(code, said).toBe(1);
    expect(said).toContain("studio-clock-tick.service has root's rights: User=root");
    expect(await host.read(unit)).toContain('User=root');
    await undone();
    const fixed = await attempt(host);
    expect(fixed.code, fixed.said).toBe(0);
    expect(await host.read(unit)).toContain('User=www-data');
  });

  test('a change that gives www-data nothing is taken without a question when it is committed, and asked about when not', async () => {
    const line = `sed -i 's|^Description=.*|Description=Another one|' ${deploy}/studio-stats.service`;
    await attacker(line);
    const { code, said } = await refused(host);
    expect(code).toBe(4);
    expect(said).toContain('the file differs from its commit');
    await attacker(commit);
    const taken = await attempt(host);
    expect(taken.code, taken.said).toBe(0);
    await undone();
    expect((await attempt(host)).code).toBe(0);
  });

  test('a unit that was not there before', async () => {
    await attacker(
      `printf '[Service]\\nUser=www-data\\nGroup=www-data\\nExecStart=/usr/bin/true\\n' > ${deploy}/helper.service; ${commit}`,
    );
    const { code, said } = await refused(host);
    expect(code).toBe(4);
    expect(said).toContain('it did not exist at the last run');
  });

  test('a unit that belongs to a package', async () => {
    await attacker(
      `printf '[Service]\\nUser=www-data\\nGroup=www-data\\nExecStart=/usr/bin/true\\n' > ${deploy}/nginx.service; ${commit}`,
    );
    const { code, said } = await attempt(host);
    expect(code, said).toBe(0);
    expect(said).toMatch(/nginx\.service is not installed: a package owns .*nginx\.service/);
    await shell(host, `test ! -e ${units}/nginx.service`);
  });

  test("a log that root's nginx would open", async () => {
    const log = '/etc/cron.d/evil';
    const file = '/var/www/config/nginx_studio.common.conf';
    await attacker(`echo 'access_log ${log};' >> deploy${file}; ${commit}`);
    const { code, said } = await refused(host);
    expect(code).toBe(4);
    expect(said).toContain(`access_log ${log}`);
    // By the document the file itself is www-data's as well.
    await attacker(`echo 'access_log ${log};' >> ${file}`);
    const doctor = await host.exec(['studio-setup', 'doctor']);
    expect(doctor.code).toBe(3);
    expect(doctor.stdout.replace(/\s+/g, ' ')).toContain('nginx was not told to read them');
    // The same in both places: nothing is to be written, and nginx is to be reloaded.
    const same = await attempt(host);
    expect(same.code, same.said).toBe(1);
    expect(same.said).toContain('nginx was not told to read them');
    await undone();
    expect((await refused(host)).code).toBe(4);
    await shell(host, `test ! -e ${log}`);
    const run = await attempt(host, { flags: ['--overwrite', file] });
    expect(run.code, run.said).toBe(0);
    await shell(host, `test ! -e ${log}`);
  });
});

describe('who is waited for', () => {
  test('a process that www-data marked as a program of a run holds up nothing', async () => {
    await attacker(
      `${RUN_MARKER}=/var/lib/studio-setup/runs/0001 setsid sleep 600 </dev/null >/dev/null 2>&1 & echo $! > /var/www/sleeper`,
    );
    const { code, said } = await attempt(host);
    expect(code, said).toBe(0);
    expect(said).not.toContain('programs of it still run');
    await attacker('kill "$(cat /var/www/sleeper)"');
  });
});
