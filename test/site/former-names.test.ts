import { expect, test } from 'vitest';
import { byCertificate } from '../../src/site/former-names.ts';

const names = ['old.example.org', 'www.old.example.org', 'older.example.org'];

test('names of one certificate stand together, those without one under the first of them', () => {
  const certificates = new Map([['old.example.org', ['old.example.org', 'www.old.example.org']]]);
  expect(byCertificate(names, certificates)).toEqual([
    { certificate: 'old.example.org', names: ['old.example.org', 'www.old.example.org'], issued: true },
    { certificate: 'older.example.org', names: ['older.example.org'], issued: false },
  ]);
  expect(byCertificate(names, new Map())).toEqual([{ certificate: 'old.example.org', names, issued: false }]);
});

test('a certificate of its own goes before one that names it too', () => {
  const certificates = new Map([
    ['old.example.org', names],
    ['older.example.org', ['older.example.org']],
  ]);
  expect(byCertificate(names, certificates).map((site) => [site.certificate, site.names.length])).toEqual([
    ['old.example.org', 2],
    ['older.example.org', 1],
  ]);
});

test('a certificate under this name that does not name it is of no use', () => {
  const [site] = byCertificate(['old.example.org'], new Map([['old.example.org', ['other.example.org']]]));
  expect(site?.issued).toBe(false);
});
