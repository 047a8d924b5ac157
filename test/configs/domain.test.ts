import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseDomain, parseTypedDomain } from '../../src/configs/domain.ts';

describe('parseDomain', () => {
  test.each([
    ['studio.example.org', 'studio.example.org'],
    ['  Studio.Example.ORG.\n', 'studio.example.org'],
    ['a.b', 'a.b'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['3d-films.example', '3d-films.example'],
    [`${'a'.repeat(63)}.org`, `${'a'.repeat(63)}.org`],
  ])('takes %j', (input, domain) => {
    expect(parseDomain(input)).toEqual({ ok: true, domain });
  });

  test.each([
    ['', /Type a host name/],
    ['.', /Type a host name/],
    ['https://studio.example.org/', /without a path/],
    ['https://studio.example.org/films', /without a path/],
    ['ftp://studio.example.org/', /without a path/],
    ['studio.example.org/films', /without a path/],
    ['studio.example.org?', /without the "\?"/],
    ['studio.example.org#top', /without the "#"/],
    ['studio.example.org:443', /without the port/],
    ['me@example.org', /mail address/],
    ['*.example.org', /wildcard/],
    ['192.0.2.1', /IP address/],
    ['1.2.3', /IP address/],
    ['2001:db8::1', /IP address/],
    ['[::1]', /IP address/],
    ['::1', /IP address/],
    ['studio example.org', /no spaces/],
    ['a.org\nb.org', /no spaces or line breaks/],
    ['my_site.example.org', /underscore/],
    ['localhost', /at least one dot/],
    ['a..org', /A part is empty/],
    ['.example.org', /A part is empty/],
    ['-a.org', /hyphen/],
    ['a-.org', /hyphen/],
    [`${'a'.repeat(64)}.org`, /63/],
    [`${'a.'.repeat(126)}org`, /253/],
    ['example.123', /number/],
    ['xn--a.example', /xn--/],
    ['a.org; } server {', /no spaces/],
    ['a.org;', /Only letters/],
    ['a.org"', /Only letters/],
    ['a.$host', /Only letters/],
    ['a.org{', /Only letters/],
    ['a\\.org', /Only letters/],
    ['a.org\0', /Only letters/],
    ['bücher.example', /technical form: xn--bcher-kva\.example/],
    ['studiо.example.org', /technical form: xn--/], // the о is Cyrillic
    ['ｓtudio.example.org', /only look like/], // a full-width s
    ['studio。example.org', /only look like/], // an ideographic full stop
    ['studio.example.org\u200b', /only look like/],
  ])('refuses %j', (input, reason) => {
    const parsed = parseDomain(input);
    expect(parsed).toMatchObject({ ok: false });
    expect(!parsed.ok && parsed.reason).toMatch(reason);
  });

  test('the technical form that it tells is one that it takes', () => {
    for (const name of ['bücher.example', 'studiо.example.org']) {
      const refused = parseDomain(name);
      const [, form = ''] = /form: (\S+)$/.exec(refused.ok ? '' : refused.reason) ?? [];
      expect(parseDomain(form)).toEqual({ ok: true, domain: form });
    }
  });

  test('whatever passes can do no harm in a config file, and passes again', () => {
    const input = fc.stringMatching(/^[A-Za-z0-9.;{}$"' \n_-]{0,20}$/);
    fc.assert(
      fc.property(fc.oneof(input, fc.domain(), fc.string()), (text) => {
        const parsed = parseDomain(text);
        if (!parsed.ok) return;
        expect(parsed.domain).toMatch(/^[a-z0-9.-]+$/);
        expect(parseDomain(parsed.domain)).toEqual(parsed);
      }),
    );
  });
});

describe('parseTypedDomain', () => {
  test.each([
    ['https://studio.example.org/', 'studio.example.org'],
    [' HTTP://Studio.example.org\n', 'studio.example.org'],
    ['studio.example.org', 'studio.example.org'],
  ])('takes %j', (input, domain) => {
    expect(parseTypedDomain(input)).toEqual({ ok: true, domain });
  });

  test.each([
    ['https://studio.example.org/films', /without a path/],
    ['https://studio.example.org:8443/', /without the port/],
    ['https://me@studio.example.org/', /mail address/],
    ['https:///', /Type a host name/],
    ['ftp://studio.example.org/', /without a path/],
  ])('refuses %j', (input, reason) => {
    expect(parseTypedDomain(input)).toMatchObject({ ok: false, reason: expect.stringMatching(reason) });
  });
});
