import { createHash, createHmac } from 'node:crypto';
import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { MEILISEARCH_VERSIONS, type MeilisearchVersion } from './release.ts';
import { type Bench, makeBench } from './running.ts';

interface Key {
  readonly key: string;
  readonly actions: readonly string[];
  readonly indexes: readonly string[];
  readonly uid?: string;
}

const masterKey = 'sixteen-byte-key';
const everyVersion = MEILISEARCH_VERSIONS;
const scoped = everyVersion.filter((version) => version !== '0.24.0');
const unpaged: readonly MeilisearchVersion[] = ['0.25.2', '0.26.1', '0.27.2'];
const paged: readonly MeilisearchVersion[] = scoped.filter((version) => !unpaged.includes(version));
const makingFolders: readonly MeilisearchVersion[] = paged.filter((version) => version !== '0.28.1');

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
  await vi.waitFor(done, { interval: 20, timeout: 30_000 });
}

describe.concurrent.each(everyVersion)('Meilisearch %s', (version) => {
  test('tells its version, and is healthy without a key', async () => {
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
    expect(await before.stop()).toEqual({ exitCode: undefined, signal: 'SIGTERM' });

    const masterKey2 = 'another-master-key';
    await using server = await bench.start(version, { masterKey: masterKey2, data });
    const now = await keyPair(server.address, version, masterKey2);
    expect(now.search).not.toBe(old.search);
    expect(now.admin).not.toBe(old.admin);
    expect((await ask({ ...server, version, key: old.admin }, 'GET', '/indexes/films')).status).toBe(403);
    const found = await ask({ ...server, version, key: now.search }, 'GET', '/indexes/films/search?q=');
    expect(found.body.hits).toHaveLength(1);
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

  test.each(paged)('%s makes them with HMAC over the uid, which stays', async (version) => {
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
  });

  test('1.50 has four, two of which contain the actions of others; 1.14 has two', async () => {
    const actions = async (version: MeilisearchVersion) => {
      await using server = await bench.start(version, { masterKey, data: freshData() });
      const { body } = await ask({ ...server, version, key: masterKey }, 'GET', '/keys');
      return body.results.map((key: Key) => key.actions.join()).sort();
    };
    expect(await actions('1.50.0')).toEqual(['*', '*.get,keys.get', 'chatCompletions,search', 'search']);
    expect(await actions('1.14.0')).toEqual(['*', 'search']);
  });

  test.each(paged)('%s tells twenty a page, newest first: the default ones stand behind', async (version) => {
    await using server = await bench.start(version, { masterKey, data: freshData() });
    const at = { ...server, version, key: masterKey };
    const key = { name: 'one more', actions: ['search'], indexes: ['films'], expiresAt: null };
    for (let count = 0; count < 20; count += 1)
      expect((await ask(at, 'POST', '/keys', key)).status).toBe(201);
    const first = (await ask(at, 'GET', '/keys')).body;
    expect(first.results).toHaveLength(20);
    expect(first.results.map((each: Key) => each.indexes.join())).not.toContain('*');
    const second = (await ask(at, 'GET', '/keys?offset=20')).body;
    expect(second).toMatchObject({ offset: 20, limit: 20, total: first.total });
    expect(second.results).toHaveLength(first.total - 20);
    expect(second.results.map((each: Key) => each.actions.join())).toContain('*');
  });
});

/** target.md, section 4: words, exit codes and names by version. */
const commandLine: Record<
  MeilisearchVersion,
  { version: string | RegExp; flag: 'taken' | RegExp; bad: number }
> = {
  '0.24.0': { version: 'meilisearch-http 0.24.0', flag: 'taken', bad: 1 },
  '0.25.2': { version: 'meilisearch-http 0.25.2', flag: 'taken', bad: 1 },
  '0.26.1': { version: /--version/, flag: /Found argument 'true' which wasn't expected/, bad: 2 },
  '0.27.2': {
    version: 'meilisearch-http 0.27.2',
    flag: /Found argument 'true' which wasn't expected/,
    bad: 2,
  },
  '0.28.1': {
    version: 'meilisearch-http 0.28.1',
    flag: /Found argument 'true' which wasn't expected/,
    bad: 2,
  },
  '0.30.5': {
    version: 'meilisearch-http 0.30.5',
    flag: /Found argument 'true' which wasn't expected/,
    bad: 2,
  },
  '1.12.8': { version: 'meilisearch 1.12.8', flag: /unexpected argument 'true'/, bad: 2 },
  '1.14.0': { version: 'meilisearch 1.14.0', flag: /unexpected argument 'true'/, bad: 2 },
  '1.50.0': { version: 'meilisearch 1.50.0', flag: /unexpected argument 'true'/, bad: 2 },
};

describe.concurrent.each(everyVersion)('the command line of %s', (version) => {
  const wanted = commandLine[version];

  test('--version', async () => {
    const ended = await bench.run(version, ['--version']);
    if (typeof wanted.version === 'string')
      expect(ended).toMatchObject({ exitCode: 0, stdout: wanted.version });
    else expect(ended).toMatchObject({ exitCode: 2, stderr: expect.stringMatching(wanted.version) });
  });

  test('an option that it does not know', async () => {
    expect((await bench.run(version, ['--no-such-option'])).exitCode).toBe(wanted.bad);
  });

  test('--no-analytics true', async () => {
    // What is taken goes on to what is asked next, and that ends it.
    const ended = await bench.run(version, ['--no-analytics', 'true', '--no-such-option'], {
      data: freshData(),
    });
    expect(ended.exitCode).toBe(wanted.bad);
    expect(ended.stderr).toMatch(wanted.flag === 'taken' ? /--no-such-option/ : wanted.flag);
  });

  test('MEILI_NO_ANALYTICS=true', async () => {
    const env = { MEILI_NO_ANALYTICS: 'true' };
    await using server = await bench.start(version, { masterKey, data: freshData(), env });
    expect((await ask({ ...server, version }, 'GET', '/health')).status).toBe(200);
  });

  test('the flag and the variable together', async () => {
    const env = { MEILI_NO_ANALYTICS: 'true' };
    const args = ['--no-analytics', 'true', '--no-such-option'];
    const ended = await bench.run(version, args, { data: freshData(), env });
    expect(/more than once/.test(ended.stderr)).toBe(version === '0.25.2');
    expect(ended.exitCode).toBe(wanted.bad);
  });

  test('a short master key in production', async () => {
    if (!version.startsWith('1.')) {
      await using server = await bench.start(version, { masterKey: 'short', data: freshData() });
      expect((await ask({ ...server, version, key: 'short' }, 'GET', '/keys')).status).toBe(200);
      return;
    }
    const ended = await bench.run(version, [], { masterKey: 'fifteen-bytes-k', data: freshData() });
    expect(ended.exitCode).toBe(1);
    expect(ended.stderr).toContain('at least 16 bytes');
    const fresh = />> --master-key (\S+) <</.exec(ended.stderr)?.[1] ?? '';
    expect(Buffer.byteLength(fresh)).toBeGreaterThanOrEqual(32);
    expect(ended.stderr).not.toContain('fifteen-bytes-k');
    await using server = await bench.start(version, {
      masterKey: 'short',
      data: freshData(),
      production: false,
    });
    expect((await ask({ ...server, version, key: 'short' }, 'GET', '/keys')).status).toBe(200);
  });
});

describe.concurrent.each(everyVersion)('the folder of dumps of %s', (version) => {
  const makes = makingFolders.includes(version);
  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );

  test('is made in the working directory at each start, from 0.30 on', async () => {
    const cwd = join(bench.folder, freshData());
    await mkdir(cwd);
    await using server = await bench.start(version, { masterKey, data: freshData(), cwd });
    expect((await ask({ ...server, version }, 'GET', '/health')).status).toBe(200);
    expect(await isThere(join(cwd, 'dumps'))).toBe(makes);
  });

  test('is the one that the variable of this version names, and no other', async () => {
    for (const variable of ['MEILI_DUMPS_DIR', 'MEILI_DUMP_DIR']) {
      const own = variable === (version.startsWith('1.') ? 'MEILI_DUMP_DIR' : 'MEILI_DUMPS_DIR');
      const [cwd, named] = [join(bench.folder, freshData()), join(bench.folder, freshData())];
      await mkdir(cwd);
      await using server = await bench.start(version, {
        masterKey,
        data: freshData(),
        cwd,
        env: { [variable]: named },
      });
      expect((await ask({ ...server, version }, 'GET', '/health')).status).toBe(200);
      expect([await isThere(named), await isThere(join(cwd, 'dumps'))]).toEqual([
        makes && own,
        makes && !own,
      ]);
    }
  });
});

test.concurrent.each(makingFolders)('%s ends where its folder of dumps can not be made', async (version) => {
  const cwd = join(bench.folder, freshData());
  await mkdir(cwd);
  // Root writes everywhere; below a file nobody makes a folder.
  const file = join(bench.folder, `meilisearch-${version}`);
  const ended = await bench.run(version, [], {
    masterKey,
    data: freshData(),
    cwd,
    env: { [version.startsWith('1.') ? 'MEILI_DUMP_DIR' : 'MEILI_DUMPS_DIR']: join(file, 'dumps') },
  });
  expect(ended).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('os error') });
});

describe.concurrent('the data folder', () => {
  const opened = /^$/;
  /** Written by, opened by, and what comes of it. target.md, section 4, "Which data a version opens". */
  const rows: readonly (readonly [MeilisearchVersion, MeilisearchVersion, RegExp])[] = [
    ['0.24.0', '0.24.0', opened],
    ['0.24.0', '0.25.2', /Version file is missing/],
    ['0.24.0', '1.50.0', /failed to infer the version of the database/],
    ['0.25.2', '0.24.0', opened],
    ['0.25.2', '0.26.1', /Expected Meilisearch engine version: 0\.25\.2, current engine version: 0\.26\.1/],
    ['0.28.1', '0.30.5', /Expected Meilisearch engine version/],
    ['0.30.5', '0.28.1', /Expected Meilisearch engine version/],
    ['0.30.5', '1.12.8', /Your database version \(0\.30\.5\) is incompatible/],
    ['1.12.8', '1.14.0', /Your database version \(1\.12\.8\) is incompatible/],
    ['1.14.0', '1.12.8', /Your database version \(1\.14\.0\) is incompatible/],
    ['1.14.0', '1.50.0', /Your database version \(1\.14\.0\) is incompatible/],
    ['1.50.0', '1.50.0', opened],
  ];
  const content = (data: string) => readFile(join(bench.folder, data, 'data.json'), 'utf8');

  test.each(rows)('of %s under %s', async (writer, reader, words) => {
    const data = freshData();
    await (await bench.start(writer, { masterKey, data })).stop();
    const before = await content(data);
    if (words === opened) {
      await using server = await bench.start(reader, { masterKey, data });
      expect((await ask({ ...server, version: reader }, 'GET', '/health')).status).toBe(200);
      return;
    }
    const ended = await bench.run(reader, [], { masterKey, data });
    expect(ended).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(words) });
    expect(await content(data)).toBe(before);
  });

  test.each([
    ['1.12.8', '1.14.0', ''],
    ['1.14.0', '1.50.0', ''],
    ['1.50.0', '1.14.0', 'Downgrade is not supported'],
    ['0.30.5', '1.50.0', 'too old for the experimental dumpless upgrade'],
  ] as const)('of %s is taken along to %s where that is asked for', async (writer, reader, words) => {
    const data = freshData();
    const env = { MEILI_EXPERIMENTAL_DUMPLESS_UPGRADE: 'true' };
    await (await bench.start(writer, { masterKey, data })).stop();
    if (words !== '') {
      expect((await bench.run(reader, [], { masterKey, data, env })).stderr).toContain(words);
      return;
    }
    await using server = await bench.start(reader, { masterKey, data, env });
    expect(await readFile(join(bench.folder, data, 'VERSION'), 'utf8')).toBe(reader);
    expect((await ask({ ...server, version: reader }, 'GET', '/health')).status).toBe(200);
  });
});

describe.concurrent('a dump', () => {
  /** Has a server with a film and a key of the operator's own write one. */
  async function dumpOf(version: MeilisearchVersion) {
    const dumps = join(bench.folder, freshData());
    await using server = await bench.start(version, {
      masterKey,
      data: freshData(),
      env: { [version.startsWith('1.') ? 'MEILI_DUMP_DIR' : 'MEILI_DUMPS_DIR']: dumps },
    });
    const at = { ...server, version, key: masterKey };
    await addFilm(at);
    const { status, body } = await ask(at, 'POST', '/dumps');
    expect(status).toBe(202);
    const task = async () => (await ask(at, 'GET', `/tasks/${body.taskUid}`)).body;
    await expect.poll(async () => (await task()).status).toBe('succeeded');
    const file = join(dumps, `${(await task()).details.dumpUid}.dump`);
    return { file, keys: await keyPair(server.address, version) };
  }

  test.each([
    ['0.30.5', '1.50.0'],
    ['1.12.8', '1.50.0'],
  ] as const)('of %s, imported by %s: the same documents and keys', async (from, to) => {
    const { file, keys } = await dumpOf(from);
    const data = freshData();
    const env = { MEILI_IMPORT_DUMP: file };
    const server = await bench.start(to, { masterKey, data, env });
    expect(await keyPair(server.address, to)).toEqual(keys);
    const found = await ask(
      { ...server, version: to, key: keys.search },
      'GET',
      '/indexes/films/search?q=paper',
    );
    expect(found.body.hits).toHaveLength(1);
    await server.stop();
    const again = await bench.run(to, [], { masterKey, data, env });
    expect(again.stderr).toContain('database already exists');
  });

  test('is not read by an earlier version', async () => {
    const { file } = await dumpOf('1.50.0');
    const ended = await bench.run('1.12.8', ['--import-dump', file], { masterKey, data: freshData() });
    expect(ended.exitCode).toBe(1);
  });
});

describe.concurrent('routes that moved in 0.28', () => {
  test.each(everyVersion)('%s', async (version) => {
    await using server = await bench.start(version, { masterKey, data: freshData() });
    const at = { ...server, version, key: masterKey };
    await addFilm(at);
    const isOld = !paged.includes(version);
    const changes = { searchableAttributes: ['title'] };
    expect((await ask(at, 'POST', '/indexes/films/settings', changes)).status).toBe(isOld ? 202 : 405);
    expect((await ask(at, 'PATCH', '/indexes/films/settings', changes)).status).toBe(isOld ? 405 : 202);
    const { body } = await ask(at, 'GET', '/indexes');
    expect(Array.isArray(body)).toBe(isOld);
  });
});
