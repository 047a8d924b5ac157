import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { request } from '../../src/host/http.ts';
import { type MailLookup, tryBlenderId, tryMailAddress } from '../../src/site/trials.ts';

const failing = (code: string) => Promise.reject(Object.assign(new Error(code), { code }));

function dns(records: Partial<Record<keyof MailLookup, readonly string[]>>, otherwise = 'ENODATA') {
  const asked: string[] = [];
  const answer = (kind: keyof MailLookup) => (domain: string) => {
    asked.push(domain);
    const found = records[kind];
    return found === undefined ? failing(otherwise) : Promise.resolve([...found]);
  };
  const lookup: MailLookup = {
    resolveMx: async (domain) => (await answer('resolveMx')(domain)).map((exchange) => ({ exchange })),
    resolve4: answer('resolve4'),
    resolve6: answer('resolve6'),
  };
  return { lookup, asked };
}

describe('the e-mail address for the certificate', () => {
  it.each([
    ['a mail server', { resolveMx: ['mx.example.org'] }, 'ENODATA', true, 'accepts mail'],
    ['an address only', { resolve4: ['192.0.2.1'] }, 'ENODATA', true, 'no mail server of its own'],
    ['an address of the new kind only', { resolve6: ['2001:db8::1'] }, 'ENODATA', true, 'no mail server'],
    ['no record', {}, 'ENOTFOUND', false, 'Check the spelling'],
    [
      'mail that it says it does not take',
      { resolveMx: [''], resolve4: ['192.0.2.1'] },
      'ENODATA',
      false,
      'accepts no mail',
    ],
    ['a DNS that does not answer', {}, 'ETIMEOUT', true, 'was not tried'],
    ['a DNS that is broken', {}, 'ESERVFAIL', true, 'was not tried'],
  ] as const)('a domain with %s', async (_, records, otherwise, ok, words) => {
    const { lookup, asked } = dns(records, otherwise);
    const trial = await tryMailAddress('"odd@quoted"@mail.example.org', lookup);
    expect(trial.ok).toBe(ok);
    expect(trial.message).toContain(words);
    expect(new Set(asked)).toEqual(new Set(['mail.example.org']));
  });
});

describe('the address of Blender ID', () => {
  let server: Server | undefined;
  afterEach(() => server?.close());

  async function serving(status: number, seen: string[] = []): Promise<string> {
    const { promise, resolve } = Promise.withResolvers<void>();
    server = createServer((asked, answer) => {
      seen.push(asked.url ?? '');
      answer.writeHead(status, { location: '/login' }).end();
    }).listen(0, '127.0.0.1', resolve);
    await promise;
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/id/`;
  }

  it.each([200, 302, 400, 403])('%i from its OAuth entrance: it is there', async (status) => {
    const seen: string[] = [];
    expect(await tryBlenderId(await serving(status, seen), { request })).toMatchObject({ ok: true });
    expect(seen).toEqual(['/id/oauth/authorize']);
  });

  it.each([
    [404, 'that is not a Blender ID'],
    [410, 'that is not a Blender ID'],
    [503, 'has a problem at the moment'],
  ])('%i: it says what is wrong', async (status, words) => {
    const trial = await tryBlenderId(await serving(status), { request });
    expect(trial.ok).toBe(false);
    expect(trial.message).toContain(words);
  });

  it('nobody listens: what to look for', async () => {
    const url = await serving(200);
    server?.close();
    const trial = await tryBlenderId(url, { request });
    expect(trial).toMatchObject({ ok: false });
    expect(trial.message).toMatch(/does not answer .*Check the spelling/);
  });
});
