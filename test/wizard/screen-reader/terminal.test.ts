import { afterEach, beforeEach, expect, it } from 'vitest';
import { Sample } from '../../commands/sample/sample.ts';
import { Listener } from '../listener.ts';
import { Terminal } from '../terminal.ts';

let sample: Sample;
let terminal: Terminal;
let listener: Listener;
beforeEach(async () => {
  sample = await Sample.make();
});
afterEach(async () => {
  await terminal.close();
  await sample.remove();
});

async function start(): Promise<void> {
  terminal = await Terminal.start(sample, { env: { INK_SCREEN_READER: 'true' } });
  listener = new Listener(terminal);
}

it('a whole install by keys: an answer that is refused, a step that fails, and the end', async () => {
  await sample.program('echo the reason; exit 3');
  await start();
  const welcome = await listener.at('a domain name that points to this server');
  expect(welcome).toContain('listitem: (selected) Install');
  await listener.at('toolbar: Enter: continue', 'Enter');
  const form = await listener.at('textbox: (required) Domain, your answer: ');
  for (const words of [
    'Questions: 1 of 1',
    'textbox: (selected, required) Domain, needs your answer',
    'textbox: Secret key, hidden, will be generated',
    'checkbox: Braintree, skipped',
    'button: Continue, one answer is missing',
    'The name that visitors type.',
  ])
    expect(form).toContain(words);
  await terminal.type('not a name');
  await listener.at('not a name', 'Enter');
  await listener.at('Refused: A host name such as studio.example.org.', 'C-u');
  await terminal.type('studio.example.orgg');
  await listener.at('studio.example.orgg', 'BSpace');
  await listener.at('Domain, your answer: studio.example.org', 'Enter');
  await listener.at('textbox: (selected) Secret key, hidden, will be generated', 'Enter');
  await listener.at('textbox: (selected) Further names, none, default', 'Enter');
  await listener.at('checkbox: (selected) Braintree, skipped');
  await listener.at('If skipped: ', 'Enter');
  await listener.at('button: (selected) Continue', 'Enter');
  await listener.at('listitem: (selected) Apply all: 4 changes', 'Down', 'Down', 'Down', 'Down');
  await listener.at('listitem: (selected) New: ', 'a');
  await listener.at('listitem: (selected) Yes, apply them now', 'Enter');
  await listener.at('A step failed');
  const failure = await listener.at('toolbar: r: retry');
  for (const words of ['Failed: Background tasks, run /bin/sh', 'the reason', 'exit code 3', 'What to do: '])
    expect(failure).toContain(words);
  // A shell has the terminal meanwhile; back from it, one hears where one is.
  await terminal.press('!');
  await listener.at('shell-here ');
  await terminal.type('exit');
  await terminal.press('Enter');
  await listener.at('A step failed');
  await listener.at('toolbar: r: retry');
  await sample.program('echo well');
  await terminal.press('r');
  await listener.at('All checks passed: 1 check');
  await listener.at('q: save and quit', 'q');
  expect(await terminal.ended()).toMatchObject({ code: 0, restored: true });
  expect(await sample.read('settings.conf')).toContain('domain=studio.example.org');
  expect(await listener.moved()).toEqual([]);
  expect(await listener.all()).not.toMatch(/[✓✗○●▸▾›─│├█░≠•↑↓⠀-⣿]/);
});

it('keys that change nothing are answered; Ctrl-L says all of it again; a secret is not echoed', async () => {
  await start();
  await listener.at('toolbar: Enter: continue', 'Escape');
  await listener.at('listitem: (selected) Requirements');
  await listener.at('toolbar: Enter: continue', 'Up');
  await listener.at('listitem: (selected) Requirements', 'C-l');
  await listener.at('Overview\nlist: Sections');
  await listener.at('toolbar: Enter: continue', '?');
  await listener.at('Enter: continue');
  await listener.at('toolbar: Esc: back', 'Escape');
  await listener.at('toolbar: Enter: continue', 'Enter');
  await listener.at('Domain, your answer: ', 'Escape', 'Down');
  await listener.at('Secret key, ');
  await terminal.type('never-on-any-screen');
  await listener.at('Secret key, hidden while you type: ', 'Enter');
  await listener.at('textbox: Secret key, hidden', 'C-c');
  expect((await terminal.ended()).restored).toBe(true);
  expect(await listener.all()).not.toContain('never-on');
  expect(await listener.moved()).toEqual([]);
});
