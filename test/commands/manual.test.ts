import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { productVersion } from '../../src/app/version.ts';
import { manualPage } from '../../src/commands/manual.ts';
import { program } from '../../src/commands/program.ts';
import { sections } from '../../steps/index.ts';
import { run } from '../rehearsal/process.ts';

const root = program(productVersion(), sections, () => {});
const page = manualPage(root, sections);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-manual-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function man(text: string) {
  const file = path.join(folder, 'page.8');
  await writeFile(file, text);
  const env = { PATH: process.env.PATH, LC_ALL: 'C.UTF-8', MANWIDTH: '80', MAN_KEEP_FORMATTING: '' };
  return run(['man', '--warnings', '-l', file], { env });
}

it('docs/studio-setup.8 is what `npm run docs` makes now', () => {
  const file = path.join(import.meta.dirname, '..', '..', 'docs', 'studio-setup.8');
  expect(readFileSync(file, 'utf8')).toBe(page);
});

it('man renders it without a warning, whole, within 80 columns', async () => {
  const { code, stdout, stderr } = await man(page);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const help = root.createHelp();
  const commands = help.visibleCommands(root);
  for (const each of commands) {
    expect(stdout).toMatch(new RegExp(`^ {7}${each.name()}\\b`, 'm'));
    for (const { flags } of each.options) expect(stdout).toContain(`              ${flags}`);
  }
  for (const { flags } of help.visibleOptions(root)) expect(stdout).toContain(`       ${flags}`);
  for (const { id } of sections) expect(stdout).toMatch(new RegExp(`^ {7}${id}\\b`, 'm'));
  expect(stdout).toContain('rotate <secret>');
  expect(stdout).toContain('database-password');
  expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

it.each(['.BOGUS', '\\[nosuchglyph]'])('would be warned of %s', async (wrong) => {
  expect((await man(`${page}${wrong}\n`)).stderr).not.toBe('');
});

it('is ASCII, so that it renders in any locale', () => {
  expect(page).toMatch(/^[\n\x20-\x7e]+$/);
});

it('keeps from roff what it would take for its own', () => {
  const strange = program('1', [], () => {}).description(".TH 'of' \\fB an option-like …");
  const text = manualPage(strange, []);
  expect(text).toContain("\\&.TH 'of' \\efB an option\\-like \\[u2026]");
});
