import { beforeEach, expect, test } from 'vitest';
import { Answers } from '../../src/answers/answers.ts';
import { isLater, type Operation } from '../../src/engine/operation.ts';
import type { FileStatus, Host, LiveHost } from '../../src/host/host.ts';
import { secretKey } from '../../src/procedures/secret-key.ts';
import { parseSettings } from '../../src/python/settings-file.ts';
import { valueAt } from '../../src/site/integrations.ts';
import { SETTINGS } from '../../src/site/layout.ts';

const file: FileStatus = { type: 'file', mode: 0o640, owner: 'root', group: 'root', size: 1, modified: 0 };
let files: Map<string, string>;

/** A site with a newer Django than any that the document knows. */
const host = {
  query: async () => ({ code: 0, stdout: '\n@@{"version": "4.2.1"}', stderr: '' }),
  read: async (path: string) => files.get(path),
  status: async (path: string) =>
    path === SETTINGS || /python$/.test(path) || files.has(path) ? file : undefined,
  once: async (_: string, compute: () => unknown) => compute(),
  write: async (path: string, content: string) => void files.set(path, content),
} as unknown as Host & LiveHost;

const build = () => secretKey.build({ host, answers: new Answers() }, {});
const lists = () => valueAt(parseSettings(files.get(SETTINGS) ?? ''), ['SECRET_KEY_FALLBACKS']);

async function bring(operations: readonly Operation[], id: string): Promise<void> {
  const change = await operations.find((each) => each.id === id)?.observe(host);
  if (change === undefined || isLater(change)) throw new Error(`${id} has nothing to do`);
  await change.apply(host);
}

beforeEach(() => {
  files = new Map([[SETTINGS, "SECRET_KEY = 'now'\nSECRET_KEY_FALLBACKS = ['before', 'long-before']\n"]]);
});

test('keys that were still taken go on being taken, and the way back brings their list again, after a kill too', async () => {
  const { forward } = await build();
  await bring(forward, 'secret-key/keep');
  await bring(forward, 'secret-key/settings');
  expect(lists()).toEqual(['now', 'before', 'long-before']);
  // Built anew, as the next start does, when the settings no longer tell what was.
  await bring((await build()).backward, 'secret-key-back/settings');
  expect(lists()).toEqual(['before', 'long-before']);
});

test.each(["('before',)", "['before', other]", "'before'"])(
  'does not begin when the list is %s',
  async (list) => {
    files.set(SETTINGS, `other = 'x'\nSECRET_KEY = 'now'\nSECRET_KEY_FALLBACKS = ${list}\n`);
    await expect(build()).rejects.toThrow('Nothing was changed.');
  },
);
