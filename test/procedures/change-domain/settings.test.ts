import { expect, test } from 'vitest';
import { answeringTo, knownAs, linesLeft } from '../../../src/procedures/change-domain/settings.ts';
import { parseSettings } from '../../../src/python/settings-file.ts';

const from = { domain: 'old.example.org', extraNames: ['www.old.example.org'], formerNames: [] };
const to = { domain: 'new.example.net', extraNames: ['www.new.example.net'], formerNames: [] };

const source = `ALLOWED_HOSTS: List[str] = ['old.example.org', 'www.old.example.org', '10.0.0.7']
MEILISEARCH_API_ADDRESS = 'https://old.example.org/s/'
COCONUT_DECLARED_HOSTNAME = "https://old.example.org"
# old.example.org is our name
NEWSLETTER = 'https://old.example.org/news'
OTHER = 'https://very.old.example.org/ https://old.example.org.example.com/'
`;

test('first the site answers to the new names too, and nothing else changes', () => {
  const both = answeringTo(parseSettings(source), to);
  expect(both.get(['ALLOWED_HOSTS'])).toEqual([
    'new.example.net',
    'www.new.example.net',
    'old.example.org',
    'www.old.example.org',
    '10.0.0.7',
  ]);
  expect(both.source.split('\n').slice(-6)).toEqual(source.split('\n').slice(-6));
  expect(answeringTo(both, to)).toBe(both);
});

test('then they are its only ones; what was added by hand stays', () => {
  const done = knownAs(answeringTo(parseSettings(source), to), to, from);
  expect(done.get(['ALLOWED_HOSTS'])).toEqual(['new.example.net', 'www.new.example.net', '10.0.0.7']);
  expect(done.get(['MEILISEARCH_API_ADDRESS'])).toBe('https://new.example.net/s/');
  expect(done.source).toContain('COCONUT_DECLARED_HOSTNAME = "https://new.example.net"');
  expect(knownAs(done, to, from).source).toBe(done.source);
  // A kill in between: the first step finds nothing to do, and does not bring the old names back.
  expect(answeringTo(done, to).source).toBe(done.source);
});

test('the way back is the same', () => {
  const there = knownAs(parseSettings(source), to, from);
  const back = knownAs(answeringTo(there, from), from, to);
  expect(back.source).toBe(source);
});

test("Coconut's address of another host is left alone", () => {
  const other = parseSettings("COCONUT_DECLARED_HOSTNAME = 'https://hooks.example.com'\n");
  expect(knownAs(other, to, from).source).toContain(
    "COCONUT_DECLARED_HOSTNAME = 'https://hooks.example.com'",
  );
});

test('what names the old domain besides is told by line, longer names and comments are not', () => {
  expect(linesLeft(parseSettings(source), to, from)).toEqual([5]);
});
