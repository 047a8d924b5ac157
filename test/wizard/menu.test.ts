import { readdir, rm, stat } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Sample } from '../commands/sample/sample.ts';
import { Terminal } from './terminal.ts';

let sample: Sample;
let terminal: Terminal;
beforeEach(async () => {
  sample = await Sample.make();
  await sample.write('value', 'old\n');
  await sample.unattended('run');
});
afterEach(async () => {
  await terminal.close();
  await sample.remove();
});

const pending = async () => (await sample.tree()).filter((name) => name.includes('pending'));

/** As a kill leaves it after the first operation. */
async function begun(): Promise<void> {
  await sample.write(
    'value.pending',
    JSON.stringify({ secrets: { old: 'old', new: 'new-value-of-the-sample' } }),
  );
  const record = { procedure: 'rotate secret-key', arguments: {}, direction: 'forward', run: '0001' };
  await sample.write('state/pending.json', JSON.stringify(record));
}

/** From the overview to a row of the menu. @param word what is searched for @param row how the row looks when it is selected */
async function chosen(word: string, row: string | RegExp): Promise<void> {
  await terminal.at('m menu', 'm');
  // It opens on its first row, whatever was chosen before.
  await terminal.at('› Check the site', '/');
  await terminal.type(word);
  await terminal.press('Enter');
  await terminal.at(row, 'Enter');
}

/** To the review of a new SECRET_KEY. */
async function reviewed(): Promise<string> {
  terminal = await Terminal.start(sample);
  await chosen('SECRET_KEY', '› New SECRET_KEY');
  return terminal.until('New value: 4 changes, then a proof');
}

describe('a rotation from the menu', () => {
  it('is reviewed, carried out and proved; then the overview looks again', async () => {
    const review = await reviewed();
    expect(review).toContain('! Everybody will notice.');
    expect(review).toMatch(/~ .*value/);
    await terminal.press('Enter');
    const question = await terminal.until('If a step or the proof fails');
    expect(question).toContain('New value: 4 changes, then a proof. Apply to this server?');
    expect(await sample.read('value')).toBe('old\n');
    await terminal.press('Enter');
    const end = await terminal.until('Done, and proved');
    expect(end).toContain('The new one works.');
    expect(end).toContain('✓ Proved: new works');
    expect(await sample.read('value')).toBe('new-value-of-the-sample\n');
    expect(await pending()).toEqual([]);
    await terminal.press('Enter');
    await terminal.at('3 of 3 sections up to date', 'q');
    expect(await terminal.ended()).toMatchObject({ code: 0, restored: true });
    expect(await terminal.raw()).not.toContain('new-value-of-the-sample');
  });

  it('whose proof fails says why, and that the old state is back; r tries again', async () => {
    await sample.write('no-new', '');
    await reviewed();
    await terminal.press('a', 'Enter');
    const end = await terminal.until('Failed: the old state was restored');
    expect(end).toContain('The new one does not work.');
    expect(end).toContain('The old one works again.');
    expect(end).toContain('✓ Proved: old works');
    expect(await sample.read('value')).toBe('old\n');
    await rm(sample.at('no-new'));
    await terminal.press('r');
    await terminal.at('New value: 3 changes', 'a', 'y');
    await terminal.until('Done, and proved');
  });

  it('that comes to neither state keeps both, and the overview goes on with it', async () => {
    await sample.write('no-new', '');
    await sample.write('no-old', '');
    await reviewed();
    await terminal.press('a', 'Enter');
    const end = await terminal.until('Incomplete: neither the new nor the old state');
    expect(end.replaceAll(/\s+/g, ' ')).toContain('Both are kept');
    await rm(sample.at('no-old'));
    await terminal.press('Enter');
    await terminal.at(/! “rotate secret-key” was interrupted/, 'Enter');
    await terminal.until('Failed: the old state was restored');
    expect(await pending()).toEqual([]);
  });

  it('that is not possible now says so before anything is changed', async () => {
    await sample.write('ill', '');
    terminal = await Terminal.start(sample);
    await chosen('SECRET_KEY', '› New SECRET_KEY');
    const review = await terminal.until('It does not work as it is.');
    expect(review).toContain('What to do: rm ill');
    await terminal.press('Enter');
    await terminal.until('Fix this first');
    expect(await pending()).toEqual([]);
  });

  it('that the host no longer is as reviewed for is shown again', async () => {
    await reviewed();
    await sample.write('value', 'new-value-of-the-sample\n');
    await terminal.press('a', 'y');
    await terminal.until('This server changed since the review');
    expect(await pending()).toEqual([]);
  });
});

describe('stopped in the middle', () => {
  it('by Ctrl-C once: the old state is back, and the wizard is still there', async () => {
    await sample.program('sleep 1');
    await reviewed();
    await terminal.press('a', 'y');
    await terminal.at(/New value: 2 of 4 changes/, 'C-c');
    const end = await terminal.until('Stopped: the old state was restored');
    expect(end).toContain('The old one works again.');
    expect(await sample.read('value')).toBe('old\n');
    await terminal.press('q');
    expect(await terminal.ended()).toMatchObject({ code: 130, restored: true });
  });

  it('by Ctrl-C twice: the next start offers to finish it, before anything else', async () => {
    await sample.program('sleep 60');
    await reviewed();
    await terminal.press('a', 'y');
    await terminal.at(/New value: 2 of 4 changes/, 'C-c', 'C-c');
    expect(await terminal.ended()).toMatchObject({ code: 130, restored: true });
    await terminal.close();
    await sample.program('true');
    terminal = await Terminal.start(sample);
    await terminal.until(/“rotate secret-key” was interrupted/);
    await chosen('SECRET_KEY', '› New SECRET_KEY');
    await terminal.at('finish the interrupted task first', 'Enter');
    const end = await terminal.until('Done, and proved');
    expect(end).toContain('The new one works.');
    expect(await pending()).toEqual([]);
    await terminal.press('Enter');
    expect(await terminal.until('Enter continue')).not.toContain('was interrupted');
  });
});

describe('what was cut off', () => {
  it('is said at once, and a run is not begun beside it', async () => {
    await begun();
    await sample.write('settings.conf', 'gone\n');
    terminal = await Terminal.start(sample);
    const first = await terminal.until('was interrupted');
    expect(first).toContain('Enter finish it');
    await terminal.at('edited by hand', 'j', 'r');
    await terminal.at(/Review: \d/, 'a');
    await terminal.at('o replace', 'o');
    await terminal.at(/Apply all: \d/, 'Enter', 'Enter');
    await terminal.until('Finish it first');
    expect(await sample.read('settings.conf')).toBe('gone\n');
  });
});

describe('undo from the menu', () => {
  it('lists the runs, shows what is put back, and does it', async () => {
    terminal = await Terminal.start(sample);
    await chosen('undo', '› Undo a run');
    await terminal.at(/› 1 .*run, \d changes/, 'Enter');
    const review = await terminal.until('Undo run 1:');
    expect(review).toContain('This undoes run 1');
    await terminal.press('a', 'y');
    await terminal.until('Run 1 undone');
    await expect(sample.read('settings.conf')).rejects.toThrow('ENOENT');
    await terminal.press('Enter');
    expect(await terminal.until(/to do/)).not.toContain('drifted');
  });

  it('leaves a file that was edited since, where k says so, and undoes the rest', async () => {
    await sample.write('settings.conf', 'mine\n');
    terminal = await Terminal.start(sample);
    await chosen('undo', '› Undo a run');
    await terminal.at(/› 1 .*run, \d changes/, 'Enter');
    await terminal.at('Decide on 1 file edited by hand', 'Enter');
    const page = await terminal.until('Undo removes the file');
    expect(page).toMatch(/k leave as it is +o remove/);
    await terminal.press('k');
    await terminal.at(/Apply all: \d/, 'Enter');
    // What deletes is agreed to by name, not by one Enter more.
    expect(await terminal.until(/Removes: /)).toContain('› No, back to the review');
    await terminal.press('y');
    const end = await terminal.until('Run 1 undone');
    expect(end.replaceAll(/\s+/g, ' ')).toContain('Left as it is: ');
    expect(await sample.read('settings.conf')).toBe('mine\n');
    await expect(sample.read('requirements.list')).rejects.toThrow('ENOENT');
  });

  it('of a rotation is refused, with what to do instead', async () => {
    await sample.unattended('rotate', 'secret-key');
    terminal = await Terminal.start(sample);
    await chosen('undo', '› Undo a run');
    await terminal.at(/› 1 .*run, \d changes/, 'Home');
    await terminal.at(/› 2 .*rotate secret-key.*\(not undoable\)/, 'Enter');
    const alert = await terminal.until('no longer works');
    expect(alert).toContain('Run it again: studio-setup rotate secret-key');
  });
});

describe('fixing from the menu', () => {
  it('shows the checks that failed and what fixes them, and looks again', async () => {
    await rm(sample.at('settings.conf'));
    terminal = await Terminal.start(sample);
    await terminal.at('m menu', 'd');
    await terminal.at('m fix', 'm');
    const review = await terminal.until('Fix failed checks:');
    expect(review).toContain('There is no settings.conf.');
    await terminal.press('a', 'y');
    const end = await terminal.until('Fixed: all checks passed');
    expect(end).toContain('✓ Fixed: The settings are there');
  });
});

describe('the menu of day two', () => {
  it('asks before it writes a script, and says where it is', async () => {
    terminal = await Terminal.start(sample);
    await chosen('script', '› Write a script');
    const question = await terminal.until('Write it now');
    expect(question).toContain('The script contains no secrets.');
    const scripts = async () =>
      (await readdir(process.cwd())).filter((name) => /^studio-setup.*\.sh$/.test(name));
    const before = await scripts();
    await terminal.press('Escape');
    await terminal.until('› Write a script');
    expect(await scripts()).toEqual(before);
  });

  it('lists what goes into a support bundle before it writes one', async () => {
    const bundles = async () =>
      (await readdir(process.cwd())).filter((name) => /^studio-setup-support-.*\.tar\.gz$/.test(name));
    terminal = await Terminal.start(sample);
    await chosen('bundle', '› Support bundle');
    const listed = await terminal.until('› Write it now');
    expect(listed).toMatch(/README\.txt \(\d+ kB\), plan\.txt/);
    expect(await bundles()).toEqual([]);
    await terminal.press('Enter');
    await terminal.until('Support bundle: written');
    const [name = ''] = await bundles();
    try {
      expect((await stat(name)).mode & 0o777).toBe(0o600);
    } finally {
      await rm(name, { force: true });
    }
  });

  it('opens on its first row again after another one was used', async () => {
    terminal = await Terminal.start(sample);
    await chosen('script', '› Write a script');
    await terminal.at('Write it now', 'Escape');
    await terminal.at('› Write a script', 'Escape');
    await terminal.at('m menu', 'm');
    await terminal.until('› Check the site');
  });

  it('refuses what is no address, where the cursor is', async () => {
    terminal = await Terminal.start(sample);
    await chosen('e-mail', '› Send a test e-mail');
    await terminal.until('› Recipient');
    await terminal.type('nobody');
    await terminal.press('Enter');
    await terminal.until('That is not an e-mail address.');
    // Letters that are commands elsewhere are typed.
    await terminal.type('jq@x.y');
    await terminal.until('nobodyjq@x.y');
  });

  it('lists the services, one to read and one to restart', async () => {
    terminal = await Terminal.start(sample);
    await chosen('logs', '› Service logs');
    const logs = await terminal.until('› all services');
    expect(logs).toMatch(/studio-background(.|\n)*studio-stats/);
    await terminal.press('Escape');
    await terminal.at('› Service logs', 'j', 'Enter');
    const restart = await terminal.until('› meilisearch');
    expect(restart).not.toContain('studio-stats');
    await terminal.press('Enter');
    const review = await terminal.until('Restart meilisearch: 1 change');
    expect(review).toContain('Until meilisearch.service is up again');
    await terminal.press('Escape');
  });
});

it('the watch says what it does and that it is off; its row sets it up after a review', async () => {
  terminal = await Terminal.start(sample);
  await chosen('What the watch', '› What the watch found');
  const said = (await terminal.until('The watch is off')).replaceAll(/\s+/g, ' ');
  expect(said).toContain('The watch checks the site four times an hour.');
  expect(said).toContain('Or here: Set up the watch, the next row of the menu.');
  await terminal.press('Escape');
  await terminal.at('› What the watch found', 'Down');
  await terminal.at('› Set up the watch', 'Enter');
  await terminal.until('› E-mail to');
  await terminal.press('Enter', 'Enter', 'Enter', 'Enter', 'Enter');
  // The program of the tests lies where everybody can write: the review says so, and nothing can be begun.
  const review = (await terminal.until("root's timer")).replaceAll(/\s+/g, ' ');
  expect(review).toContain("can't be started by root's timer");
  expect(review).not.toContain('Apply all');
});

it('the first backup asks for the key that opens it, refuses what is none, and changes nothing', async () => {
  terminal = await Terminal.start(sample);
  const before = await sample.tree();
  await chosen('Make a backup', '› Make a backup');
  const asked = await terminal.until('Public key');
  expect(asked.replaceAll(/\s+/g, ' ')).toContain('age-keygen -o studio-backup.txt prints the public key.');
  await terminal.type('age1 no key');
  await terminal.press('Enter');
  await terminal.until('This is not a public key');
  await terminal.press('C-u');
  await terminal.type(`age1${'q'.repeat(58)}`);
  await terminal.press('Enter', 'Enter');
  // The sample is no site: what comes of the key is the task's to say.
  await terminal.until('no site');
  expect(await sample.tree()).toEqual(before);
});
