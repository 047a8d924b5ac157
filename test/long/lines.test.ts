import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sections } from '../../steps/index.ts';
import { answersFile, unknowable, writeAnswers } from '../rehearsal/answers.ts';
import { installProduct } from '../rehearsal/product.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';
import { answerAt, logsIn, PASSWORD } from '../wizard/first-answers.ts';
import { Listener } from '../wizard/listener.ts';
import { moving } from '../wizard/moving.ts';
import { Terminal } from '../wizard/terminal.ts';

let host: Rehearsal;
let folder: string;
let terminal: Terminal;

beforeAll(async () => {
  host = await startRehearsal({ report: () => {} });
  await installProduct(host, () => {});
  // What no operator could know here; the rest is typed.
  await writeAnswers(host, { only: unknowable.filter((id) => id !== 'certificate.email') });
  await host.checkpoint('bare');
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-lines-'));
}, 900_000);
afterAll(async () => {
  await terminal?.close();
  await host?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function open(...options: readonly string[]): Promise<void> {
  await openWith({}, ...options);
}

async function openWith(env: Readonly<Record<string, string>>, ...options: readonly string[]): Promise<void> {
  await terminal?.close();
  const enter = host.enterArgv({ env: { TERM: 'screen-256color', ...env } });
  const argv = [...enter, 'studio-setup', ...options, '--answers', answersFile];
  terminal = await Terminal.open({ argv, env: { PATH: process.env.PATH ?? '' } });
}

/** Answers one prompt after the other, until what is waited for was printed. @returns all that was printed, and how many answers were typed */
async function answerUntil(end: string): Promise<{ readonly raw: string; readonly given: number }> {
  const deadline = Date.now() + 400_000;
  let answered = 0;
  let given = 0;
  let mistyped = false;
  for (;;) {
    const raw = await terminal.raw().catch(() => '');
    // What ended it stands behind; the shell that started it says so.
    if (raw.includes(end)) return { raw: raw.slice(0, raw.indexOf('ended with')), given };
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${end}:\n${raw.slice(-2000)}`);
    if (raw.length > answered && raw.endsWith(': ')) {
      answered = raw.length;
      const [question = ''] = raw.slice(raw.lastIndexOf('\n') + 1).split('Enter takes');
      const answer = answerAt(question);
      if (answer !== undefined && !mistyped) await terminal.type('not a name');
      else if (answer !== undefined) {
        await terminal.type(answer);
        given += 1;
      }
      mistyped ||= answer !== undefined;
      await terminal.press('Enter');
    }
    await sleep(50);
  }
}

/** What is asked for, in the words of a screen reader: the item that is selected, or the answer that is typed. */
const ASKED =
  /^\w+: (?:\(selected[^)]*\) (.*)|(?:\([^)]*\) )?(.*, (?:your answer|hidden while you type)):.*)$/gm;
const QUIET_MS = 800;

/** Goes through all forms by what is said alone. @returns how many answers were typed, and all that was said */
async function saidToReview(listener: Listener): Promise<{ readonly given: number; readonly said: string }> {
  const deadline = Date.now() + 300_000;
  let given = 0;
  for (let heard = 0; ; ) {
    const said = await quiet(listener, heard, deadline);
    if (said.slice(heard).includes('Review: ')) return { given, said };
    const [at] = [...said.matchAll(ASKED)].map(([, selected, typed]) => selected ?? typed ?? '').slice(-1);
    const answer = answerAt(at?.split(',')[0] ?? '');
    heard = said.length;
    if (answer !== undefined && /needs your answer|your answer$|hidden while/.test(at ?? '')) {
      await terminal.type(answer);
      given += 1;
    }
    await terminal.press('Enter');
  }
}

/** @returns all that was said, once there is more than before and nothing follows */
async function quiet(listener: Listener, heard: number, deadline: number): Promise<string> {
  for (let before = await listener.all(); ; ) {
    await sleep(QUIET_MS);
    const said = await listener.all();
    if (said.length > heard && said === before) return said;
    if (Date.now() > deadline) throw new Error(`Nothing more was said:\n${said.slice(-2000)}`);
    before = said;
  }
}

describe.each([
  { option: '--plain', failed: '✗', done: '✓', question: '? ' },
  { option: '--screen-reader', failed: 'Failed:', done: 'Done:', question: 'Question: ' },
])('a whole install on the throwaway host, $option', ({ option, failed, done, question }) => {
  test('by prompts and keys: nothing moves; questions, states and errors are in words', {
    timeout: 900_000,
  }, async () => {
    await host.restore('bare');
    await open(option);
    const { raw, given } = await answerUntil('ended with');
    console.log(`${option}: ${given} answers typed`);
    // Domain, login, e-mail, password twice, e-mail for the certificates.
    expect(given).toBe(6);
    expect(await logsIn(host, folder, 'francesco', PASSWORD)).toBe(true);
    expect(moving(raw)).toEqual([]);
    const text = raw.replaceAll('\r\n', '\n').replaceAll(/\x1b\[[\d;]*m/g, '');
    // Refused, with the reason, and asked again.
    expect(text).toContain(`${question}Domain`);
    expect(text).toMatch(new RegExp(`${failed} .*(name|domain)`, 'i'));
    for (const asked of ['Set up Braintree now? yes or no. Enter means no: ', 'Apply them now?'])
      expect(text).toContain(question + asked);
    expect(text).toMatch(/\d+ changes in 1\d sections, \d+ departures/);
    expect(text).toMatch(new RegExp(`${done} .*: done \\(`));
    expect(text).toMatch(/All checks passed: \d+ checks/);
    expect((await terminal.ended()).code).toBe(0);
    expect((await host.exec(['studio-setup', 'doctor', '--answers', answersFile])).code).toBe(0);
  });

  test('what went wrong is told in words, and the same command fixes it', { timeout: 600_000 }, async () => {
    await host.exec(['systemctl', 'disable', '--now', 'nginx']);
    await host.exec(['mv', '/usr/sbin/nginx', '/usr/sbin/nginx.away']);
    await open(option);
    const { raw } = await answerUntil('ended with');
    expect(moving(raw)).toEqual([]);
    expect(raw).toContain(`${failed} `);
    expect(raw).toContain('What to do:');
    expect((await terminal.ended()).code).not.toBe(0);
    await host.exec(['mv', '/usr/sbin/nginx.away', '/usr/sbin/nginx']);
    await open(option);
    expect(moving((await answerUntil('ended with')).raw)).toEqual([]);
    expect((await terminal.ended()).code).toBe(0);
  });
});

describe('the wizard, said for a screen reader, on the bare host', () => {
  let listener: Listener;

  test('an answer that is refused, each form, the review, a step that fails, and the end', {
    timeout: 600_000,
  }, async () => {
    await host.restore('bare');
    await host.exec(['mv', '/usr/bin/apt-get', '/usr/bin/apt-get.away']);
    await openWith({ INK_SCREEN_READER: 'true' });
    listener = new Listener(terminal);
    listener.patience = 120_000;
    await listener.at('listitem: (selected) Install');
    await listener.at('toolbar: Enter: continue', 'Enter');
    await listener.at('textbox: (required) Domain, your answer: ');
    await terminal.type('not a name');
    await listener.at('not a name', 'Enter');
    await listener.at('Refused: ', 'C-u');
    const { given, said } = await saidToReview(listener);
    console.log(`Said: ${given} answers typed`);
    expect(given).toBe(6);
    for (const section of sections)
      for (const { label, group, skippable, hidden, when, elsewhere } of section.questions)
        if ([group, skippable, hidden, when, elsewhere].every((each) => each === undefined))
          expect(said).toContain(label);
    await listener.at('listitem: (selected) Apply all: ', 'Enter');
    await listener.at('listitem: (selected) Yes, apply them now', 'Enter');
    await listener.at('failed\n');
    const failure = await listener.at('toolbar: ');
    for (const words of ['Failed: Requirements, packages: ', 'exit code 127', 'What to do: ', 'Log: '])
      expect(failure).toContain(words);
    await host.exec(['mv', '/usr/bin/apt-get.away', '/usr/bin/apt-get']);
    await terminal.press('r');
    listener.patience = 300_000;
    await listener.at('All checks passed: ');
    expect(await logsIn(host, folder, 'francesco', PASSWORD)).toBe(true);
    await listener.at('q: save and quit', 'q');
    expect((await terminal.ended()).code).toBe(0);
    expect(await listener.moved()).toEqual([]);
  });
});
