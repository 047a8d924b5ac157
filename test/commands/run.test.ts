import { stat } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../src/engine/events.ts';
import { records, Sample } from './sample/sample.ts';

type RunStarted = Extract<EngineEvent, { type: 'run-started' }>;

let sample: Sample;
beforeEach(async () => {
  sample = await Sample.make();
});
afterEach(() => sample.remove());

describe('run, unattended', () => {
  it('brings all about, and the second run changes nothing and leaves no trace', async () => {
    const first = await sample.unattended('run');
    expect(first).toMatchObject({ code: 0, stderr: '' });
    // What changed a server is told with its version, in whatever keeps this output.
    expect(first.stdout).toMatch(/^Blender Studio setup 1\.2\.3\n/);
    expect(first.stdout).toMatch(/Everything is up to date: 4 changes, 0 restarts, [\d.]+ s\./);
    expect(first.stdout).toMatch(/^Services +none is started, restarted or reloaded$/m);
    expect(first.stdout).toContain('✓ Site: 1 check passed');
    expect(first.stdout).toContain('Not set up: Braintree. Nobody can pay for a subscription.');
    expect(await sample.read('settings.conf')).toMatch(/^domain=studio\.example\.org\n/);

    const before = await sample.tree();
    const settings = await sample.read('settings.conf');
    const second = await sample.run(['run', '--yes']);
    expect(second.code).toBe(0);
    expect(second.stdout).toMatch(/Everything is up to date: 0 changes, 0 restarts, [\d.]+ s\./);
    expect(await sample.tree()).toEqual(before);
    expect(await sample.read('settings.conf')).toBe(settings);
  });

  it('the bare command is run', async () => {
    expect((await sample.unattended()).stdout).toContain('4 changes');
  });

  it('keeps its log and state to root, and no secret in either', async () => {
    await sample.unattended('run');
    const [, secret = ''] = /secret=(.*)/.exec(await sample.read('settings.conf')) ?? [];
    expect(secret.length).toBeGreaterThan(10);
    expect(await sample.written('log', 'state')).not.toContain(secret);
    expect((await stat(sample.at('log'))).mode & 0o777).toBe(0o700);
    expect((await stat(sample.at('state'))).mode & 0o777).toBe(0o700);
    expect((await stat(sample.at('log/run-0001.log'))).mode & 0o777).toBe(0o600);
  });

  it('a program that prints the secret prints dots, and its escape sequences do nothing', async () => {
    await sample.program(`cat ${sample.at('settings.conf')}; printf '\\033[2J\\033]0;fake\\007red\\n'`);
    const result = await sample.unattended('run', '--log-level', 'debug');
    const log = await sample.read('log/run-0001.log');
    for (const text of [result.stdout, log]) {
      expect(text).toContain('secret=••••');
      expect(text).toMatch(/ red$/m);
      expect(text).not.toContain('\u001b');
      expect(text).not.toContain('fake');
    }
  });

  it('all missing answers are listed and nothing is changed', async () => {
    const before = await sample.tree();
    const result = await sample.run(['run', '--yes']);
    expect(result.code).toBe(4);
    expect(result.stderr).toContain('site.domain: Domain. The name that visitors type.');
    expect((await sample.tree()).filter((name) => name !== 'lock')).toEqual(before);
    expect(records((await sample.run(['run', '--json'])).stdout)).toEqual([
      expect.objectContaining({ type: 'problem', answers: ['site.domain'] }),
    ]);
  });

  it('takes answers from standard input', async () => {
    const result = await sample.run(['run', '--yes', '--answers', '-'], {
      input: 'site.domain: a.example\n',
    });
    expect(result.code).toBe(0);
    expect(await sample.read('settings.conf')).toContain('domain=a.example');
  });

  it('what the host lacks is shown before anything changes', async () => {
    await sample.write('blocked', 'The disk is too small.\n');
    const result = await sample.unattended('run');
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('The disk is too small.');
    expect(result.stderr).toContain('Nothing was changed.');
    expect(await sample.tree()).not.toContain('requirements.list');
    expect(records((await sample.unattended('run', '--json')).stdout)).toEqual([
      expect.objectContaining({ type: 'problem', section: 'requirements', what: 'The disk is too small.' }),
    ]);
  });

  it('a file edited by hand is shown with its difference, nothing is changed, and --overwrite replaces it', async () => {
    await sample.unattended('run');
    await sample.write('tasks.unit', 'ExecStart=mine\n');
    await sample.write('worked', '');
    const conflict = await sample.unattended('run');
    expect(conflict.code).toBe(4);
    expect(conflict.stderr).toContain('-ExecStart=mine');
    expect(conflict.stderr.replaceAll(/\s+/g, ' ')).toContain(`--overwrite ${sample.at('tasks.unit')}`);
    expect(await sample.read('tasks.unit')).toBe('ExecStart=mine\n');
    const replaced = await sample.unattended('run', '--overwrite', sample.at('tasks.unit'));
    expect(replaced.code).toBe(0);
    expect(await sample.read('tasks.unit')).toBe('ExecStart=true\n');
    expect(await sample.written('copies/0002')).toContain('ExecStart=mine');
  });

  it('a failure shows what, command, code, last lines, what to do and where the log says more', async () => {
    await sample.program('echo it is broken >&2; exit 3');
    const result = await sample.unattended('run');
    expect(result.code).toBe(1);
    expect(result.stdout).toContain('Background tasks › run /bin/sh');
    expect(result.stdout).toContain(`$ /bin/sh ${sample.at('program')}`);
    expect(result.stdout).toContain('it is broken');
    expect(result.stdout).toContain('exit code 3');
    expect(result.stdout).toContain('What to do: ');
    const line = Number(/run-0001\.log, line (\d+)/.exec(result.stdout)?.[1]);
    const around = (await sample.read('log/run-0001.log')).split('\n').slice(line - 8, line);
    expect(around.join('\n')).toContain('it is broken');
    await sample.program('true');
    expect((await sample.unattended('run')).stdout).toMatch(/up to date: 1 change,/);
  });
});

describe('run SECTION', () => {
  it('what it needs is looked at, not done: it says which section to run first', async () => {
    const result = await sample.unattended('run', 'tasks');
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('Run first: studio-setup run requirements site');
    expect(await sample.tree()).not.toContain('requirements.list');
  });

  it('does that section only', async () => {
    const result = await sample.run(['run', 'requirements', '--yes']);
    expect(result).toMatchObject({ code: 0 });
    expect(await sample.tree()).toContain('requirements.list');
    expect(await sample.tree()).not.toContain('settings.conf');
  });

  it('an unknown one is refused with the nearest', async () => {
    const result = await sample.unattended('run', 'requirement');
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('Did you mean requirements?');
  });
});

describe('run --json', () => {
  it('is one versioned event per line, to the end', async () => {
    const result = await sample.unattended('run', '--json');
    const events = records(result.stdout);
    expect(events.every(({ v }) => v === 1)).toBe(true);
    expect(events.filter(({ type }) => type === 'planned')).toHaveLength(4);
    // What is counted during the run is what the plan had.
    const started = events.find(({ type }) => type === 'run-started') as unknown as RunStarted;
    const operations = started.sections.flatMap((section) => section.operations);
    expect(operations.filter(({ planned }) => planned)).toHaveLength(4);
    expect(operations).toHaveLength(5);
    expect(events.find(({ type }) => type === 'run-finished')).toMatchObject({
      ...{ changed: 4, unchanged: 1, failed: 0, skipped: 0 },
    });
    expect(events.at(-1)).toMatchObject({ type: 'doctor-finished', checks: 1, failed: 0 });
    const again = (await sample.unattended('run', '--json')).stdout.split('\n')[0] ?? '';
    expect(JSON.parse(again)).toMatchObject({ v: 1, type: 'run-finished', changed: 0, unchanged: 5 });
  });

  it('a problem is an event too', async () => {
    const result = await sample.run(['run', '--json', '--yes']);
    expect(result.code).toBe(4);
    expect(JSON.parse(result.stdout)).toMatchObject({ v: 1, type: 'problem' });
  });
});
