import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { records, Sample } from './sample/sample.ts';

let sample: Sample;
beforeEach(async () => {
  sample = await Sample.make();
});
afterEach(() => sample.remove());

const CTRL_C = '\u0003';

/** Another start, whose program says a line, waits until `go` is there, and says another one. */
async function working(program = 'echo the last line'): Promise<ChildProcess> {
  await sample.program(
    `echo the first line; touch ${sample.at('begun')}; until test -e ${sample.at('go')} || test ! -d ${sample.folder}; do sleep 0.05; done; ${program}`,
  );
  const child = sample.start(['run', '--yes', '--answers', sample.at('answers.yaml')]);
  child.stdout?.resume();
  child.stderr?.resume();
  await expect.poll(() => existsSync(sample.at('begun'))).toBe(true);
  return child;
}

const codeOf = async (child: ChildProcess) =>
  child.exitCode ?? ((await once(child, 'exit')) as [number | null])[0];

/** `studio-setup follow`, or another command that comes to follow. */
function following(args: readonly string[] = ['follow']) {
  const child = sample.start(args);
  let said = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const until = (text: string | RegExp) =>
    expect.poll(() => said).toMatch(text instanceof RegExp ? text : new RegExp(text));
  return { child, until, said: () => said };
}

describe('follow', () => {
  it('shows the log of the other start live, and ends with it and with its result', async () => {
    const run = await working();
    const { child, until, said } = following();
    await until(/Following studio-setup run, since \d\d:\d\d, process \d+\. Ctrl-C stops following/);
    await until(/Run 1\. Log: .*run-0001\.log/);
    await until(/tasks\/work {4}the first line/);
    expect(said()).not.toContain('the last line');
    await sample.write('go', '');
    expect(await codeOf(child)).toBe(0);
    expect(said()).toMatch(/\d\d:\d\d:\d\d tasks\/work {4}the last line/);
    expect(said()).toContain('Run 1 ended: every step is done.');
    expect(await codeOf(run)).toBe(0);
  });

  it('changes nothing while it looks, and takes no lock', async () => {
    await sample.unattended('run');
    await rm(sample.at('worked'));
    const run = await working();
    // What a run starts is recorded while it works already.
    const recorded = async () => (await sample.tree()).some((each) => each.startsWith('state/at-work/'));
    await expect.poll(recorded).toBe(true);
    const before = await sample.tree();
    const { child, until } = following();
    await until(/the first line/);
    const third = await sample.unattended('run');
    expect(third.stderr.replace(/\s+/g, ' ')).toContain(`process ${run.pid}`);
    expect(await sample.tree()).toEqual(before);
    await sample.write('go', '');
    await codeOf(child);
    await codeOf(run);
  });

  it('by two at once sees the same', async () => {
    const run = await working();
    const both = [following(), following()];
    for (const { until } of both) await until(/the first line/);
    await sample.write('go', '');
    for (const { child, said } of both) {
      expect(await codeOf(child)).toBe(0);
      expect(said()).toContain('the last line');
    }
    await codeOf(run);
  });

  it('of a run that fails names the step, and ends with 1', async () => {
    const run = await working('exit 3');
    const { child, until, said } = following();
    await until(/the first line/);
    await sample.write('go', '');
    expect(await codeOf(child)).toBe(1);
    expect(said()).toMatch(/tasks\/work {2}! .*exit code 3/);
    expect(said()).toContain('Run 1 ended, but a step failed');
    expect(await codeOf(run)).toBe(1);
  });

  it('of a run that is killed says that it was cut off, and ends with 1', async () => {
    const run = await working();
    const { child, until, said } = following();
    await until(/the first line/);
    run.kill('SIGKILL');
    expect(await codeOf(child)).toBe(1);
    expect(said()).toContain('Run 1 was interrupted. To resume it: studio-setup');
    await sample.write('go', '');
  });

  it('Ctrl-C ends the following, and nothing else', async () => {
    const run = await working();
    const { child, until, said } = following();
    await until(/the first line/);
    child.kill('SIGINT');
    expect(await codeOf(child)).toBe(130);
    expect(said()).toContain('keeps running. To follow it again: studio-setup follow');
    expect(run.exitCode).toBeNull();
    await sample.write('go', '');
    expect(await codeOf(run)).toBe(0);
  });

  it('shows no secret, nor what would move the cursor', async () => {
    const key = 'sample-key-that-nobody-knows';
    await sample.write(
      'answers.yaml',
      `site: {domain: studio.example.org, key: {file: ${sample.at('key')}}}\n`,
    );
    await sample.write('key', `${key}\n`);
    const run = await working(`cat ${sample.at('settings.conf')}; printf 'a\\033[2Jb\\n'`);
    const { child, until, said } = following();
    await until(/the first line/);
    await sample.write('go', '');
    await codeOf(child);
    expect(said()).toContain('secret=••••');
    expect(said()).not.toContain(key);
    expect(said()).not.toContain('\u001b[2J');
    await codeOf(run);
  });

  it('--json', async () => {
    const run = await working();
    const { child, until, said } = following(['follow', '--json']);
    await until(/the first line/);
    await sample.write('go', '');
    expect(await codeOf(child)).toBe(0);
    const all = records(said());
    expect(all[0]).toMatchObject({ v: 1, type: 'log', run: 1, skipped: false });
    expect(all.some(({ type, line }) => type === 'log-line' && String(line).endsWith('the last line'))).toBe(
      true,
    );
    expect(all.at(-1)).toMatchObject({ type: 'followed', runs: [{ run: 1, end: 'done' }] });
    await codeOf(run);
  });

  it('says so when nothing is at work, with the last log', async () => {
    expect(await sample.run(['follow'])).toMatchObject({
      code: 0,
      stdout: 'No other studio-setup is at work on this server.\n',
    });
    await sample.unattended('run');
    expect((await sample.run(['follow'])).stdout).toMatch(/Log of the last run: .*run-0001\.log/);
  });

  it('a log of which much is there already: its end, then what comes', async () => {
    const run = await working();
    await sample.write('go', '');
    await codeOf(run);
    await sample.program(
      `for i in $(seq 2000); do echo line $i; done; touch ${sample.at('many')}; until test -e ${sample.at('more')} || test ! -d ${sample.folder}; do sleep 0.05; done; echo the very last line`,
    );
    await rm(sample.at('worked'));
    const second = sample.start(['run', '--yes', '--answers', sample.at('answers.yaml')]);
    second.stdout?.resume();
    second.stderr?.resume();
    await expect.poll(() => existsSync(sample.at('many'))).toBe(true);
    await sleep(400);
    const { child, until, said } = following();
    await until(/line 2000/);
    expect(said()).toContain('…');
    expect(said()).not.toMatch(/ line 1\n/);
    await sample.write('more', '');
    expect(await codeOf(child)).toBe(0);
    expect(said()).toContain('the very last line');
    await codeOf(second);
  });
});

describe('a second start in a terminal', () => {
  it('is offered to follow the first, and ends with its result', async () => {
    const run = await working();
    // After a moment, from outside: the terminal only types.
    const later = spawn('sh', ['-c', `sleep 3; touch ${sample.at('go')}`]);
    const { code, text } = await sample.terminal(
      ['run'],
      [{ expect: 'Follow it?' }, { send: '\r' }, { expect: 'Run 1 ended' }],
    );
    expect(text).toMatch(/Another studio-setup is at work on this server: studio-setup run, since/);
    expect(text).toContain('the first line');
    expect(code).toBe(0);
    expect(await codeOf(run)).toBe(0);
    await codeOf(later);
  });

  it('after a lost connection is shown the run that went on', async () => {
    await sample.program(
      `echo the first line; touch ${sample.at('begun')}; until test -e ${sample.at('go')} || test ! -d ${sample.folder}; do sleep 0.05; done`,
    );
    const lost = sample.terminal(
      ['run', '--yes', '--answers', sample.at('answers.yaml')],
      [{ expect: 'run /bin/sh' }, { hangup: true }],
    );
    await expect.poll(() => existsSync(sample.at('begun'))).toBe(true);
    const again = sample.terminal(
      [],
      [
        { expect: 'Follow it?' },
        { send: '\r' },
        { expect: 'the first line' },
        { expect: 'Run 1 ended: every step is done.' },
      ],
    );
    const later = spawn('sh', ['-c', `sleep 4; touch ${sample.at('go')}`]);
    expect((await again).code).toBe(0);
    expect((await lost).code).toBe(0);
    await codeOf(later);
  });

  it('that declines is refused as before', async () => {
    const run = await working();
    const { code, text } = await sample.terminal(
      ['run'],
      [{ expect: 'Follow it?' }, { send: 'n\r' }, { expect: 'Only one can change this server' }],
    );
    expect(code).toBe(1);
    expect(text).toContain(`process ${run.pid}`);
    await sample.write('go', '');
    await codeOf(run);
  });

  it('of the wizard opens with it, as after a lost connection; declined, the wizard opens', async () => {
    const run = await working();
    const followed = await sample.terminal(
      [],
      [{ expect: 'Follow it?' }, { send: '\r' }, { expect: 'the first line' }, { send: CTRL_C }],
    );
    expect(followed.code).toBe(130);
    expect(followed.text).toContain('To follow it again: studio-setup follow');
    const declined = await sample.terminal(
      [],
      [{ expect: 'Follow it?' }, { send: 'n\r' }, { expect: 'Background tasks' }, { send: 'q' }],
    );
    expect(declined.text).toContain('Site settings');
    await sample.write('go', '');
    expect(await codeOf(run)).toBe(0);
  });
});
