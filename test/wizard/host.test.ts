import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { taskSays } from '../install/operator.ts';
import { rotated } from '../install/rotation.ts';
import { answersFile, unknowable, writeAnswers } from '../rehearsal/answers.ts';
import { installProduct } from '../rehearsal/product.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';
import { answerAt, logsIn, PASSWORD } from './first-answers.ts';
import { Terminal } from './terminal.ts';

/** The form, and the label with the cursor; not its value, which changes while it is typed. */
function focusOf(screen: string): string {
  const [form = ''] = /Questions: \d+ of \d+/.exec(screen) ?? [];
  const [, label = ''] = /^ › (?:[^\w\s] +)?(\S+(?: \S+)*)/m.exec(screen) ?? [];
  return `${form} ${label}`;
}

let host: Rehearsal;
let folder: string;
let terminal: Terminal;

beforeAll(async () => {
  host = await startRehearsal({ report: () => {} });
  await installProduct(host, () => {});
  // What no operator could know here; the rest is typed.
  await writeAnswers(host, { only: unknowable.filter((id) => id !== 'certificate.email') });
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-wizard-'));
}, 900_000);
afterAll(async () => {
  await terminal?.close();
  await host?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function open(): Promise<void> {
  await terminal?.close();
  const argv = [
    ...host.enterArgv({ env: { TERM: 'screen-256color' } }),
    'studio-setup',
    '--answers',
    answersFile,
  ];
  terminal = await Terminal.open({ argv, env: { PATH: process.env.PATH ?? '' } });
  terminal.patience = 300_000;
}

/** From the overview to a row of the menu. */
async function chosen(word: string, row: string | RegExp): Promise<void> {
  await terminal.at('m menu', 'm');
  await terminal.at('› Check the site', '/');
  await terminal.type(word);
  await terminal.press('Enter');
  await terminal.at(row, 'Enter');
}

/** From the overview through all forms, typing what is asked for. @returns how many answers that took, and how often Enter */
async function toReview(): Promise<{ readonly given: number; readonly enters: number }> {
  await terminal.at('Enter continue', 'Enter');
  let given = 0;
  let enters = 1;
  for (let shown = await terminal.until(/^ › |Review:/m); !shown.includes('Review:'); enters += 1) {
    const at = focusOf(shown);
    const answer = answerAt(at);
    if (answer !== undefined) {
      await terminal.type(answer);
      given += 1;
    }
    await terminal.press('Enter');
    shown = await terminal.changed((screen) => screen.includes('Review:') || focusOf(screen) !== at);
  }
  return { given, enters };
}

describe('a whole install on the throwaway host, by keys alone, at 80 by 24', () => {
  test('an empty host has nothing up to date that is not there yet', { timeout: 120_000 }, async () => {
    const { stdout } = await host.exec(['studio-setup', 'status', '--answers', answersFile]);
    expect(stdout).toMatch(/○ Owners and groups +to do +0 of 5/);
    expect(stdout).toMatch(/○ Verify +to do/);
    expect(stdout).not.toContain('✓');
  });

  test('some ten answers, and Enter, to the review', { timeout: 600_000 }, async () => {
    await open();
    const { given, enters } = await toReview();
    console.log(`To the review: ${given} answers typed, Enter ${enters} times`);
    // Domain, login, e-mail, password twice, e-mail for the certificates; the repository stands in the answers file.
    expect(given).toBe(6);
    const review = await terminal.screen();
    expect(review).toMatch(/Review: \d+ changes in 1\d sections, \d+ departures \(≠\)/);
    // What the server will be comes before the changes.
    expect(review).toMatch(/Address +https:\/\/studio\.example\.org\//);
    expect(review).toMatch(/Administrator +francesco/);
    expect(review).toMatch(/Takes +about \d+ s plus the downloads/);
    expect(Math.max(...review.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('stopped in the middle and left: what was done stays done', { timeout: 600_000 }, async () => {
    await terminal.press('Enter');
    const asked = await terminal.until('› Yes, apply them now');
    expect(asked).toMatch(/Apply \d+ changes in 1\d sections to this server\?/);
    expect(asked).toMatch(/Starts: [\s\S]*meilisearch\.service/);
    expect(asked).toContain("Can't be undone");
    await terminal.press('Enter');
    await terminal.at(/Running: (8|9|1\d) of/, 'C-c');
    const stopped = await terminal.until('Stopped, as you asked');
    expect(stopped).toMatch(/\d+ steps not done/);
    await terminal.press('q');
    expect(await terminal.ended()).toMatchObject({ code: 130, restored: true });
  });

  test('started again it goes on, to a site that is well', { timeout: 600_000 }, async () => {
    await open();
    // Secrets are not saved: the administrator's password is asked for again, twice.
    expect((await toReview()).given).toBe(2);
    await terminal.at(/Review: \d+ changes/, 'Enter');
    await terminal.at('› Yes, apply them now', 'Enter');
    const end = await terminal.until(/All checks passed|A step failed|checks? failed/);
    expect(end).toContain('All checks passed');
    expect(end).toMatch(/Log in +https:\/\/studio\.example\.org\/admin\/ as francesco/);
  });
});

test('the administrator that was made logs in, as a browser does', { timeout: 60_000 }, async () => {
  expect(await logsIn(host, folder, 'francesco', PASSWORD)).toBe(true);
  expect(await logsIn(host, folder, 'francesco', 'another-password')).toBe(false);
});

describe('day two, in the same wizard', () => {
  test('a new key for MeiliSearch from the menu is proved, and no later run brings the old one back', {
    timeout: 300_000,
  }, async () => {
    terminal.patience = 60_000;
    const before = await rotated(host);
    await terminal.press('Escape');
    await chosen('New key for', '› New key for Meilisearch');
    const review = await terminal.until(/New master key for Meilisearch: \d+ changes/);
    expect(review).toContain('! Search is down while Meilisearch restarts');
    await terminal.press('a');
    await terminal.at('If a step or the proof fails', 'y');
    const end = await terminal.until(/Done, and proved|Failed|Incomplete/);
    expect(end).toContain("✓ Proved: search works with the site's key, and old keys are refused");
    expect(end).toContain('Restarted: meilisearch.service');
    const now = await rotated(host);
    expect(now.master).not.toBe(before.master);
    await terminal.press('Enter');
    // The first key was made in this very session; the run must not hold on to it.
    await terminal.at('Enter continue', 'Enter');
    await terminal.until('nothing to change');
    await terminal.press('Escape');
    const raw = await terminal.raw();
    for (const secret of [before.master, before.private, now.master, now.private])
      expect(raw).not.toContain(secret);
  });

  test('another domain: a name that is none is refused as it is typed, one that leads elsewhere in the review', {
    timeout: 120_000,
  }, async () => {
    await chosen('another domain', '› Another domain');
    await terminal.until('The current domain is studio.example.org.');
    await terminal.type('https://new.example.org/films');
    await terminal.press('Enter');
    await terminal.at('✗ Type the host name alone', 'C-u');
    await terminal.type('nowhere.example.org');
    await terminal.press('Enter', 'Enter', 'Enter');
    await terminal.at('› Continue', 'Enter');
    await terminal.until(/✗ The domain becomes nowhere\.example\.org › nowhere\.example\.org in DNS/);
    await terminal.press('Enter');
    await terminal.at('Fix this first', 'Escape');
    // Back to the form, where the name still stands.
    await terminal.at(/New domain +nowhere\.example\.org/, 'Escape');
    await terminal.at('Enter choose', 'Escape');
  });

  test('undo lists the runs; that rotation it refuses, with what to do instead', {
    timeout: 120_000,
  }, async () => {
    await chosen('undo', '› Undo a run');
    // The list opens on a run that can be undone.
    await terminal.at(/Enter shows what undoing/, 'Home');
    await terminal.at(/› \d+ .*rotate meilisearch-key[^›]*not\s+undoable/, 'Enter');
    await terminal.at('Run it again: studio-setup rotate', 'Escape');
    // Typed at once, Esc and q would be one key, Alt-q.
    await terminal.at('Enter show', 'q');
    expect(await terminal.ended()).toMatchObject({ code: 0, restored: true });
    expect((await host.exec(['studio-setup', 'doctor', '--answers', answersFile])).code).toBe(0);
  });

  test('ended in the middle of one: the next start offers to finish it, and the site is whole', {
    timeout: 300_000,
  }, async () => {
    const before = await rotated(host);
    await open();
    await chosen('New key for', '› New key for Meilisearch');
    await terminal.at(/New master key for Meilisearch: \d+ changes/, 'a');
    await terminal.at('If a step or the proof fails', 'y');
    await terminal.at(/New master key for Meilisearch: [1-6] of/, 'C-c', 'C-c');
    expect(await terminal.ended()).toMatchObject({ code: 130, restored: true });
    await open();
    await terminal.at(/! “rotate meilisearch-key” was interrupted/, 'Enter');
    const end = await terminal.until(/Done, and proved|Failed|Incomplete/);
    expect(end).toContain('The new master key is in force');
    await terminal.press('Enter');
    expect(await terminal.until('Enter continue')).not.toContain('was interrupted');
    await terminal.press('q');
    await terminal.ended();
    expect((await rotated(host)).master).not.toBe(before.master);
    expect((await host.exec(['studio-setup', 'doctor', '--answers', answersFile])).code).toBe(0);
  });

  test('the overview of it; the domain of a live site is refused here, with what changes it', {
    timeout: 300_000,
  }, async () => {
    await open();
    terminal.patience = 60_000;
    await terminal.at('16 of 16 sections up to date', 'e', 'Home');
    await terminal.until(/› . Domain/);
    await terminal.type('films.example.org');
    await terminal.press('Enter');
    const refused = (await terminal.until(/change-domain\s+films/)).replace(/\s+/g, ' ');
    expect(refused).toContain("This server's site is studio.example.org");
    await terminal.press('Escape');
    await terminal.at('Esc back', 'Escape');
    await terminal.at('16 of 16 sections', 'q');
    expect(await terminal.ended()).toMatchObject({ restored: true });
    // An answers file does not rename a live site either.
    const renamed = `{ cat ${answersFile}; echo 'domain: films.example.org'; } > /root/other.yaml`;
    const plan = 'studio-setup plan --answers /root/other.yaml --yes';
    const { code, stderr } = await host.exec(['sh', '-c', `${renamed}; ${plan}`]);
    expect([code, stderr.replace(/\s+/g, ' ')]).toEqual([
      1,
      expect.stringContaining('studio-setup change-domain films.example.org'),
    ]);
  });
});

describe('what else the menu has for a site that stands', () => {
  beforeAll(async () => {
    await open();
    terminal.patience = 60_000;
    await terminal.until('Enter continue');
  }, 120_000);

  test('an administrator gets a password that is made: shown once, in no log, and the site takes it', {
    timeout: 180_000,
  }, async () => {
    await chosen('reset a password', '› Add an administrator');
    await terminal.at('› Username', 'C-u');
    await terminal.type('anna');
    await terminal.press('Enter', 'C-u');
    await terminal.type('anna@example.org');
    await terminal.press('Enter', 'Enter');
    await terminal.at('› Continue to the review', 'Enter');
    await terminal.at('new administrator anna', 'a');
    await terminal.at('Administrator anna: 1 change', 'y');
    const end = await terminal.until('shown only once');
    expect(end).toContain('anna can log in now: https://studio.example.org/admin/');
    const password = /^ *(\w{20}) *$/m.exec(end)?.[1] ?? '';
    expect(await logsIn(host, folder, 'anna', 'not-that-password')).toBe(false);
    expect(await logsIn(host, folder, 'anna', password)).toBe(true);
    const kept = await host.exec([
      'grep',
      '-rl',
      password,
      '/var/log',
      '/var/lib/studio-setup',
      '/etc',
      '/root',
    ]);
    expect(kept.stdout).toBe('');
    await terminal.press('Enter');
    await terminal.at('Write it down, then press Esc', 'Escape');
  });

  test('a password that is typed must be typed twice, and one that is too common is refused by Django', {
    timeout: 180_000,
  }, async () => {
    await chosen('reset a password', '› Add an administrator');
    await terminal.at('› Username', 'C-u');
    await terminal.type('anna');
    await terminal.press('Enter', 'Enter');
    await terminal.at('› New password', 'Space', 'Enter');
    await terminal.until(/› Password$/m);
    await terminal.type('a password of anna');
    await terminal.press('Enter');
    await terminal.type('another password');
    await terminal.press('Enter');
    await terminal.at('The two passwords differ.', 'C-u');
    await terminal.type('a password of anna');
    await terminal.press('Enter');
    await terminal.at('› Continue to the review', 'Enter');
    await terminal.at('new password for anna', 'a');
    await terminal.at('Administrator anna: 1 change', 'y');
    await terminal.until('anna can log in now');
    expect(await logsIn(host, folder, 'anna', 'a password of anna')).toBe(true);
    expect(await terminal.raw()).not.toContain('a password of anna');
    await terminal.press('Enter');
  });

  test('logs of a service, without secrets; the address, whole', { timeout: 120_000 }, async () => {
    const { master } = await rotated(host);
    await taskSays(host, 'studio-stats', `key ${master} of all`);
    await chosen('logs', '› Service logs');
    await terminal.at('› all services', '/');
    await terminal.type('studio-stats');
    await terminal.press('Enter', 'Enter');
    const log = await terminal.until(/Log of studio-stats/);
    expect(log).toContain('Full log: studio-setup logs studio-stats');
    expect(await terminal.until('key ••••')).not.toContain(master);
    await terminal.press('Escape');
    await terminal.at('› studio-stats', 'Escape');
    await terminal.at('› Service logs', 'j', 'j', 'Enter');
    expect(await terminal.until('/admin/')).toMatch(/^ *https:\/\/studio\.example\.org\/admin\/ *$/m);
    await terminal.press('Escape');
    await terminal.at('Enter choose', 'Escape');
  });

  test('the first backup asks for the key that opens it; the next one does not', {
    timeout: 300_000,
  }, async () => {
    // Of nobody: age takes any key of this form for one to encrypt for.
    const { stdout: key } = await host.exec([
      'sh',
      '-c',
      'apt-get install -y -q age >/dev/null 2>&1; age-keygen 2>/dev/null | age-keygen -y',
    ]);
    const archives = async () =>
      (await host.exec(['sh', '-c', 'ls /var/backups/blender-studio | grep -c age$'])).stdout.trim();
    await chosen('Make a backup', '› Make a backup');
    await terminal.until('Public key');
    await terminal.type(key.trim());
    await terminal.press('Enter', 'Enter');
    await terminal.at(/Backup: \d+ changes/, 'a');
    await terminal.at('Yes, apply them now', 'y');
    await terminal.until('The backup is made');
    expect(await archives()).toBe('1');
    await terminal.press('Enter');
    await chosen('Make a backup', '› Make a backup');
    await terminal.at(/Backup: \d+ changes/, 'a');
    await terminal.at('Yes, apply them now', 'y');
    await terminal.until('The backup is made');
    expect(await archives()).toBe('2');
    await terminal.press('Enter');
  });

  test('a service is restarted after a question, and proved', { timeout: 180_000 }, async () => {
    const since = async () =>
      (await host.exec(['systemctl', 'show', '--property=ActiveEnterTimestampMonotonic', 'studio'])).stdout;
    const before = await since();
    await chosen('restart', '› Restart a service');
    await terminal.at('› meilisearch', 'j', 'Enter');
    await terminal.at('! Until studio.service is up again', 'a');
    expect(await since()).toBe(before);
    await terminal.at('Restart studio: 1 change', 'y');
    const end = await terminal.until(/Restarted, and proved|Not working after the restart/);
    expect(end).toContain('✓ Proved: Service studio: active, and answers');
    expect(await since()).not.toBe(before);
    await terminal.press('Enter');
  });

  test('the watch is set up, and its page says that it is on', { timeout: 180_000 }, async () => {
    await chosen('Set up the watch', '› Set up the watch');
    await terminal.until('› E-mail to');
    await terminal.press('Enter', 'Enter', 'Enter', 'Enter');
    await terminal.at('› Continue to the review', 'Enter');
    expect(await terminal.until(/Set up the watch: \d+ changes/)).toContain('You get no messages');
    await terminal.press('a');
    await terminal.at('› Yes, apply them now', 'Enter');
    const end = await terminal.until(/The watch is on|The watch is not set up/);
    expect(end).toContain('A first round was made');
    await terminal.press('Enter');
    await chosen('What the watch', '› What the watch found');
    expect(await terminal.until('It is on.')).toMatch(/Last round: .*; 1 round/);
    await terminal.press('Escape');
    await terminal.at('Enter choose', 'Escape');
  });
});
