import { expect, it } from 'vitest';
import { CHECKOUT } from '../../src/site/layout.ts';
import { anymailPrefix } from '../../src/site/webhooks.ts';
import { FakeHost } from '../host/fake/fake-host.ts';

it.each([
  ["    path('webhooks/anymail/', include('anymail.urls')),\n", 'webhooks/anymail'],
  ['path(\n        "mail/",\n        include("anymail.urls"),\n    ),', 'mail'],
  ["path('a/', include('other.urls')),\npath('b/', include(('anymail.urls', 'anymail'))),", undefined],
  ["re_path(r'^mail/', include('anymail.urls')),", undefined],
  ["path('x/https://evil.example/', include('anymail.urls')),", undefined],
])('%j', async (urls, prefix) => {
  const host = new FakeHost();
  const own = { owner: 'www-data', group: 'www-data' } as const;
  host.arrange({
    [CHECKOUT]: { folder: true, ...own },
    [`${CHECKOUT}/studio`]: { folder: true, ...own },
    [`${CHECKOUT}/studio/urls.py`]: { text: urls, ...own },
  });
  expect(await anymailPrefix(host)).toBe(prefix);
});

it('a checkout that is not there says nothing', async () => {
  expect(await anymailPrefix(new FakeHost())).toBeUndefined();
});
