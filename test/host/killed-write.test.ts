import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { leftovers } from '../../src/app/leftovers.ts';
import { Accounts } from '../../src/host/accounts.ts';
import { PARTIAL } from '../../src/host/files.ts';

const folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-killed-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

test('a file that is written as another account is the old one or the new one, wherever a kill -9 falls', async () => {
  const { uid = 0, gid = 0 } = new Accounts().user('www-data') ?? {};
  const site = path.join(folder, 'site');
  const file = path.join(site, 'settings.py');
  const state = path.join(folder, 'state');
  await mkdir(site);
  await writeFile(file, 'a'.repeat(16_000_000));
  for (const each of [folder, site, file]) await chown(each, uid, gid);
  for (let kill = 0; kill < 6; kill += 1) {
    const writer = spawn(
      process.execPath,
      [path.join(import.meta.dirname, 'sample/writer.ts'), state, file, 'www-data'],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(writer.stdout, 'data');
    // The moment that matters: some of the text is there, and not all of it.
    await halfWritten(`${file}${PARTIAL}`);
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    await expect.poll(() => leftovers(state)).toEqual([]);
    const text = await readFile(file, 'utf8');
    expect([text.length, new Set(text).size]).toEqual([16_000_000, 1]);
  }
});

async function halfWritten(partial: string): Promise<void> {
  for (const until = Date.now() + 10_000; Date.now() < until; await setImmediate()) {
    const size = statSync(partial, { throwIfNoEntry: false })?.size ?? 0;
    if (size > 0 && size < 16_000_000) return;
  }
  throw new Error(`${partial} was never seen half written`);
}
