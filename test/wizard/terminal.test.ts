import { existsSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Sample } from '../commands/sample/sample.ts';
import { Terminal } from './terminal.ts';

let sample: Sample;
let terminal: Terminal;
beforeEach(async () => {
  sample = await Sample.make();
});
afterEach(async () => {
  await terminal.close();
  await sample.remove();
});

/** Through the questions to the review. */
async function answer(domain = 'studio.example.org'): Promise<void> {
  await terminal.at('Enter continue', 'Enter');
  await terminal.until('one answer is missing');
  await terminal.type(domain);
  await terminal.press('Enter');
  await terminal.at(/› . Secret key/, 'Enter');
  await terminal.at(/› . Further names/, 'Enter');
  await terminal.at(/› . Braintree/, 'Enter');
  await terminal.at('› Continue', 'Enter');
}

/** From the review to the run: Enter on `Apply all`, and on `Yes`. */
async function apply(review: string | RegExp = 'Review:'): Promise<void> {
  await terminal.at(review, 'Enter');
  await terminal.at('› Yes, apply them now', 'Enter');
}

describe('by keys alone, at 80 by 24', () => {
  it('a whole install: questions, review, run, scorecard', async () => {
    terminal = await Terminal.start(sample);
    await answer();
    const review = await terminal.until('Review: 4 changes in 3 sections, 1 departure (≠)');
    expect(review).toContain('settings.conf  ≠');
    expect(review).toContain('› Apply all: 4 changes');
    // Enter on a change shows it, on what is only said it does nothing; nothing starts but by the first row and a yes.
    await terminal.press('Down', 'Enter');
    expect(await terminal.until('This row has no details')).toContain('Review:');
    await terminal.press('Down', 'Down', 'Down', 'Enter');
    expect(await terminal.until('+git')).toContain('Review:');
    await terminal.press('a');
    const asked = await terminal.until('Apply 4 changes in 3 sections to this server?');
    expect(asked).toContain('No service is started, restarted or reloaded.');
    await terminal.press('Escape');
    await terminal.at('Review:', 'Home');
    await apply();
    const finish = await terminal.until('All checks passed');
    expect(finish).toContain('Not set up: Braintree');
    await terminal.press('Escape');
    // There is a site now, and a menu for it.
    await terminal.at('m menu', 'q');
    const ended = await terminal.ended();
    expect(ended).toMatchObject({ code: 0, restored: true });
    expect(ended.screen).toMatch(/The site is up to date\.\s+Log: /);
    expect(await sample.read('settings.conf')).toContain('domain=studio.example.org');
  });

  it('at the end it names the command that goes on, with what was typed', async () => {
    const args = ['--answers', sample.at('answers.yaml'), '--jobs', '2'];
    terminal = await Terminal.start(sample, { args });
    await terminal.at('Enter continue', 'q');
    const { screen } = await terminal.ended();
    expect(screen.replaceAll('\n', '')).toContain(`To resume: studio-setup ${args.join(' ')}`);
  });

  it('quit in the middle, start again: what was answered is there', async () => {
    terminal = await Terminal.start(sample);
    await terminal.at('Enter continue', 'Enter');
    await terminal.until('one answer is missing');
    await terminal.type('kept.example.org');
    await terminal.press('Enter');
    await terminal.at(/› . Secret key/, 'C-c');
    expect(await terminal.ended()).toMatchObject({ code: 130, restored: true });
    await terminal.close();

    terminal = await Terminal.start(sample);
    await terminal.at('Enter continue', 'e', 'j', 'e');
    await terminal.until(/kept\.example\.org +saved earlier/);
    await terminal.at('› Continue', 'Enter');
    await apply('Review: 4 changes');
    await terminal.until('All checks passed');
  });

  it('an answer that was changed makes the overview look again', async () => {
    await sample.unattended('run');
    terminal = await Terminal.start(sample);
    await terminal.at('3 of 3 sections', 'j', 'e');
    await terminal.until('› Continue');
    await terminal.press('Home');
    await terminal.until(/› . Domain/);
    await terminal.type('other.example.org');
    await terminal.press('Enter', 'Escape');
    await terminal.until(/Site settings +drifted/);
    expect(await terminal.until('1 of 3 sections')).toMatch(/✓ Requirements/);
  });

  it('a step that fails is fixed by another answer, and goes on from there', async () => {
    await sample.program(
      `grep -q good ${sample.at('settings.conf')} || { echo the name is not good >&2; exit 3; }`,
    );
    terminal = await Terminal.start(sample);
    await answer('wrong.example.org');
    await apply();
    const failure = await terminal.until('A step failed');
    expect(failure).toContain('✗ Background tasks › run /bin/sh');
    expect(failure).toContain('the name is not good');
    expect(failure).toContain('exit code 3');
    await terminal.press('r');
    await terminal.until(/A step failed[\s\S]*run-0002\.log/);
    await terminal.press('e');
    await terminal.at('Select the section', 'k', 'e', 'Up', 'Up', 'Up', 'Up', 'Up');
    await terminal.until(/› . Domain/);
    await terminal.type('good.example.org');
    await terminal.press('Enter', 'End');
    await terminal.at('› Continue', 'Enter');
    await apply();
    await terminal.until('All checks passed');
    expect(await sample.read('settings.conf')).toContain('domain=good.example.org');
  });

  it('what does not depend on a failed step can go on without it', async () => {
    await sample.program('exit 1');
    terminal = await Terminal.start(sample);
    await answer();
    await apply();
    await terminal.at('A step failed', 's');
    const finish = await terminal.until('Not done: Background tasks › run /bin/sh');
    expect(finish).toContain('All checks passed: 1 check');
    await terminal.press('q');
    expect((await terminal.ended()).code).toBe(1);
  });
});

describe('a file that was edited by hand', () => {
  const edited = async () => {
    await sample.unattended('run');
    await sample.write('settings.conf', `${await sample.read('settings.conf')}mine=1\n`);
    terminal = await Terminal.start(sample, { env: { EDITOR: sample.at('editor') } });
    await terminal.at('edited by hand', 'Enter');
    await terminal.at('edited by hand: decide', 'Enter');
    const screen = await terminal.until('k keep yours');
    expect(screen).toContain('-mine=1');
  };

  it('is kept', async () => {
    await edited();
    await terminal.press('k');
    await apply('your file is kept');
    await terminal.until('All checks passed');
    expect(await sample.read('settings.conf')).toContain('mine=1');
  });

  it('is replaced', async () => {
    await edited();
    await terminal.press('o');
    await apply(/Review: 2 changes(?![\s\S]*decide)/);
    await terminal.until('All checks passed');
    expect(await sample.read('settings.conf')).not.toContain('mine=1');
  });

  it("is edited in the operator's editor", async () => {
    await sample.write('editor', `#!/bin/sh\nsed -i /mine/d "$1"\n`);
    await chmod(sample.at('editor'), 0o755);
    await edited();
    await terminal.press('e');
    await terminal.until('Everything is up to date');
    expect(await sample.read('settings.conf')).not.toContain('mine=1');
  });
});

describe('a run that is stopped', () => {
  const running = async () => {
    await sample.program(`echo begun; sleep 1.5; echo over`);
    terminal = await Terminal.start(sample);
    await answer();
    await apply();
    await terminal.until('begun');
  };

  it('once: what is running ends first', async () => {
    await running();
    await terminal.press('C-c');
    await terminal.until('Stopping after run /bin/sh');
    await terminal.until('All checks passed');
    expect(existsSync(sample.at('worked'))).toBe(true);
  });

  it('twice: at once, resumable, the terminal as before', async () => {
    await running();
    await terminal.press('C-c', 'C-c');
    expect(await terminal.ended()).toMatchObject({ code: 130, restored: true });
    expect(existsSync(sample.at('worked'))).toBe(false);
    await terminal.close();
    await sample.program('echo again');
    terminal = await Terminal.start(sample);
    await terminal.at('Enter continue', 'Enter');
    await apply('Review: 1 change');
    await terminal.until('All checks passed');
  });

  it.each(['SIGTERM', 'SIGINT'])('by %s: the terminal is restored', async (name) => {
    terminal = await Terminal.start(sample);
    await terminal.until('Enter continue');
    await terminal.signal(name);
    expect(await terminal.ended()).toMatchObject({ code: 130, restored: true });
  });

  it('by a mistake of its own: the terminal is restored first, then it says what happened', async () => {
    const mistake = sample.at('mistake.mjs');
    await writeFile(
      mistake,
      "process.on('SIGUSR2', () => { throw new Error('a mistake nobody thought of'); });\n",
    );
    terminal = await Terminal.start(sample, { env: { NODE_OPTIONS: `--import=${mistake}` } });
    await terminal.until('Enter continue');
    await terminal.signal('SIGUSR2');
    const { code, restored, screen } = await terminal.ended();
    expect({ code, restored }).toEqual({ code: 1, restored: true });
    expect(screen).toContain('a mistake nobody thought of');
  });

  it('a terminal that is lost stops nothing: the run goes on to its end', async () => {
    await running();
    await terminal.close();
    await expect.poll(() => existsSync(sample.at('worked'))).toBe(true);
    await expect
      .poll(() => sample.read('log/run-0001.log'), { timeout: 10_000 })
      .toContain('run finished: 4 changed');
    // Nobody is there to press q: it must end by itself, and hold the lock no longer.
    await expect.poll(async () => (await sample.unattended('run')).code).toBe(0);
  });
});

describe('the terminal', () => {
  it('may shrink to 60 by 16 and grow again; smaller is said', async () => {
    terminal = await Terminal.start(sample, { columns: 120, rows: 40 });
    await terminal.until('Enter continue');
    await terminal.resize(60, 16);
    const small = await terminal.until(/Enter continue/);
    expect(Math.max(...small.split('\n').map((line) => line.length))).toBeLessThanOrEqual(60);
    await terminal.resize(50, 12);
    await terminal.until('too small: 50 by 12');
    await terminal.resize(80, 24);
    const again = await terminal.until('Enter continue');
    expect(again).not.toContain('too small');
  });

  it('without UTF-8 gets ASCII; with NO_COLOR no colours', async () => {
    terminal = await Terminal.start(sample, { env: { LANG: 'C', NO_COLOR: '1' } });
    await terminal.until('Enter continue');
    expect(await terminal.screen()).toMatch(/^[\x20-\x7e\n]*$/);
    expect(await terminal.raw()).not.toMatch(/\u001b\[(3[0-7]|9[0-7]|38;)/);
  });

  it('is lent to a shell and taken back', async () => {
    await sample.program('exit 1');
    terminal = await Terminal.start(sample);
    await answer();
    await apply();
    await terminal.at('A step failed', '!');
    await terminal.until('shell-here');
    await terminal.type('echo in-the-$((20 + 1))-shell; exit');
    await terminal.press('Enter');
    await terminal.at('A step failed', '?');
    await terminal.until('any key');
  });

  it('is lent to an editor on the file that a failure names, and the run is tried again', async () => {
    const unit = sample.at('broken.service');
    await sample.write('broken.service', 'bad\n');
    await sample.program(`grep -q good ${unit} || { echo "wrong word in ${unit}:1" >&2; exit 1; }`);
    await sample.write('editor', `#!/bin/sh\necho good > "$1"\n`);
    await chmod(sample.at('editor'), 0o755);
    terminal = await Terminal.start(sample, { env: { EDITOR: sample.at('editor') } });
    await answer();
    await apply();
    const failure = await terminal.until('A step failed');
    expect(failure.replace(/\s+/g, ' ')).toContain('in your editor; then r retries');
    await terminal.press('o');
    await expect.poll(() => sample.read('broken.service')).toBe('good\n');
    await terminal.at('A step failed', 'r');
    await terminal.until('All checks passed');
  });

  it('an editor that is not there is told, and nothing else happens', async () => {
    const unit = sample.at('broken.service');
    await sample.program(`echo "wrong word in ${unit}:1" >&2; exit 1`);
    terminal = await Terminal.start(sample, { env: { EDITOR: '/nowhere/editor' } });
    await answer();
    await apply();
    await terminal.at('A step failed', 'o');
    const told = await terminal.until('could not be started');
    expect(told).toContain('Set EDITOR');
    await terminal.press('x');
    await terminal.at('A step failed', 'q');
    expect(await terminal.ended()).toMatchObject({ restored: true });
  });

  it('help and search answer while the host is looked at', async () => {
    terminal = await Terminal.start(sample);
    await terminal.at('Look around', 'Escape');
    await terminal.at('Requirements', '?');
    await terminal.at('any key', 'x', '/');
    await terminal.type('background');
    await terminal.press('Enter');
    await terminal.until('› ○ Background tasks');
  });

  it('the start page is left by looking around, and stands there no more once something is answered', async () => {
    terminal = await Terminal.start(sample);
    await terminal.at('› Install', 'Down', 'Enter');
    await terminal.at('○ Background tasks', 'Enter');
    await terminal.at('one answer is missing', 'C-c');
    await terminal.ended();
    await terminal.close();
    terminal = await Terminal.start(sample);
    // Enter at once: it waits for what is still being read.
    await terminal.at('› Install', 'Enter');
    await terminal.until('one answer is missing');
    await terminal.type('kept.example.org');
    await terminal.press('Enter');
    await terminal.at(/› . Secret key/, 'C-c');
    await terminal.ended();
    await terminal.close();
    terminal = await Terminal.start(sample);
    expect(await terminal.until('Enter continue')).not.toContain('Install');
  });

  it('what the terminal says by itself is neither typed nor a key, also in two reads', async () => {
    terminal = await Terminal.start(sample);
    await terminal.until('Enter continue');
    await terminal.send('\u001b_quit\u001b\\');
    await terminal.press('Enter');
    await terminal.until('one answer is missing');
    await terminal.type('cdn.');
    await terminal.send('\u001b_Gi=31;OK\u001b\\\u001b]11;rgb:0000/0000/0000\u0007');
    await terminal.send('\u001bP>|tm');
    await sleep(150);
    await terminal.send('ux 3.3a\u001b\\');
    await terminal.type('example.org');
    await terminal.press('Enter');
    await terminal.until(/Domain +cdn\.example\.org/);
  });

  it('an answer to type takes every letter; F1 is its help, Ctrl-C saves and quits', async () => {
    terminal = await Terminal.start(sample);
    await terminal.at('Enter continue', 'Enter');
    await terminal.until('one answer is missing');
    await terminal.type('kept.example.org');
    await terminal.press('Down');
    await terminal.until(/› . Secret key/);
    await terminal.type('qkey-123');
    expect(await terminal.until(/› . Secret key +•{8}/)).not.toContain('qkey');
    await terminal.press('C-r');
    await terminal.until(/› . Secret key +qkey-123/);
    await terminal.press('F1');
    await terminal.at('any key', 'x');
    await terminal.at(/› . Secret key +qkey-123/, 'C-c');
    expect(await terminal.ended()).toMatchObject({ code: 130, restored: true });
  });

  it('a pasted key of several lines arrives whole, and no secret is ever on the screen', async () => {
    const key =
      '-----BEGIN SAMPLE KEY-----\nProc-Type: 4,ENCRYPTED\n\nnot-a-real-key-one\n-----END SAMPLE KEY-----\n';
    terminal = await Terminal.start(sample);
    await terminal.at('Enter continue', 'Enter');
    await terminal.until('one answer is missing');
    await terminal.type('cdn.example.org');
    await terminal.press('Enter');
    await terminal.type('typed-by-hand');
    await terminal.press('Enter');
    await terminal.at(/› . Further names/, 'Enter');
    await terminal.at(/› . CDN/, 'Space');
    // Set up, what is pasted next goes into its first answer.
    await terminal.until(/› . {3}CDN key/);
    await terminal.paste(key);
    await terminal.at('lines)', 'Enter', 'End');
    await terminal.at('› Continue', 'Enter');
    await terminal.at('Review:', '*');
    await apply();
    await terminal.at('All checks passed', 'q');
    await terminal.ended();
    const settings = await sample.read('settings.conf');
    expect(settings).toContain('secret=typed-by-hand');
    expect(settings).toContain('not-a-real-key-one');
    const raw = await terminal.raw();
    expect(raw).not.toContain('typed-by-hand');
    expect(raw).not.toContain('not-a-real-key');
    expect(await sample.written('log', 'state')).not.toContain('typed-by-hand');
  });
});
