import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { Secret } from '../../src/answers/secret.ts';
import { Journal } from '../../src/engine/journal.ts';

let folder: string;
const at = (name: string) => path.join(folder, name);
const status = { type: 'file', mode: 0o600, owner: 'root', group: 'root', size: 3, modified: 0 } as const;
const entries = async () =>
  (await readFile(at('journal.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'studio-setup-journal-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('one line per change, with what stood there before', async () => {
  const journal = new Journal(folder);
  journal.path('site/conf', 'write', '/etc/conf', { status, content: 'old\n' }, 'new\n');
  journal.path('site/link', 'link', '/etc/link', { status: undefined });
  journal.note('site/unit', { kind: 'enabled', unit: 'nginx.service' });
  expect(await entries()).toMatchObject([
    { sequence: 1, operation: 'site/conf', kind: 'write', path: '/etc/conf', image: 'before/00001' },
    { sequence: 2, operation: 'site/link', kind: 'link', before: null },
    { sequence: 3, operation: 'site/unit', kind: 'enabled', unit: 'nginx.service' },
  ]);
  expect(await readFile(at('before/00001'), 'utf8')).toBe('old\n');
  expect((await stat(at('before/00001'))).mode & 0o777).toBe(0o600);
});

it('of a file with secrets only the patch back is kept, masked', async () => {
  const old = new Secret('the-old-word-of-all');
  new Journal(folder).path(
    'site/conf',
    'write',
    '/etc/conf',
    { status, content: `password=${old.reveal()}\nname=old\n` },
    'password=x\nname=new\n',
    true,
  );
  const patch = await readFile(at('before/00001.patch'), 'utf8');
  expect(patch).toContain('+password=••••');
  expect(patch).toContain('+name=old');
  expect(patch).not.toContain(old.reveal());
});
