import { beforeEach, expect, test } from 'vitest';
import { Answers } from '../../src/answers/answers.ts';
import { isLater, type Operation } from '../../src/engine/operation.ts';
import type { FileStatus, Host, LiveHost } from '../../src/host/host.ts';
import { procedures } from '../../src/procedures/index.ts';
import { parseSettings } from '../../src/python/settings-file.ts';
import { valueAt } from '../../src/site/integrations.ts';
import { SETTINGS } from '../../src/site/layout.ts';

const file: FileStatus = { type: 'file', mode: 0o640, owner: 'root', group: 'root', size: 1, modified: 0 };
let files: Map<string, string>;
/** Of Django: a newer one than any that the document knows. */
let version: string;

const host = {
  query: async () => ({ code: 0, stdout: `\n@@{"version": "${version}"}`, stderr: '' }),
  read: async (path: string) => files.get(path),
  status: async (path: string) =>
    path === SETTINGS || /python$/.test(path) || files.has(path) ? file : undefined,
  once: async (_: string, compute: () => unknown) => compute(),
  write: async (path: string, content: string) => void files.set(path, content),
} as unknown as Host & LiveHost;

const kind = procedures.find(({ id }) => id === 'rotate secret-key');
const build = async () => {
  if (kind === undefined) throw new Error('there is no such procedure');
  return kind.build({ host, answers: new Answers() }, {});
};
const lists = () => valueAt(parseSettings(files.get(SETTINGS) ?? ''), ['SECRET_KEY_FALLBACKS']);

async function bring(operations: readonly Operation[], id: string): Promise<void> {
  const change = await operations.find((each) => each.id === id)?.observe(host);
  if (change === undefined || isLater(change)) throw new Error(`${id} has nothing to do`);
  await change.apply(host);
}

beforeEach(() => {
  version = '4.2.1';
  files = new Map([[SETTINGS, "SECRET_KEY = 'now'\nSECRET_KEY_FALLBACKS = ['before', 'long-before']\n"]]);
});

test('keys that were still taken go on being taken, and the way back brings their list again, after a kill too', async () => {
  const { forward } = await build();
  await bring(forward, 'secret-key/keep');
  await bring(forward, 'secret-key/settings');
  expect(lists()).toEqual(['now', 'before', 'long-before']);
  // Built again, as the next start does, when the settings no longer tell what was.
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

test.each([
  ['3.2.25', /^All sessions end.* stop working/, false],
  ['4.1.7', /^All sessions end.* keep working/, true],
  ['4.1.8', /^Sessions continue/, true],
  ['5.2', /^Sessions continue/, true],
] as const)('says what becomes of sessions with Django %s', async (of, words, kept) => {
  version = of;
  const { notices, forward } = await build();
  expect(notices[0]).toMatch(words);
  await bring(forward, 'secret-key/settings');
  expect(lists()).toEqual(kept ? ['now', 'before', 'long-before'] : ['before', 'long-before']);
});
