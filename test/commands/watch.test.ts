import { existsSync } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isTroubled, statusLines } from '../../src/app/watch/status.ts';
import { takeLock } from '../../src/engine/lock.ts';
import { NOTHING_YET } from '../../src/watch/state.ts';
import { records, Sample } from './sample/sample.ts';

let sample: Sample;
beforeEach(async () => {
  sample = await Sample.make();
});
afterEach(() => sample.remove());

it('one round tells what fails, the next nothing, and the one after that it is well', async () => {
  // As the first one, which setting it up ends with, in the wizard too.
  const lock = await takeLock(sample.at('lock'), 'studio-setup watch enable (the wizard)');
  const first = await sample.run(['watch', 'run']);
  await lock.release();
  expect([first.code, first.stderr]).toEqual([0, '']);
  expect(first.stdout).toMatch(/^\d+ checks, the daily ones too: \d+ failed\./);
  expect(first.stdout).toContain('The settings are there fails. There is no settings.conf.');
  expect(first.stdout).toContain('What to do: studio-setup run site');
  expect((await stat(sample.at('state/watch.json'))).mode & 0o777).toBe(0o600);
  const second = await sample.run(['watch', 'run']);
  expect(second.stdout).toMatch(/^\d+ checks: \d+ failed\.\n$/);
  await sample.unattended('run');
  const third = records((await sample.run(['watch', 'run', '--json'])).stdout);
  expect(third.map(({ type, kind }) => [type, kind])).toEqual([
    ['watch-event', 'well'],
    ['watch-round', undefined],
  ]);
}, 90_000);

it('status shows what was found and told; with something failing by exit code 3', async () => {
  const before = await sample.run(['watch', 'status']);
  expect([before.code, before.stdout]).toEqual([0, expect.stringContaining('The watch is off')]);
  expect(existsSync(sample.at('state'))).toBe(false);
  await sample.unattended('run');
  expect((await sample.run(['status'])).stdout).not.toContain('Last 30 days');
  await rm(sample.at('settings.conf'));
  await sample.run(['watch', 'run']);
  const { code, stdout } = await sample.run(['watch', 'status']);
  expect(code).toBe(3);
  expect(stdout).toMatch(/Last round: .*, \d+ checks, \d+ failed; 1 round remembered\./);
  expect(stdout).toMatch(/✗ The settings are there fails since /);
  expect(stdout).toContain('It tells nobody yet: studio-setup watch enable');
  expect(stdout).toMatch(/Told last:\n {2}.* The settings are there: failing/);
  const glance =
    /Last 30 days:\n {2}Checks {2} *·{29}[▁-▇] {2}0 of 1 day without a failure\n(.*\n)*Done last:\n {2}.* {2}run .*\(\d+ changes\)/;
  expect(stdout).toMatch(glance);
  expect((await sample.run(['status'])).stdout).toMatch(glance);
  const [status] = records((await sample.run(['watch', 'status', '--json'])).stdout);
  const history = {
    days: [expect.objectContaining({ rounds: 1, failed: 1, disk: expect.anything() })],
    runs: [expect.objectContaining({ run: '0001', state: 'done' })],
  };
  expect(status).toMatchObject({
    type: 'watch-status',
    rounds: 1,
    failing: expect.arrayContaining([expect.objectContaining({ check: 'settings-there' })]),
    ...history,
  });
  expect(records((await sample.run(['status', '--json'])).stdout).at(-1)).toMatchObject({
    type: 'history',
    ...history,
  });
}, 90_000);

it('nothing is checked while another studio-setup changes the server', async () => {
  await sample.program('sleep 20');
  const changing = sample.start(['run', '--yes', '--answers', sample.at('answers.yaml')]);
  while (!existsSync(sample.at('requirements.list'))) await new Promise((soon) => setTimeout(soon, 50));
  const { code, stdout } = await sample.run(['watch', 'run']);
  changing.kill('SIGKILL');
  expect(code).toBe(0);
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'Nothing was checked: studio-setup run is at work on this server.',
  );
  expect(existsSync(path.join(sample.folder, 'state', 'watch.json'))).toBe(false);
});

it('a program that another account can replace is not given to a timer of root', async () => {
  const { code, stderr } = await sample.unattended('watch', 'enable');
  // The answers of the site are none of the watch.
  expect([code, stderr]).toEqual([2, expect.stringContaining('site.domain: no such answer.')]);
  await mkdir(sample.at('state'), { recursive: true });
  const refused = await sample.run(['watch', 'enable', '--yes']);
  expect(refused.code).toBe(1);
  expect(refused.stderr.replaceAll(/\s+/g, ' ')).toContain(
    "can't be started by root's timer: every account can write to /tmp",
  );
});

it('a way that is set up by half says what is missing', async () => {
  await sample.write('watch.yaml', 'watch: {email: {to: [ada@example.org]}}\n');
  const { code, stderr } = await sample.run([
    'watch',
    'enable',
    '--yes',
    '--answers',
    sample.at('watch.yaml'),
  ]);
  expect([code, stderr]).toEqual([4, expect.stringContaining('watch.email.from: E-mail from.')]);
});

it('asks for each way of telling in a terminal, and takes an empty answer for none', async () => {
  const { code, text } = await sample.terminal(
    ['watch', 'enable'],
    [
      { expect: 'E-mail to' },
      { send: '\r' },
      { expect: 'Webhook' },
      { send: '\r' },
      { expect: 'Heartbeat' },
      { send: '\r' },
      { expect: 'Prometheus textfile' },
      { send: '\r' },
      { expect: "root's timer" },
    ],
  );
  expect(code).toBe(1);
  expect(text).not.toContain('Mail server');
});

it.each([
  [
    'was never used',
    { waiting: [] },
    false,
    /^Told by textfile: not tried yet\. To try it: studio-setup watch test$/m,
  ],
  ['was used', { waiting: [], worked: 1 }, false, /^✓ Told by textfile: works, last used /m],
  [
    'fails',
    { waiting: [], worked: 1, failing: { since: 2, why: 'refused' } },
    true,
    /^✗ Told by textfile: fails since .*: refused/m,
  ],
])('status says of a way that it %s', (_, state, troubled, words) => {
  const status = {
    state: { ...NOTHING_YET, ways: { textfile: state } },
    on: true,
    ways: ['textfile'],
    glance: { runs: [] },
  };
  const lines = statusLines(status).map(({ text, mark }) =>
    mark === undefined ? text : `${mark ? '✓' : '✗'} ${text}`,
  );
  expect(lines.join('\n')).toMatch(words);
  expect(isTroubled(status)).toBe(troubled);
});

it('has nothing to try before a way is set up', async () => {
  const { code, stderr } = await sample.run(['watch', 'test']);
  expect([code, stderr]).toEqual([
    1,
    expect.stringContaining('There is nothing to test: the watch notifies nobody.'),
  ]);
});
