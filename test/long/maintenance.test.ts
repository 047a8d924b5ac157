import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Interrupted, killAt, type Point } from '../install/interruptions.ts';
import { must, oneLine, shell } from '../install/operator.ts';
import { underTrickle } from '../install/trickle.ts';
import { bootSite, host, operator } from '../install/updatable-site.ts';
import { records } from '../rehearsal/operator.ts';

const SITE = 'https://studio.example.org';
const FILE = '/etc/nginx/sites-enabled/nginx_studio-maintenance.conf';
const VHOST = '/var/www/config/nginx_studio.conf';

beforeAll(async () => {
  await bootSite();
  await shell(
    host,
    `mkdir -p /var/lib/letsencrypt/webroot/.well-known/acme-challenge
echo proof > /var/lib/letsencrypt/webroot/.well-known/acme-challenge/token
echo 'server { listen 80; server_name other.example.org; location / { return 200 "other"; } }' > /etc/nginx/sites-enabled/other
nginx -t && systemctl reload nginx`,
  );
});
afterAll(() => host?.powerOff());

/** @returns status and Retry-After of an answer */
async function asked(url: string, ...options: readonly string[]): Promise<string> {
  const { stdout } = await host.internet.curl(
    ...['--output', '/dev/null', '--write-out', '%{http_code} %header{retry-after}', ...options, url],
  );
  return stdout.trim();
}

async function start(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await operator.start('maintenance', ...args);
  expect(code, stdout + stderr).toBe(0);
  return oneLine(stdout);
}

const state = () => asked(`${SITE}/`);

test('on, over a vhost that the operator edited: nobody gets anything but the site or the page', async () => {
  await shell(
    host,
    `sed -i 's/^    server_name studio.example.org.*/&\\n    keepalive_timeout 30;/' ${VHOST}`,
  );
  const vhost = await shell(host, `cat ${VHOST}`);
  const { result, seen, words } = await underTrickle(host, () => start('on', '--retry-after', '120'), {
    maintenance: true,
  });
  console.log(words);
  expect(result).toMatch(/HTTP 503 with "Retry-After: 120"/);
  expect(result).toMatch(/Visitors get the maintenance page\. To end it: studio-setup maintenance off/);
  expect(seen.failed).toEqual([]);
  expect(seen.maintenance).toBeGreaterThan(0);
  expect(await shell(host, `cat ${VHOST}`)).toBe(vhost);
});

test('everything of the site is 503 with Retry-After; challenges and neighbors go on', async () => {
  expect(await asked(`${SITE}/`)).toBe('503 120');
  expect(await asked(`${SITE}/api/films/`)).toBe('503 120');
  expect(await asked(`${SITE}/webhooks/mailgun/`, '--data', 'event=delivered')).toBe('503 120');
  expect(await asked(`${SITE}/static-studio/site.css`)).toBe('503 120');
  const { stdout } = await host.internet.curl(`${SITE}/`);
  expect(stdout).toContain('Down for maintenance');
  expect(await asked('http://studio.example.org/')).toBe('301');
  for (const scheme of ['http', 'https'])
    expect(await asked(`${scheme}://studio.example.org/.well-known/acme-challenge/token`)).toBe('200');
  expect(await shell(host, "curl -s -H 'Host: other.example.org' http://127.0.0.1/")).toBe('other');
  const renewal = await operator.start('doctor', '--renewal', '--json');
  expect(records(renewal)).toContainEqual(expect.objectContaining({ id: 'renewal-tried', ok: true }));
});

test("the file is root's, and www-data can neither write nor remove it", async () => {
  expect(await shell(host, `stat -c '%U:%G %a' ${FILE}`)).toBe('root:root 644\n');
  for (const path of [FILE, FILE.slice(0, FILE.lastIndexOf('/'))])
    expect(await shell(host, `sudo -u www-data test -w ${path} && echo writes || echo no`)).toBe('no\n');
});

test('a second on has 0 changes, and says so', async () => {
  const before = await shell(host, `stat -c %Y ${FILE}; ls /var/lib/studio-setup/runs`);
  expect(await start('on')).toMatch(/Visitors get the maintenance page/);
  expect(await start('on', '--retry-after', '120')).toMatch(/Visitors get the maintenance page/);
  expect(await shell(host, `stat -c %Y ${FILE}; ls /var/lib/studio-setup/runs`)).toBe(before);
});

test('status, doctor, watch and run know why', async () => {
  expect(await start('status')).toMatch(/The maintenance page is on since \w+ \d+ \d\d:\d\d/);
  const status = await operator.start('status');
  expect(oneLine(status.stdout)).toMatch(/The maintenance page is on since/);
  const doctor = await operator.start('doctor', '--json');
  expect(records(doctor).filter(({ type, ok }) => type === 'check' && ok === false)).toEqual([]);
  expect(doctor.code).toBe(0);
  expect(records(doctor)).toContainEqual(
    expect.objectContaining({
      id: 'maintenance',
      ok: true,
      said: expect.stringMatching(/^On since .* HTTP 503/),
    }),
  );
  const watch = await operator.start('watch', 'run', '--json');
  expect(watch.code, watch.stdout).toBe(0);
  // The edited file is the operator's.
  const run = await operator.start('run', '--mine', VHOST);
  expect(run.code, run.stdout + run.stderr).toBe(0);
  expect(oneLine(run.stdout)).toMatch(/The maintenance page is on since/);
  expect(await state()).toBe('503 120');
});

test('a day later the doctor and the watch remind', async () => {
  await shell(host, `touch -d '25 hours ago' ${FILE}`);
  const doctor = await operator.start('doctor', '--json');
  expect(records(doctor).filter(({ type, ok }) => type === 'check' && ok === false)).toEqual([
    expect.objectContaining({
      id: 'maintenance',
      remedy: expect.stringContaining('studio-setup maintenance off'),
    }),
  ]);
});

test('off: the site as before, at once', async () => {
  const { result, seen, words } = await underTrickle(host, () => start('off'), { maintenance: true });
  console.log(words);
  expect(result).toMatch(/Visitors get the site\./);
  expect(seen.failed).toEqual([]);
  expect(await state()).toBe('200');
  expect(await shell(host, `ls ${FILE} /etc/blender-studio/*.pending 2>/dev/null || true`)).toBe('');
  expect(await start('off')).toMatch(/Visitors get the site\./);
});

test('off waits for a site that works behind the page', async () => {
  await start('on');
  await must(host, ['systemctl', 'stop', 'studio']);
  const { code, stdout } = await operator.start('maintenance', 'off');
  expect(code, stdout).not.toBe(0);
  expect(await state()).toBe('503 300');
  await must(host, ['systemctl', 'start', 'studio']);
  await start('off');
});

describe('killed with kill -9', () => {
  const points: readonly Point[] = [
    { operation: 'maintenance/keep', within: 20 },
    { operation: 'maintenance/page', within: 20 },
    { operation: 'maintenance/page', output: 'end', within: 0 },
    { operation: 'maintenance/page-served', within: 100 },
    { operation: 'maintenance/page-served', output: 'end', within: 0 },
    { operation: 'maintenance/page-gone', within: 20 },
    { operation: 'maintenance/page-gone', output: 'end', within: 0 },
    { operation: 'maintenance/site-served', within: 100 },
    { operation: 'maintenance/site-served', output: 'end', within: 0 },
    { operation: 'maintenance/forget', within: 10 },
  ];

  test('visitors get the site or the page at any moment, and the next start finishes it', async () => {
    let kills = 0;
    for (const point of points)
      for (const [action, end] of [
        ['on', '503 300'],
        ['off', '200'],
      ] as const) {
        const killed: Interrupted = await killAt(host, [point], ['maintenance', action]);
        expect(['200', '503 300']).toContain(await state());
        if (killed.point === undefined) expect(killed.code, killed.said).toBe(0);
        else kills += 1;
        await start(action);
        expect(await state()).toBe(end);
        expect(await shell(host, 'ls /etc/blender-studio | grep pending || true')).toBe('');
      }
    console.log(`killed ${kills} times`);
    expect(kills).toBeGreaterThanOrEqual(10);
    const run = await operator.start('run', '--mine', VHOST);
    expect(run.code, run.stdout).toBe(0);
  });
});
