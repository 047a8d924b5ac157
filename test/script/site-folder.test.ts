import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { functionsFor } from '../../src/script/functions.ts';

// Debian's www-data (base-passwd's passwd.master).
const WWW_DATA = 33;

/** Stands for /var, with www-data's `www` and root's `etc` in it. */
let top: string;
const at = (name: string) => path.join(top, name);
const rights = (name: string) => {
  const { mode, uid, gid } = lstatSync(at(name));
  return [(mode & 0o7777).toString(8), uid, gid];
};

beforeEach(() => {
  top = mkdtempSync(path.join(tmpdir(), 'studio-setup-folder-'));
  chmodSync(top, 0o755);
  for (const name of ['www', 'etc']) mkdirSync(at(name), { mode: 0o755 });
  chownSync(at('www'), WWW_DATA, WWW_DATA);
});
afterEach(() => rmSync(top, { recursive: true }));

/** The exported script's line for a folder below /var/www. @returns its exit code */
function siteFolder(name: string): number | null {
  const line = `site_folder /var/www/${name} 2755`;
  const script = ['set -euo pipefail', ...functionsFor([line]), line].join('\n');
  return spawnSync('bash', ['-c', script.replaceAll('/var/www', at('www'))], { timeout: 30_000 }).status;
}

test('is made by the account whose it is', () => {
  expect(siteFolder('.config')).toBe(0);
  expect(siteFolder('.config/pypoetry')).toBe(0);
  for (const name of ['www/.config', 'www/.config/pypoetry'])
    expect(rights(name)).toEqual(['2755', WWW_DATA, WWW_DATA]);
});

test('is given to it where root made it', () => {
  mkdirSync(at('www/config'));
  expect(siteFolder('config')).toBe(0);
  expect(rights('www/config')).toEqual(['2755', WWW_DATA, WWW_DATA]);
});

test.each([
  ['in its own place', 'config', 'config', '../etc'],
  ['on the way', '.config/etc', '.config', '..'],
])('a link %s gives nothing of root away', (_, name, link, target) => {
  symlinkSync(target, at(`www/${link}`));
  siteFolder(name);
  expect(rights('etc')).toEqual(['755', 0, 0]);
});
