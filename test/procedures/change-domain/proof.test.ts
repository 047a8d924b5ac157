import { describe, expect, test } from 'vitest';
import type { Host, HttpAnswer } from '../../../src/host/host.ts';
import { stillServed } from '../../../src/procedures/change-domain/proof.ts';

const page = (title: string) => `<html><title>${title}</title><p>${Math.random()}</p></html>`;
const answer = (status: number, certificate: string, body = ''): HttpAnswer => ({
  status,
  headers: {},
  body,
  certificate,
});
const home = answer(200, 'own', page('Films'));
const none: HttpAnswer = { status: 0, headers: {}, body: '', error: 'certificate' };

function hostWhere(old: HttpAnswer, names = 'new.example.org', now = home): Host {
  const door: Pick<Host, 'read' | 'request'> = {
    read: async () => `server { listen 443 ssl; server_name ${names}; }`,
    request: async (url) => (url === 'https://new.example.org/' ? now : old),
  };
  return door as Host;
}

const asked = (host: Host) => stillServed(host, ['old.example.org'], 'new.example.org');

describe('a name that went is answered by', () => {
  test.each([
    ['nobody', none],
    ['another server, with a certificate for all names', answer(200, 'wildcard', page('Else'))],
    ['a copy of the site elsewhere', answer(200, 'wildcard', page('Films'))],
    ['a server that leads all names to the domain', answer(301, 'wildcard')],
    ['another server with the same certificate', answer(200, 'own', page('Else'))],
    ['the site, which refuses it', answer(400, 'own')],
  ])('%s: that is no concern of the site', async (_, old) => {
    expect(await asked(hostWhere(old))).toBeUndefined();
  });

  test('the site itself', async () => {
    expect(await asked(hostWhere(answer(200, 'own', page('Films'))))).toContain('still answered');
  });
});

test('a server of the site has it still', async () => {
  expect(await asked(hostWhere(none, 'new.example.org old.example.org'))).toContain('still has a server');
});

test('nothing is proved by a site that does not answer at all', async () => {
  expect(await asked(hostWhere(none, 'new.example.org', none))).toContain('new.example.org');
});
