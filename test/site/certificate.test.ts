import { describe, expect, test } from 'vitest';
import { chooseCertificate, isFor, type Lineage } from '../../src/site/certificate.ts';

const NOW = Date.UTC(2026, 10, 29);
const day = 86_400_000;
const names = ['studio.example.org', 'www.studio.example.org'];

function lineage(name: string, of: readonly string[], more: Partial<Lineage> = {}): Lineage {
  return { name, names: of, serial: name, expires: NOW + 60 * day, managed: true, ...more };
}

const own = lineage('studio.example.org', names);

// neighbours.md 8, and what other certificates there may be for the site's names.
describe('the certificate of the site', () => {
  test.each([
    { what: 'there is none', all: [], name: 'studio.example.org', missing: /there is none yet/ },
    { what: 'its own', all: [own], name: 'studio.example.org', installed: 'studio.example.org' },
    {
      what: 'its own has ended',
      all: [{ ...own, expires: NOW - day }],
      name: 'studio.example.org',
      installed: 'studio.example.org',
      missing: /it expired on 2026-11-28/,
    },
    {
      what: 'its own lacks a name',
      all: [lineage('studio.example.org', ['studio.example.org'])],
      name: 'studio.example.org',
      installed: 'studio.example.org',
      missing: /it does not name www\.studio\.example\.org/,
    },
    {
      what: 'one with others has all names',
      all: [lineage('studio.example.org', [...names, 'shop.example.org'])],
      name: 'studio.example.org',
      installed: 'studio.example.org',
    },
    {
      what: 'one with others lacks a name: it keeps those it has',
      all: [lineage('studio.example.org', ['studio.example.org', 'shop.example.org'])],
      name: 'studio.example.org-0001',
      installed: 'studio.example.org',
      missing: /the one named studio\.example\.org is also for shop\.example\.org, and is kept/,
    },
    {
      what: 'after that, the second lacks a further name',
      all: [
        lineage('studio.example.org', ['studio.example.org', 'shop.example.org']),
        lineage('studio.example.org-0001', ['studio.example.org']),
      ],
      name: 'studio.example.org-0001',
      installed: 'studio.example.org-0001',
      missing: /it does not name www\.studio\.example\.org/,
    },
    {
      what: 'wildcards by DNS',
      all: [lineage('example.org', ['example.org', '*.example.org', '*.studio.example.org'])],
      name: 'example.org',
      installed: 'example.org',
    },
    {
      what: 'a wildcard covers one label',
      all: [lineage('example.org', ['*.example.org'])],
      name: 'studio.example.org',
      installed: 'example.org',
      missing: /there is none yet/,
    },
    {
      what: 'several for one name: the one that ends last',
      all: [
        lineage('studio.example.org-0001', names),
        lineage('studio.example.org-0002', names, { expires: NOW + 80 * day }),
      ],
      name: 'studio.example.org-0002',
      installed: 'studio.example.org-0002',
    },
    {
      what: 'several for one name: the one named by the domain',
      all: [lineage('studio.example.org-0001', names, { expires: NOW + 80 * day }), own],
      name: 'studio.example.org',
      installed: 'studio.example.org',
    },
    {
      what: 'copied, by lego or acme.sh: certbot renews none of them',
      all: [{ ...own, managed: false }],
      name: 'studio.example.org-0001',
      installed: 'studio.example.org',
      missing: /the one in \/etc\/letsencrypt\/live\/studio\.example\.org is not renewed by certbot/,
    },
    {
      what: "somebody else's only",
      all: [lineage('shop.example.org', ['shop.example.org'])],
      name: 'studio.example.org',
      missing: /there is none yet/,
    },
  ])('$what', ({ all, name, installed, missing }) => {
    const chosen = chooseCertificate(all, names, NOW);
    expect({ name: chosen.name, installed: chosen.installed?.name }).toEqual({ name, installed });
    if (missing === undefined) expect(chosen.missing).toBeUndefined();
    else expect(chosen.missing).toMatch(missing);
  });

  test.each(['studio.example.org', 'studio.example.org-0001'])(
    'once %s was issued nothing is missing',
    (name) => {
      const all = [lineage(name, names), ...(name === own.name ? [] : [{ ...own, managed: false }])];
      expect(chooseCertificate(all, names, NOW)).toEqual({ name, installed: all[0] });
    },
  );
});

test.each([
  ['*.example.org', 'a.example.org', true],
  ['*.example.org', 'example.org', false],
  ['*.example.org', 'a.b.example.org', false],
  ['a.example.org', 'a.example.org', true],
])('%s covers %s: %s', (written, name, covered) => {
  expect(isFor({ names: [written] }, name)).toBe(covered);
});
