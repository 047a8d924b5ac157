import { createHash, createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { MeilisearchVersion } from './release.ts';
import { type Bench, makeBench } from './running.ts';

interface Key {
  readonly key: string;
  readonly actions: readonly string[];
  readonly uid?: string;
}

const masterKey = 'sixteen-byte-key';
const everyVersion = [
  '0.24.0',
  '0.25.2',
  '0.30.5',
  '1.50.0',
] as const satisfies readonly MeilisearchVersion[];
const scoped = ['0.25.2', '0.30.5', '1.50.0'] as const;

// Most of a test's time is a server starting: side by side they wait together.
let bench: Bench;
let folders = 0;
beforeAll(async () => {
  bench = await makeBench();
});
afterAll(() => bench[Symbol.asyncDispose]());
const freshData = () => `data-${++folders}`;

function headers(version: MeilisearchVersion, key: string): Record<string, string> {
  return version === '0.24.0' ? { 'X-Meili-API-Key': key } : { Authorization: `Bearer ${key}` };
}

/** Sends a request and returns its status and body; `key` goes into the version's own header. */
async function ask(
  at: { address: string; version: MeilisearchVersion; key?: string },
  method: string,
  path: string,
  body?: unknown,
) {
  const response = await fetch(at.address + path, {
    method,
    headers: {
      ...(at.key === undefined ? {} : headers(at.version, at.key)),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

async function keyPair(address: string, version: MeilisearchVersion, master = masterKey) {
  const { body } = await ask({ address, version, key: master }, 'GET', '/keys');
  if (version === '0.24.0') return { search: String(body.public), admin: String(body.private) };
  const withActions = (actions: string) =>
    (body.results as Key[]).find((key) => key.actions.join() === actions)?.key ?? '';
  return { search: withActions('search'), admin: withActions('*') };
}

async function addFilm(at: { address: string; version: MeilisearchVersion; key: string }) {
  const sent = await ask(at, 'POST', '/indexes/films/documents', [{ id: 1, title: 'Paper Mountains' }]);
  expect(sent.status).toBe(202);
  const task =
    at.version === '0.24.0'
      ? `/indexes/films/updates/${sent.body.updateId}`
      : `/tasks/${sent.body.taskUid ?? sent.body.uid}`;
  const done = async () =>
    expect((await ask(at, 'GET', task)).body.status).toMatch(/^(succeeded|processed)$/);
  await vi.waitFor(done, { interval: 20, timeout: 5_000 });
}

describe.concurrent.each(everyVersion)('Meilisearch %s', (version) => {
  test('tells its version, and is healthy without a key', async () => {
    expect((await bench.run(version, ['--version'])).stdout).toBe(`meilisearch ${version}`);
    await using server = await bench.start(version, { masterKey, data: freshData() });
    expect((await ask({ ...server, version }, 'GET', '/health')).body).toEqual({ status: 'available' });
    expect((await ask({ ...server, version }, 'GET', '/version')).status).toBe(401);
    const { body } = await ask({ ...server, version, key: masterKey }, 'GET', '/version');
    expect(body.pkgVersion).toBe(version);
  });

  test('refuses production without a master key', async () => {
    const ended = await bench.run(version, [], { data: freshData() });
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toMatch(/master.key/i);
  });

  test('finds what was added with the search key, and nothing with a wrong one or none', async () => {
    await using server = await bench.start(version, { masterKey, data: freshData() });
    const keys = await keyPair(server.address, version);
    await addFilm({ ...server, version, key: keys.admin });
    const search = (key?: string) =>
      ask(
        { ...server, version, ...(key === undefined ? {} : { key }) },
        'GET',
        '/indexes/films/search?q=paper',
      );
    expect(await search(keys.search)).toMatchObject({
      status: 200,
      body: { hits: [{ title: 'Paper Mountains' }] },
    });
    const post = await ask({ ...server, version, key: keys.search }, 'POST', '/indexes/films/search', {
      q: 'none',
    });
    expect(post).toMatchObject({ status: 200, body: { hits: [] } });
    expect((await search('wrong')).status).toBe(403);
    expect((await search()).status).toBe(401);
  });

  test('lets the search key do nothing else', async () => {
    await using server = await bench.start(version, { masterKey, data: freshData() });
    const { search } = await keyPair(server.address, version);
    expect((await ask({ ...server, version, key: search }, 'GET', '/keys')).status).toBe(403);
    const added = await ask({ ...server, version, key: search }, 'POST', '/indexes/films/documents', [
      { id: 1 },
    ]);
    expect(added.status).toBe(403);
  });

  test('changes the keys with the master key, and keeps the documents', async () => {
    const data = freshData();
    const before = await bench.start(version, { masterKey, data });
    const old = await keyPair(before.address, version);
    await addFilm({ ...before, version, key: old.admin });
    expect(await before.stop()).toBe(0);

    const masterKey2 = 'another-master-key';
    await using server = await bench.start(version, { masterKey: masterKey2, data });
    const now = await keyPair(server.address, version, masterKey2);
    expect(now.search).not.toBe(old.search);
    expect(now.admin).not.toBe(old.admin);
    expect((await ask({ ...server, version, key: old.admin }, 'GET', '/indexes/films')).status).toBe(403);
    const found = await ask({ ...server, version, key: now.search }, 'GET', '/indexes/films/search?q=');
    expect(found.body.hits).toHaveLength(1);
  });

  test('leaves the data folder of another version alone', async () => {
    const data = freshData();
    const other = version === '0.25.2' ? '0.24.0' : '0.25.2';
    await (await bench.start(other, { masterKey, data })).stop();
    const content = () => readFile(join(bench.folder, data, 'data.json'), 'utf8');
    const before = await content();
    const ended = await bench.run(version, [], { masterKey, data });
    expect(ended).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(other) });
    expect(await content()).toBe(before);
  });

  test('ends with code 2 on an option that it does not know', async () => {
    expect((await bench.run(version, ['--no-such-option'])).exitCode).toBe(2);
  });
});

describe.concurrent('headers', () => {
  test('0.24 does not read the bearer token', async () => {
    await using server = await bench.start('0.24.0', { masterKey, data: freshData() });
    expect((await ask({ ...server, version: '0.25.2', key: masterKey }, 'GET', '/keys')).status).toBe(401);
  });

  test.each(scoped)('%s does not read X-Meili-API-Key', async (version) => {
    await using server = await bench.start(version, { masterKey, data: freshData() });
    const refused = await ask({ ...server, version: '0.24.0', key: masterKey }, 'GET', '/keys');
    expect(refused).toMatchObject({ status: 401, body: { code: 'missing_authorization_header' } });
    const wrong = await ask({ ...server, version, key: 'wrong' }, 'GET', '/keys');
    expect(wrong).toMatchObject({ status: 403, body: { code: 'invalid_api_key' } });
  });
});

describe.concurrent('keys', () => {
  test('0.24 has a private and a public one', async () => {
    await using server = await bench.start('0.24.0', { masterKey, data: freshData() });
    const { body } = await ask({ ...server, version: '0.24.0', key: masterKey }, 'GET', '/keys');
    expect(Object.keys(body).sort()).toEqual(['private', 'public']);
  });

  test('0.25 makes them with sha256 over uid and master key, and shows no uid', async () => {
    await using server = await bench.start('0.25.2', { masterKey, data: freshData() });
    const { body } = await ask({ ...server, version: '0.25.2', key: masterKey }, 'GET', '/keys');
    expect(Object.keys(body)).toEqual(['results']);
    expect(body.results).toHaveLength(2);
    for (const { key, uid, indexes } of body.results) {
      expect(uid).toBeUndefined();
      expect(indexes).toEqual(['*']);
      const hidden = key.slice(0, 8);
      expect(key.slice(8)).toBe(
        createHash('sha256')
          .update(hidden + masterKey)
          .digest('hex'),
      );
    }
  });

  test.each(['0.30.5', '1.50.0'] as const)(
    '%s makes them with HMAC over the uid, which stays',
    async (version) => {
      const data = freshData();
      const uids: string[][] = [];
      for (const master of [masterKey, 'another-master-key']) {
        await using server = await bench.start(version, { masterKey: master, data });
        const { body } = await ask({ ...server, version, key: master }, 'GET', '/keys');
        for (const { key, uid } of body.results) {
          expect(key).toBe(createHmac('sha256', master).update(uid).digest('hex'));
        }
        expect(body).toMatchObject({ offset: 0, limit: 20, total: body.results.length });
        uids.push(body.results.map((key: Key) => key.uid));
      }
      expect(uids[0]).toEqual(uids[1]);
    },
  );

  test('1.50 has four, two of which contain the actions of others', async () => {
    await using server = await bench.start('1.50.0', { masterKey, data: freshData() });
    const { body } = await ask({ ...server, version: '1.50.0', key: masterKey }, 'GET', '/keys');
    const actions = body.results.map((key: Key) => key.actions.join()).sort();
    expect(actions).toEqual(['*', '*.get,keys.get', 'chatCompletions,search', 'search']);
  });
});

describe.concurrent('options', () => {
  test.each(['0.24.0', '0.25.2', '0.30.5'] as const)('%s takes a short master key', async (version) => {
    await using server = await bench.start(version, { masterKey: 'short', data: freshData() });
    expect((await ask({ ...server, version, key: 'short' }, 'GET', '/keys')).status).toBe(200);
  });

  test('1.50 refuses a short one in production, and prints a fresh key', async () => {
    const ended = await bench.run('1.50.0', [], { masterKey: 'fifteen-bytes-k', data: freshData() });
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('at least 16 bytes');
    const fresh = />> --master-key (\S+) <</.exec(ended.stderr)?.[1] ?? '';
    expect(Buffer.byteLength(fresh)).toBeGreaterThanOrEqual(32);
    expect(ended.stderr).not.toContain('fifteen-bytes-k');
  });

  test('1.50 takes a short one in development', async () => {
    await using server = await bench.start('1.50.0', {
      masterKey: 'short',
      data: freshData(),
      production: false,
    });
    expect((await ask({ ...server, version: '1.50.0', key: 'short' }, 'GET', '/keys')).status).toBe(200);
  });

  test('1.50 rejects `--no-analytics true`, which the others take', async () => {
    const ended = await bench.run('1.50.0', ['--no-analytics', 'true']);
    expect(ended).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("unexpected argument 'true'"),
    });
    for (const version of ['0.24.0', '0.25.2', '0.30.5'] as const) {
      expect((await bench.run(version, ['--no-analytics', 'true', '--version'])).exitCode).toBe(0);
    }
  });
});

describe.concurrent('routes that moved in 0.28', () => {
  test.each(everyVersion)('%s', async (version) => {
    await using server = await bench.start(version, { masterKey, data: freshData() });
    const at = { ...server, version, key: masterKey };
    await addFilm(at);
    const isOld = version === '0.24.0' || version === '0.25.2';
    const changes = { searchableAttributes: ['title'] };
    expect((await ask(at, 'POST', '/indexes/films/settings', changes)).status).toBe(isOld ? 202 : 405);
    expect((await ask(at, 'PATCH', '/indexes/films/settings', changes)).status).toBe(isOld ? 405 : 202);
    const { body } = await ask(at, 'GET', '/indexes');
    expect(Array.isArray(body)).toBe(isOld);
  });
});
