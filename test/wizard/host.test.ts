import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answersFile, unknowable, writeAnswers } from '../rehearsal/answers.ts';
import { installProduct } from '../rehearsal/product.ts';
import { type Rehearsal, startRehearsal } from '../rehearsal/rehearsal.ts';
import { Terminal } from './terminal.ts';

let host: Rehearsal;
let folder: string;
let terminal: Terminal;

beforeAll(async () => {
  host = await startRehearsal({ report: () => {} });
  await installProduct(host, () => {});
  await writeAnswers(host, { secrets: 'generate', only: ['domain', ...unknowable] });
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
  terminal = await Terminal.open({ argv, env: { PATH: process.env.PATH ?? '' }, folder });
  terminal.patience = 300_000;
}

describe('a whole install on the throwaway host, by keys alone, at 80 by 24', () => {
  test('an empty host has nothing as wanted that is not there yet', { timeout: 120_000 }, async () => {
    const { stdout } = await host.exec(['studio-setup', 'status', '--answers', answersFile]);
    expect(stdout).toMatch(/○ Owners and groups +to do +0 of 5/);
    expect(stdout).toMatch(/○ Verify +to do/);
    expect(stdout).not.toContain('✓');
  });

  test('Enter all the way to the review', { timeout: 600_000 }, async () => {
    await open();
    await terminal.at('Enter continue', 'Enter');
    for (;;) {
      const screen = await terminal.until(/› Continue|Review:/);
      if (screen.includes('Review:')) break;
      const [form = ''] = /Questions: \d+ of \d+/.exec(screen) ?? [];
      await terminal.press('Enter');
      await terminal.until(new RegExp(`Questions: (?!${form.slice(11)})|Review:`));
    }
    const review = await terminal.screen();
    expect(review).toMatch(/Review: \d+ changes in 1\d sections, \d+ departures \(≠\)/);
    expect(Math.max(...review.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('stopped in the middle and left: what was done stays done', { timeout: 900_000 }, async () => {
    await terminal.press('Enter');
    const asked = await terminal.until('› Yes, apply them now');
    expect(asked).toMatch(/Apply \d+ changes in 1\d sections to this host\?/);
    expect(asked).toMatch(/Starts: [\s\S]*meilisearch\.service/);
    expect(asked).toContain('Can’t be undone');
    await terminal.press('Enter');
    await terminal.at(/Running: (8|9|1\d) of/, 'C-c');
    const stopped = await terminal.until('Stopped, as you asked');
    expect(stopped).toMatch(/\d+ steps not done/);
    await terminal.press('q');
    expect(await terminal.ended()).toMatchObject({ code: 130, restored: true });
  });

  test('started again it goes on, to a site that is well', { timeout: 1_200_000 }, async () => {
    await open();
    terminal.patience = 900_000;
    await terminal.at('Enter continue', 'Enter');
    await terminal.at(/Review: \d+ changes/, 'Enter');
    await terminal.at('› Yes, apply them now', 'Enter');
    const end = await terminal.until(/The site is well|A step failed|checks? failed/);
    expect(end).toContain('The site is well');
    await terminal.press('q');
    expect(await terminal.ended()).toMatchObject({ code: 0, restored: true });
    expect((await host.exec(['studio-setup', 'doctor', '--answers', answersFile])).code).toBe(0);
  });

  test('the overview of it; the domain of a live site is refused here, with what changes it', {
    timeout: 300_000,
  }, async () => {
    await open();
    terminal.patience = 60_000;
    await terminal.at('16 of 16 sections as the document wants', 'e', 'Home');
    await terminal.at(/› . Domain/, 'e', 'C-u');
    await terminal.type('films.example.org');
    await terminal.press('Enter');
    const refused = (await terminal.until(/change-domain\s+films/)).replace(/\s+/g, ' ');
    expect(refused).toContain('This host’s site is studio.example.org');
    await terminal.press('Escape');
    await terminal.at('Esc back', 'Escape');
    await terminal.at('16 of 16 sections', 'q');
    expect(await terminal.ended()).toMatchObject({ restored: true });
    // An answers file does not rename a live site either.
    const renamed = `sed 's/^domain: .*/domain: films.example.org/' ${answersFile} > /root/other.yaml`;
    const plan = 'studio-setup plan --answers /root/other.yaml --yes';
    const { code, stderr } = await host.exec(['sh', '-c', `${renamed}; ${plan}`]);
    expect([code, stderr.replace(/\s+/g, ' ')]).toEqual([
      1,
      expect.stringContaining('studio-setup change-domain films.example.org'),
    ]);
  });
});
