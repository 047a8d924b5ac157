import { describe, expect, test } from 'vitest';
import { handedOn, isTranslated, judge } from '../../src/requirements/names.ts';
import { SITE_TOKEN } from '../../src/site/layout.ts';
import { given } from '../host/given.ts';

const own = (v4: readonly string[], v6: readonly string[] = []) => ({ v4, v6 });

// neighbours.md 4, and its siblings.
describe('where a name leads', () => {
  test.each([
    { what: 'here', found: own(['192.0.2.10']), here: own(['192.0.2.10']), says: undefined },
    {
      what: 'to one of two network cards',
      found: own(['192.0.2.11']),
      here: own(['192.0.2.10', '192.0.2.11']),
    },
    { what: 'to an IPv6-only host', found: own([], ['2001:db8::1']), here: own([], ['2001:db8::1']) },
    {
      what: 'nowhere, on an IPv6-only host',
      found: own([]),
      here: own([], ['2001:db8::1']),
      says: /Add an AAAA record with this server's address \(2001:db8::1\)/,
      elsewhere: [],
    },
    {
      what: 'nowhere',
      found: own([]),
      here: own(['192.0.2.10']),
      says: /Add an A record with this server's address \(192\.0\.2\.10\)/,
      elsewhere: [],
    },
    {
      what: 'to Cloudflare, from a server with a public address',
      found: own(['104.16.0.1', '104.16.0.2']),
      here: own(['192.0.2.10']),
      says: /points to 104\.16\.0\.1, 104\.16\.0\.2 \(A record\).*Cloudflare, a load balancer/,
      elsewhere: ['104.16.0.1', '104.16.0.2'],
    },
    {
      what: 'to the public address of a router',
      found: own(['203.0.113.7']),
      here: own(['10.0.0.5']),
      says: /points to 203\.0\.113\.7/,
      elsewhere: ['203.0.113.7'],
    },
    {
      what: 'to a load balancer, on an IPv6-only host',
      found: own(['203.0.113.7'], ['2001:db8::1']),
      here: own([], ['2001:db8::1']),
      says: /this server has no address for A records/,
      elsewhere: ['203.0.113.7'],
    },
    {
      what: 'here, and elsewhere by a stale AAAA record',
      found: own(['192.0.2.10'], ['2001:db8::77']),
      here: own(['192.0.2.10'], ['2001:db8::1']),
      says: /\(AAAA record\).*or remove it/,
      elsewhere: ['2001:db8::77'],
    },
  ])('$what', ({ found, here, says, elsewhere }) => {
    const wrong = judge('studio.example.org', found, here);
    expect(wrong?.elsewhere).toEqual(elsewhere);
    if (says === undefined) expect(wrong).toBeUndefined();
    else expect(`${wrong?.what} ${wrong?.remedy}`).toMatch(says);
  });

  test.each([
    [own(['10.1.2.3']), true],
    [own(['100.64.0.9']), true],
    [own(['192.0.2.10', '10.1.2.3']), false],
    [own([], ['fd00::1']), false],
  ])('%j is behind a router: %s', (addresses, translated) => {
    expect(isTranslated(addresses)).toBe(translated);
  });
});

describe('whether an address hands visitors on to this site', () => {
  const answers: Readonly<Record<string, { status: number; body?: string; error?: string }>> = {
    '203.0.113.1': { status: 200, body: 'token of this site\n' },
    '203.0.113.2': { status: 200, body: '<html>parked</html>' },
    '203.0.113.3': { status: 404 },
    '203.0.113.4': { status: 0, error: 'connect ETIMEDOUT' },
    '203.0.113.5': { status: 301 },
  };
  const host = given({
    files: { [SITE_TOKEN]: 'token of this site\n' },
    web: (url, { address = '' }) =>
      url === 'http://studio.example.org/.well-known/acme-challenge/studio-setup-site'
        ? (answers[address] ?? {})
        : {},
  });
  test.each([
    [['203.0.113.1'], true],
    [['203.0.113.2'], false],
    [['203.0.113.3'], false],
    [['203.0.113.4'], false],
    [['203.0.113.5'], false],
    [['203.0.113.1', '203.0.113.3'], false],
    [[], false],
  ])('%j: %s', async (addresses, proved) => {
    expect(await handedOn(host, 'studio.example.org', addresses)).toBe(proved);
  });

  test('without a token nothing is proved', async () => {
    const bare = given({ web: () => ({ status: 200, body: '' }) });
    expect(await handedOn(bare, 'studio.example.org', ['203.0.113.1'])).toBe(false);
  });
});
