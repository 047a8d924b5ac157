import { describe, expect, it } from 'vitest';
import { finishFacts, nextSteps } from '../../../src/app/next-steps.ts';
import { notSetUp } from '../../../src/app/site-facts.ts';
import { Secret } from '../../../src/output/secret.ts';
import type { Key } from '../../../src/wizard/kit/key.ts';
import type { Size } from '../../../src/wizard/kit/line.ts';
import { press } from '../../../src/wizard/shell/press.ts';
import type { WizardState } from '../../../src/wizard/state/state.ts';
import { sections } from '../../../steps/index.ts';
import { ANSWERS, answeredState, answersOf, frameFile, rowsOf, SIZES, SKIPPED, saidOf } from './frames.ts';

const [, usual] = SIZES as readonly [Size, Size, Size];
const answers = answersOf(ANSWERS);
const LOGIN = 'mailgun:login-of-the-webhook';

const passed = (title: string, group: string, said: string) => ({ title, group, result: { ok: true, said } });
const results = [
  passed('HTTPS', 'Web', 'https://studio.example.org/ returns HTTP 200.'),
  {
    title: 'Search filled',
    group: 'Search',
    result: { ok: false, said: 'The index is empty.', remedy: 'Run: studio-setup run meilisearch' },
  },
  passed('Names', 'Web', 'studio.example.org points to this server.'),
  passed('Disk', 'Server', '12 GB are free.'),
];

function finished(size: Size): WizardState {
  const run = {
    changed: 53,
    restarts: [],
    reloads: [],
    warnings: [],
    notDone: [],
    skipped: notSetUp(SKIPPED),
    ms: 192_000,
    log: '/var/log/studio-setup/run-0001.log',
    facts: finishFacts(answers, SKIPPED),
    next: nextSteps(sections, answers),
    revealed: false,
  };
  return { ...answeredState(size), screen: 'finish', finish: { results, run, scroll: 0 } };
}

const tall = { columns: 80, rows: 60 };
const v: Key = { name: 'char', text: 'v' };

describe('the end of a run', () => {
  it.each(SIZES)('in $columns by $rows', async (size) => {
    await expect(`${rowsOf(finished(size)).join('\n')}\n`).toMatchFileSnapshot(frameFile('finish', size));
  });

  it('first the site, then what is left to do, then what failed, then what passed in a line for each group', () => {
    const text = rowsOf(finished(tall)).join('\n');
    const order = [
      /Address +https:\/\/studio\.example\.org\//,
      /Log in +\S+\/admin\/ as ada/,
      /Backups/,
      /Took +3 min 12 s: 53 changes/,
      /Log +\/var\/log/,
      /Left to do elsewhere/,
      /✗ Search filled: The index is empty/,
      /✓ Web: 2 checks passed/,
      /✓ Server: 1 check passed/,
      /○ Not set up: Braintree/,
    ].map((each) => text.search(each));
    expect(order).not.toContain(-1);
    expect(order).toEqual(order.toSorted((one, other) => one - other));
    expect(text).not.toContain('12 GB are free');
  });

  it('shows what has to be entered elsewhere on request only, and hides it again', () => {
    const before = finished(tall);
    expect(rowsOf(before).join('\n')).not.toContain(LOGIN);
    expect(saidOf(before).join('\n')).not.toContain(LOGIN);
    const shown = press(before, v, () => {});
    expect(rowsOf(shown).join('\n')).toContain(LOGIN);
    expect(saidOf(shown).join('\n')).toContain(LOGIN);
    expect(rowsOf(press(shown, v, () => {})).join('\n')).not.toContain(LOGIN);
  });

  it('names nothing of what is not set up', () => {
    const { 'mailgun.api-key': _, 'mailgun.sender-domain': __, ...rest } = ANSWERS;
    const next = nextSteps(sections, answersOf(rest)).map(({ text }) => text);
    expect(next).toEqual([expect.stringMatching(/^Firewall/)]);
    expect(nextSteps(sections, answersOf({}))).toEqual([]);
  });

  it('has the address of a webhook whole, as it is copied, where the checkout says it', () => {
    const login = new Secret('mailgun:made-for-the-webhook');
    const answers = answersOf({ ...ANSWERS, 'mailgun.webhook-secret': login });
    const of = (prefix?: string) =>
      nextSteps(sections, answers, new Set(), prefix).find(({ text }) => text.includes('Webhooks'));
    const known = of('webhooks/anymail');
    expect(known?.text).toContain('https://LOGIN@studio.example.org/webhooks/anymail/mailgun/tracking/ for');
    expect(known?.secret?.reveal()).toBe(
      'https://mailgun:made-for-the-webhook@studio.example.org/webhooks/anymail/mailgun/tracking/',
    );
    expect(of()?.text).toContain("PREFIX is what the site's urls.py has for anymail.urls.");
  });

  it('has the password that was generated, and no other', () => {
    const password = new Secret('generated-for-ada');
    const answers = answersOf({ ...ANSWERS, 'admin.password': password });
    const [first] = nextSteps(sections, answers, new Set(['admin.password']));
    expect(first).toEqual({ text: expect.stringContaining('password of ada'), secret: password });
    expect(
      nextSteps(sections, answers)
        .map(({ text }) => text)
        .join(),
    ).not.toContain('password of ada');
  });

  it('names what was skipped as the review did, whatever the answers are once the site stands', () => {
    const administrator = {
      id: 'admin.username',
      what: 'First administrator',
      consequence: 'Nobody can log in.',
    };
    expect(notSetUp([administrator, ...SKIPPED])).toEqual(SKIPPED);
    const before = finished(tall);
    const later = [...SKIPPED, { id: 'aws.access-key-id', what: 'AWS S3: Access key ID', consequence: 'x' }];
    const state = { ...before, answered: { ...before.answered, skipped: later } };
    expect(rowsOf(state)).toEqual(rowsOf(before));
  });

  it('says how to get an administrator where there is none', () => {
    const consequence = 'Nobody can log in at /admin/ until you create an administrator.';
    const skipped = [{ id: 'admin.username', what: 'First administrator', consequence }];
    const { 'admin.username': _, ...rest } = ANSWERS;
    expect(finishFacts(answersOf(rest), skipped)[1]).toEqual({ label: 'Log in', value: consequence });
  });
});

describe('the site checked', () => {
  const checked = (size: Size): WizardState => ({ ...finished(size), finish: { results, scroll: 0 } });

  it.each(SIZES)('in $columns by $rows', async (size) => {
    await expect(`${rowsOf(checked(size)).join('\n')}\n`).toMatchFileSnapshot(frameFile('checked', size));
  });

  it('has what failed first, and what each check that passed found', () => {
    const rows = rowsOf(checked(usual));
    expect(rows[2]).toContain('✗ Search filled');
    expect(rows.join('\n')).toContain('✓ Disk: 12 GB are free.');
    expect(saidOf(checked(usual))[1]).toBe('Failed: Search filled: The index is empty.');
  });

  it.each([
    ['there is something to fix', results, 'finish', [{ type: 'task', request: { kind: 'fix' } }]],
    ['nothing failed', results.filter(({ result }) => result.ok), 'menu', []],
  ])('m, where %s', (_, found, screen, wanted) => {
    const state = { ...finished(usual), finish: { results: found, scroll: 0 } };
    const intents: unknown[] = [];
    const after = press(state, { name: 'char', text: 'm' } as Key, (intent) => intents.push(intent));
    expect(intents).toEqual(wanted);
    expect(after.screen).toBe(screen);
  });

  it('has no check mark for what is not set up', () => {
    const off = {
      title: 'Watch',
      group: 'Server',
      result: { ok: true, off: true, said: 'Not set up: x.' },
    } as const;
    const rows = rowsOf({ ...finished(usual), finish: { results: [off], scroll: 0 } });
    expect(rows.join('\n')).toContain('○ Watch: Not set up: x.');
  });
});
