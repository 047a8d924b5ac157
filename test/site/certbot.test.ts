import { describe, expect, test } from 'vitest';
import {
  certbotLibraries,
  certbotProgram,
  certbotTimer,
  hooksThatStopNginx,
  nothingInTheWay,
} from '../../src/site/certbot.ts';
import { given } from '../host/given.ts';

// By snap: certbot.eff.org's instructions; the snap's folders as its snapcraft.yaml lays them out.
test.each([
  {
    what: 'of the distribution',
    files: { '/usr/bin/certbot': '' },
    program: 'certbot',
    timer: 'certbot.timer',
  },
  { what: 'none', files: {}, program: 'certbot', timer: 'certbot.timer' },
  {
    what: 'by snap',
    files: { '/snap/bin/certbot': '→ /usr/bin/snap' },
    program: '/snap/bin/certbot',
    timer: 'snap.certbot.renew.timer',
  },
  {
    what: 'by snap, with the link of the instructions',
    files: { '/snap/bin/certbot': '→ /usr/bin/snap', '/usr/bin/certbot': '→ /snap/bin/certbot' },
    program: '/snap/bin/certbot',
    timer: 'snap.certbot.renew.timer',
  },
  {
    what: 'both',
    files: { '/snap/bin/certbot': '→ /usr/bin/snap', '/usr/bin/certbot': '' },
    program: 'certbot',
    timer: 'certbot.timer',
  },
])('certbot $what', async ({ files, program, timer }) => {
  const host = given({ files });
  expect([await certbotProgram(host), await certbotTimer(host)]).toEqual([program, timer]);
});

test("the snap's libraries, whatever its Python", async () => {
  const snap = '/snap/certbot/current/lib/python3.12/site-packages';
  const host = given({ files: { [`${snap}/certbot/ssl-dhparams.pem`]: '' } });
  expect(await certbotLibraries(host)).toEqual(['/usr/lib/python3/dist-packages', snap]);
});

describe("an operator's own configuration of certbot", () => {
  test.each([
    { ini: '', inTheWay: undefined },
    // Debian's own.
    { ini: 'max-log-backups = 0\npreconfigured-renewal = True\n', inTheWay: undefined },
    {
      ini: 'key-type = rsa\nemail = a@example.org\ndeploy-hook = systemctl reload haproxy\n',
      inTheWay: undefined,
    },
    { ini: 'authenticator = dns-cloudflare\n', inTheWay: undefined },
    { ini: '# standalone = true\n; nginx = true\nstandalone = false\n', inTheWay: undefined },
    { ini: 'email = a@example.org\nstandalone = true\n', inTheWay: 'line 2 (standalone)' },
    { ini: 'dns-cloudflare\n', inTheWay: 'line 1 (dns-cloudflare)' },
    { ini: 'configurator = nginx\n', inTheWay: 'line 1 (configurator)' },
    { ini: 'pre-hook = systemctl stop nginx\n', inTheWay: 'line 1 (pre-hook)' },
    { ini: 'pre-hook = logger renewal\n', inTheWay: undefined },
  ])('$ini', async ({ ini, inTheWay }) => {
    const asked = nothingInTheWay(given({ files: { '/etc/letsencrypt/cli.ini': ini } }));
    if (inTheWay === undefined) await expect(asked).resolves.toBeUndefined();
    else await expect(asked).rejects.toThrow(`/etc/letsencrypt/cli.ini, ${inTheWay}`);
  });

  test.each([
    ['#!/bin/sh\nsystemctl stop nginx\n', true],
    ['#!/bin/sh\nservice nginx stop\n', true],
    ['#!/bin/sh\n# systemctl stop nginx\nlogger renewal\n', false],
    ['#!/bin/sh\nsystemctl stop haproxy\n', false],
  ])('a hook before each renewal: %j', async (text, stops) => {
    const path = '/etc/letsencrypt/renewal-hooks/pre/own';
    expect(await hooksThatStopNginx(given({ files: { [path]: text } }))).toEqual(stops ? [path] : []);
  });
});
