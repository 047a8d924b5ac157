import { describe, expect, test } from 'vitest';
import { keysIn } from '../../src/site/meilisearch-keys.ts';

const key = (name: string, actions: readonly string[], more: object = {}) => ({
  key: name,
  actions,
  indexes: ['*'],
  expiresAt: null,
  createdAt: '2026-01-01T00:00:00Z',
  ...more,
});
const SEARCH = key('search', ['search']);
const ADMIN = key('admin', ['*']);
const CHAT = key('chat', ['chatCompletions', 'search']);
const READ = key('read', ['*.get', 'keys.get']);
const OWN = Array.from({ length: 45 }, (_, index) =>
  key(`own-${index}`, ['search'], { indexes: ['films'], createdAt: '2026-02-01T00:00:00Z' }),
);

/** Answers as the server does: twenty a page. */
async function found(all: readonly object[], pages = true) {
  const asked: number[] = [];
  const page = (offset: number) =>
    JSON.stringify(
      pages
        ? { results: all.slice(offset, offset + 20), offset, limit: 20, total: all.length }
        : { results: all },
    );
  const keys = await keysIn(page(0), async (offset) => {
    asked.push(offset);
    return page(offset);
  });
  return { keys: keys && [keys.public.reveal(), keys.private.reveal()], asked };
}

describe('the public and the private key', () => {
  test('of 0.24 are named so', async () => {
    const keys = await keysIn(JSON.stringify({ public: 'p', private: 'q' }), async () => undefined);
    expect([keys?.public.reveal(), keys?.private.reveal()]).toEqual(['p', 'q']);
  });

  test.each<readonly [string, readonly object[]]>([
    ['two', [SEARCH, ADMIN]],
    ['in the other order', [ADMIN, SEARCH]],
    ['four, of which two contain the actions of others', [CHAT, READ, SEARCH, ADMIN]],
    ['in the other order, four', [READ, ADMIN, CHAT, SEARCH]],
    ['behind one for one index', [key('films', ['search'], { indexes: ['films'] }), SEARCH, ADMIN]],
    ['behind one for all and one index', [key('x', ['*'], { indexes: ['*', 'films'] }), SEARCH, ADMIN]],
    ['behind one that expires', [key('x', ['search'], { expiresAt: '2027-01-01T00:00:00Z' }), SEARCH, ADMIN]],
    [
      'behind a newer one of the same',
      [key('x', ['*'], { createdAt: '2026-05-01T00:00:00Z' }), SEARCH, ADMIN],
    ],
    ['with an action that is named twice', [key('search', ['search', 'search']), ADMIN]],
  ])('%s', async (_, all) => {
    for (const pages of [true, false]) expect((await found(all, pages)).keys).toEqual(['search', 'admin']);
  });

  test('stand on the last page behind keys of the operator', async () => {
    expect(await found([...OWN, CHAT, SEARCH, ADMIN])).toEqual({
      keys: ['search', 'admin'],
      asked: [20, 40],
    });
  });

  test.each<readonly [string, readonly object[]]>([
    ['there are none', []],
    ['the search key was deleted', [ADMIN, CHAT]],
    ['the admin key was deleted', [SEARCH, READ]],
    ['only others are there', OWN],
  ])('are not known when %s', async (_, all) => {
    expect((await found(all)).keys).toBeUndefined();
  });

  test('are not known when a page does not come, and nobody asks for ever', async () => {
    const first = JSON.stringify({ results: OWN.slice(0, 20), total: 40 });
    expect(await keysIn(first, async () => undefined)).toBeUndefined();
    expect(await keysIn(first, async () => JSON.stringify({ results: [], total: 40 }))).toBeUndefined();
  });
});
