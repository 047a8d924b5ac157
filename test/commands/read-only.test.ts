import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { records, Sample } from './sample/sample.ts';

let sample: Sample;
beforeEach(async () => {
  sample = await Sample.make();
});
afterEach(() => sample.remove());

describe('plan', () => {
  it('shows what would change, section by section, and writes nothing at all', async () => {
    const before = await sample.tree();
    const { code, stdout } = await sample.unattended('plan', '--diff');
    expect(code).toBe(3);
    expect(stdout).not.toContain('Blender Studio setup');
    expect(stdout).toContain(`+ ${sample.at('settings.conf')}  ≠`);
    expect(stdout).toContain('+domain=studio.example.org');
    expect(stdout).toContain('+secret=••••');
    expect(stdout).toContain(`▸ ${sample.at('tasks.unit')}  (after settings.conf)`);
    expect(stdout).toContain('4 changes in 3 sections, 1 departure from the document (≠).');
    expect(await sample.tree()).toEqual(before);
  });

  it('on a host that is up to date', async () => {
    await sample.unattended('run');
    const before = await sample.tree();
    const { code, stdout } = await sample.run(['plan', '--yes']);
    expect(code).toBe(0);
    expect(stdout).toContain('Everything is up to date');
    expect(await sample.tree()).toEqual(before);
  });

  it('shows problems with what would still change', async () => {
    await sample.write('blocked', 'The disk is too small.\n');
    const { code, stdout, stderr } = await sample.unattended('plan');
    expect(code).toBe(1);
    expect(stderr).toContain('The disk is too small.');
    expect(stdout).toContain('requirements.list');
  });

  it('shows conflicts', async () => {
    await sample.unattended('run');
    await sample.write('requirements.list', 'mine\n');
    const { code, stderr } = await sample.run(['plan', '--yes']);
    expect(code).toBe(4);
    expect(stderr).toContain('-mine');
  });

  it('--json', async () => {
    const all = records((await sample.unattended('plan', '--json')).stdout);
    expect(
      all.filter(({ type }) => type === 'planned').map(({ operation, kind }) => [operation, kind]),
    ).toEqual([
      ['requirements/list', 'create'],
      ['site/settings', 'create'],
      ['tasks/unit', 'later'],
      ['tasks/work', 'run'],
    ]);
    expect(all.at(-1)).toEqual({
      v: 1,
      type: 'plan-finished',
      changes: 3,
      later: 1,
      problems: 0,
      conflicts: 0,
    });
  });
});

describe('status', () => {
  const lines = async () =>
    (await sample.run(['status'])).stdout.split('\n').map((line) => line.replaceAll(/ +/g, ' '));

  it('before anything: to do, and what waits for answers', async () => {
    const before = await sample.tree();
    expect(await lines()).toEqual([
      '○ Requirements to do 1 of 2',
      '○ Site settings to do 0 of 1 waits for 1 answer',
      '○ Background tasks to do 0 of 2',
      '',
    ]);
    expect(await sample.tree()).toEqual(before);
  });

  it('after a run: done; then drifted, and blocked', async () => {
    await sample.unattended('run');
    expect(await lines()).toEqual([
      '✓ Requirements done 2 of 2',
      '✓ Site settings done 1 of 1',
      '✓ Background tasks done 2 of 2',
      '',
    ]);
    await sample.write('tasks.unit', 'edited\n');
    await sample.write('blocked', 'The disk is too small.\n');
    const [requirements, , tasks] = await lines();
    expect(requirements).toBe('✗ Requirements blocked 1 of 2 The disk is too small.');
    expect(tasks).toBe('● Background tasks drifted 1 of 2');
  });

  it('--json of one section', async () => {
    expect(records((await sample.run(['status', 'site', '--json'])).stdout)).toEqual([
      {
        v: 1,
        type: 'section',
        id: 'site',
        title: 'Site settings',
        state: 'to do',
        done: 0,
        of: 1,
        answersMissing: 1,
      },
    ]);
  });
});

describe('doctor', () => {
  it('says what is wrong and what fixes it, then that all is well', async () => {
    const sick = await sample.unattended('doctor');
    expect(sick.code).toBe(3);
    expect(sick.stdout).toContain('There is no settings.conf.');
    expect(sick.stdout).toContain('What to do: studio-setup run site');
    await sample.unattended('run');
    const well = await sample.run(['doctor']);
    expect(well.code).toBe(0);
    expect(well.stdout).toMatch(/All checks passed: 1 check in \d/);
    expect(records((await sample.run(['doctor', '--json'])).stdout)).toEqual([
      {
        v: 1,
        type: 'check',
        id: 'settings-there',
        title: 'The settings are there',
        ok: true,
        said: 'settings.conf',
      },
      { v: 1, type: 'doctor-finished', checks: 1, failed: 0 },
    ]);
  });
});

describe('script', () => {
  it("is bash that shellcheck has nothing against, under the document's headings, without secrets", async () => {
    const { code, stdout, stderr } = await sample.unattended('script');
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('set -euo pipefail');
    expect(stdout).toContain('# === Working directory › Production settings.py ===');
    expect(stdout).toContain('# ≠ The document: cp studio/settings.example.py studio/settings.py');
    await sample.write('script.sh', stdout);
    await expect(promisify(execFile)('shellcheck', [sample.at('script.sh')])).resolves.toMatchObject({
      stdout: '',
    });
  });
});

describe('departures', () => {
  it("lists each with the document's words, what is done instead, and why", async () => {
    const { code, stdout } = await sample.run(['departures']);
    expect(code).toBe(0);
    expect(stdout).toContain('≠ settings-mode  Site settings');
    expect(stdout).toContain('The document: cp studio/settings.example.py studio/settings.py');
    expect(stdout).toContain('Why: It holds the key of every session.');
  });

  it('--markdown is a page, --json a record each', async () => {
    expect((await sample.run(['departures', '--markdown'])).stdout).toContain('### settings-mode\n');
    expect(records((await sample.run(['departures', '--json'])).stdout)[0]).toMatchObject({
      id: 'settings-mode',
    });
  });
});

describe('answers', () => {
  it('shows each with its source, secrets as dots', async () => {
    await sample.unattended('run');
    const { code, stdout } = await sample.run(['answers']);
    expect(code).toBe(0);
    expect(stdout).toContain('site.domain: studio.example.org  (the host)');
    expect(stdout).toContain('site.key: ••••  (the host)');
    expect(stdout).toContain('braintree.merchant: skipped. Nobody can pay for a subscription.');
  });

  it('--example prints a file that a run takes', async () => {
    const { stdout } = await sample.run(['answers', '--example']);
    await sample.write('example.yaml', stdout);
    expect((await sample.run(['run', '--yes', '--answers', sample.at('example.yaml')])).code).toBe(0);
  });
});

describe('a wrong start', () => {
  it.each([
    ['an unknown option', ['run', '--yess'], /--yes/],
    ['a file that is not there', ['run', '--yes', '--answers', '/no/such/file'], /There is no answers file/],
    ['an unknown level', ['run', '--log-level', 'loud'], /error, info, debug/],
    ['an unknown command', ['plann'], /Did you mean/],
  ])('%s is exit code 2', async (_, args, why) => {
    const { code, stderr } = await sample.run(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(why);
  });

  it('an answers file that is refused is exit code 2, and nothing is changed', async () => {
    await sample.write('answers.yaml', 'site:\n  domian: x\n  key: written-out-here\n');
    const { code, stderr } = await sample.unattended('run');
    expect(code).toBe(2);
    expect(stderr).toContain('site.domian: no such answer. Did you mean site.domain?');
    expect(stderr).toContain('site.key: a secret must not be written in the file itself.');
    expect(stderr).not.toContain('written-out-here');
    expect(await sample.tree()).not.toContain('state');
  });

  it('without root it says what to do', async () => {
    await sample.write('strict', '');
    const { code, stderr } = await sample.asNobody(['plan', '--yes']);
    expect(code).toBe(1);
    expect(stderr).toContain('sudo studio-setup');
  });

  it.each([
    ['--help'],
    ['help', 'plan'],
    ['--version'],
    ['departures'],
    ['answers', '--example'],
    ['completion', 'bash'],
    ['manual'],
  ])('%s needs no root', async (...args) => {
    await sample.write('strict', '');
    expect((await sample.asNobody(args)).code).toBe(0);
  });

  it('the help names sections, commands and exit codes', async () => {
    const { stdout } = await sample.run(['--help']);
    expect(stdout).toContain('requirements  Requirements');
    expect(stdout).toContain('departures');
    expect(stdout).toContain('  3  changes are pending');
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});
