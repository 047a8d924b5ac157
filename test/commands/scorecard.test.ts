import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Session } from '../../src/app/session.ts';
import { type Check, type CheckResult, notSetUp } from '../../src/checks/check.ts';
import { type Examined, fixedBetween } from '../../src/checks/examine.ts';
import { showScorecard } from '../../src/commands/doctor.ts';
import { nextStepsCommand } from '../../src/commands/next-steps.ts';
import type { Section } from '../../src/engine/section.ts';
import { Secret } from '../../src/output/secret.ts';
import { pathsIn } from './sample/product.ts';

let folder: string;
let printed = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-scorecard-'));
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

function session(sections: readonly Section[] = [], json = false): Session {
  const product = {
    version: '1.2.3',
    paths: pathsIn(folder),
    sections: async () => sections,
    checks: async () => [],
    preconditions: () => {},
  };
  const options = { yes: true, plain: true, screenReader: false, json, section: [], overwrite: [] };
  return new Session(product, { ...options, logLevel: 'info', jobs: 1 }, new AbortController().signal);
}

function examined(id: string, group: string, result: CheckResult): Examined {
  const check: Check = { id, title: id, group, asks: 'x', means: 'x', fixes: [], run: async () => result };
  return [check, result];
}

const results = [
  examined('https', 'Web', { ok: true, said: 'It answers.' }),
  examined('disk', 'Server', { ok: false, said: '12 MB are free.', remedy: 'Make room.' }),
  examined('names', 'Web', { ok: true, said: 'They point here.' }),
];

describe('a scorecard in lines', () => {
  it('has what failed first, then what each check that passed found', () => {
    showScorecard(session(), results, { ms: 100 });
    expect(printed.split('\n').slice(0, 4)).toEqual([
      '✗ disk: 12 MB are free.',
      '    What to do: Make room.',
      '✓ https: It answers.',
      '✓ names: They point here.',
    ]);
    expect(printed).toContain('1 of 3 checks failed.');
  });

  it('has no check mark for what is not set up, counts it nowhere as passed, and says the same to programs', () => {
    const off = [examined('backup', 'Server', notSetUp('none is made.'))];
    showScorecard(session(), off, { ms: 100 });
    expect(printed).toMatch(/^○ backup: Not set up: none is made\.\n/);
    printed = '';
    showScorecard(session(), [...results, ...off], { ms: 100, folded: true });
    expect(printed).toContain('✓ Web: 2 checks passed\n');
    expect(printed).not.toContain('Server:');
    printed = '';
    showScorecard(session([], true), off, { ms: 100 });
    expect(JSON.parse(printed.split('\n')[0] ?? '')).toEqual({
      v: 1,
      type: 'check',
      id: 'backup',
      title: 'backup',
      ok: true,
      said: 'Not set up: none is made.',
    });
  });

  it('at the end of a run counts those that passed, by their groups', () => {
    showScorecard(session(), results, { ms: 100, folded: true });
    expect(printed).toContain(
      '✗ disk: 12 MB are free.\n    What to do: Make room.\n✓ Web: 2 checks passed\n',
    );
    expect(printed).not.toContain('It answers');
    expect(printed).toContain('Each check: studio-setup doctor');
  });

  it('names what was fixed: what failed before and passes now', () => {
    const after = [examined('disk', 'Server', { ok: true, said: 'x' }), ...results.slice(0, 1)];
    expect(fixedBetween(results, after)).toEqual(['disk']);
    expect(fixedBetween(results, results)).toEqual([]);
  });
});

describe('next-steps', () => {
  const SECRET = 'login:of-the-webhook-of-a-test';
  const site = (known: boolean): Section => ({
    id: 'site',
    title: 'Site',
    heading: 'x',
    summary: 'x',
    needs: [],
    operations: () => [],
    questions: [
      { id: 'domain', label: 'Domain', help: 'x', kind: 'text', current: async () => 'studio.example.org' },
      {
        id: 'mail.webhook',
        label: 'Webhook',
        help: 'x',
        kind: 'secret',
        generate: () => 'made-up-on-the-way',
        ...(known ? { current: async () => new Secret(SECRET) } : {}),
        elsewhere: (answers) => `Enter it for ${answers.text('domain')}.`,
      },
    ],
  });

  it('says what is left to do, and a secret only when it is asked for', async () => {
    expect(await nextStepsCommand(session([site(true)]), false)).toBe(0);
    expect(printed).toContain('Enter it for studio.example.org.');
    expect(printed).toContain('studio-setup next-steps --secrets');
    expect(printed).not.toContain(SECRET);
    await nextStepsCommand(session([site(true)]), true);
    expect(printed).toContain(`    ${SECRET}\n`);
  });

  it('has no secret in --json', async () => {
    await nextStepsCommand(session([site(true)], true), true);
    const types = printed
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type);
    expect(types).toEqual(['next-step', 'next-step']);
    expect(printed).not.toContain(SECRET);
  });

  it('says nothing of a secret that this server does not have', async () => {
    await nextStepsCommand(session([site(false)]), true);
    expect(printed).not.toContain('Enter it for');
    expect(printed).not.toContain('made-up-on-the-way');
    expect(printed).toContain('Firewall');
  });

  it('says so where there is no site', async () => {
    await nextStepsCommand(session(), false);
    expect(printed).toBe('There is no site on this server yet.\n');
  });
});
