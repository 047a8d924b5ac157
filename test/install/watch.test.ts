import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Planted } from '../rehearsal/answers.ts';
import { installedHost } from '../rehearsal/installed.ts';
import { type Operator, records } from '../rehearsal/operator.ts';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';
import { shell } from './operator.ts';
import { commandsOf } from './page.ts';
import { givenAway, namesIn } from './secrets.ts';

const HOOK = 'http://127.0.0.1:8099/hooks/planted-on-the-host';
const METRICS = '/var/lib/prometheus/node-exporter/studio-setup.prom';

let host: Rehearsal;
let operator: Operator;
let planted: readonly Planted[];

beforeAll(async () => {
  ({ host, operator, planted } = await installedHost('planted'));
  // Whoever is told: it keeps what it gets, a line each.
  const listener = await readFile(join(import.meta.dirname, 'webhook.py'), 'utf8');
  await host.exec(['sh', '-c', 'cat > /root/webhook.py'], { input: listener });
  await shell(
    host,
    // A unit of the throwaway host itself that failed is none of this.
    `systemctl reset-failed; mkdir -p ${METRICS.slice(0, METRICS.lastIndexOf('/'))}
     systemd-run --quiet --unit test-webhook python3 /root/webhook.py 8099 /root/told
     printf %s '${HOOK}' > /root/webhook && chmod 600 /root/webhook
     printf 'watch:\\n  webhook: {file: /root/webhook}\\n  textfile: ${METRICS}\\n' > /root/watch.yaml
     until curl --silent --output /dev/null http://127.0.0.1:8099/; do sleep 0.1; done; : > /root/told`,
  );
});
afterAll(() => host?.powerOff());

/** What the webhook was told, in its order. */
async function told(): Promise<readonly { readonly title: string; readonly text: string }[]> {
  return (await host.read('/root/told'))
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as { title: string; text: string });
}

/** The timer's own round, under the rights of its unit. */
const round = () => shell(host, 'systemctl start studio-setup-watch.service');

describe('the watch', () => {
  test('every command of its page works, in its order', async () => {
    for (const command of await commandsOf('watch.md')) {
      const { code, stdout, stderr } = await host.exec(['sh', '-c', `cd /root\n${command}`]);
      expect(code, `${command}\n${stdout.slice(-3000)}\n${stderr}`).toBe(0);
    }
    expect((await told()).map(({ title }) => title)).toEqual(['studio.example.org: test message']);
    // All checks pass under the rights of the unit as they do in a terminal.
    expect(await host.read(METRICS)).toContain('studio_setup_checks_failing 0\n');
  });

  test('is set up once more without a change, and gives its secret to nobody', async () => {
    const { code, stdout } = await host.exec([
      'sh',
      '-c',
      'cd /root; studio-setup watch enable --answers watch.yaml --yes',
    ]);
    expect([code, stdout]).toEqual([0, expect.stringContaining('set up already')]);
    const { stdout: open } = await host.exec([
      'sh',
      '-c',
      'grep -rl planted-on-the-host /etc /var/lib /var/log /run --exclude-dir=journal 2>/dev/null; journalctl | grep -c planted-on-the-host; true',
    ]);
    expect(open.trim().split('\n')).toEqual(['/etc/blender-studio/watch.json', '0']);
  });

  test('tells a fault once, and once that it is gone', async () => {
    await shell(host, ': > /root/told; systemctl stop studio-background');
    await round();
    await round();
    expect((await told()).map(({ title }) => title)).toEqual([
      'studio.example.org: Service studio-background fails',
    ]);
    expect((await told())[0]?.text).toContain('What to do: ');
    expect(await host.read(METRICS)).toContain(
      'studio_setup_check_ok{check="service-studio-background"} 0\n',
    );
    await shell(host, 'systemctl start studio-background');
    await round();
    await round();
    expect((await told()).map(({ title }) => title).slice(1)).toEqual([
      'studio.example.org: Service studio-background is well again',
    ]);
    expect(await host.read(METRICS)).toContain(
      'studio_setup_check_ok{check="service-studio-background"} 1\n',
    );
  });

  test('says at a login, and in the doctor, that it can not tell; undo takes it away', async () => {
    await shell(host, 'systemctl stop test-webhook studio-background');
    const { code } = await host.exec(['systemctl', 'start', 'studio-setup-watch.service']);
    expect(code).toBe(1);
    const { stdout: login } = await host.exec(['run-parts', '/etc/update-motd.d']);
    expect(login).toContain("studio-setup can't tell you of failed checks by webhook");
    const doctor = await operator.start('doctor', '--json');
    expect(records(doctor).find(({ id }) => id === 'watch')).toMatchObject({ ok: false });
    await shell(host, 'systemctl start studio-background');
    const undone = await host.exec(['studio-setup', 'undo', '--yes']);
    expect(undone.code, undone.stdout + undone.stderr).toBe(0);
    const left = await host.exec([
      'sh',
      '-c',
      'ls /etc/systemd/system/studio-setup-watch* /etc/systemd/system/timers.target.wants/studio-setup-watch* /etc/blender-studio/watch.json /etc/update-motd.d/95-studio-setup; systemctl is-active studio-setup-watch.timer; true',
    ]);
    expect(left.stdout.trim()).toBe('inactive');
  });
});

describe('docs/support.md', () => {
  test('every command in it works, and gives away no secret of the server', async () => {
    for (const command of await commandsOf('support.md')) {
      const { code, stdout, stderr } = await host.exec(['sh', '-c', `cd /root\n${command}`]);
      // Without --yes it waits for an agreement that nobody is there to give.
      const expected = command === 'studio-setup support-bundle' ? 4 : 0;
      expect(code, `${command}\n${stdout.slice(-3000)}\n${stderr}`).toBe(expected);
    }
    const { stdout } = await host.exec([
      'sh',
      '-c',
      'tar -xzOf /root/support.tar.gz; stat -c %a /root/support.tar.gz',
    ]);
    expect(stdout.trimEnd().endsWith('\n600')).toBe(true);
    expect(stdout).toContain('server_name studio.example.org');
    expect(namesIn(stdout, givenAway(planted))).toEqual([]);
  });
});
