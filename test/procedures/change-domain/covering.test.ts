import { describe, expect, test } from 'vitest';
import { coveringSettings, withCovering } from '../../../src/procedures/change-domain/covering.ts';
import { answeringTo, knownAs, linesLeft } from '../../../src/procedures/change-domain/settings.ts';
import { parseSettings } from '../../../src/python/settings-file.ts';

const site = (domain: string, ...extraNames: string[]) => ({ domain, extraNames, formerNames: [] });
const from = site('studio.example.org');

// neighbours.md 17, and its siblings.
describe('settings that cover a name without spelling it', () => {
  test.each([
    {
      line: "SESSION_COOKIE_DOMAIN = '.example.org'",
      to: site('films.example.net'),
      after: '.films.example.net',
    },
    {
      line: "SESSION_COOKIE_DOMAIN = 'example.org'",
      to: site('films.example.net'),
      after: '.films.example.net',
    },
    {
      line: "CSRF_COOKIE_DOMAIN = 'studio.example.org'",
      to: site('films.example.net'),
      after: '.films.example.net',
    },
    {
      line: "SESSION_COOKIE_DOMAIN = '.example.org'",
      to: site('films.example.net', 'www.example.net'),
      after: null,
    },
    { line: "SESSION_COOKIE_DOMAIN = '.example.org'", to: site('films.example.org'), after: undefined },
    { line: "SESSION_COOKIE_DOMAIN = '.example.com'", to: site('films.example.net'), after: undefined },
    { line: 'SESSION_COOKIE_DOMAIN = None', to: site('films.example.net'), after: undefined },
    {
      line: "CSRF_TRUSTED_ORIGINS = ['https://*.example.org', 'https://pay.example.com']",
      to: site('films.example.net'),
      after: ['https://films.example.net', 'https://*.example.org', 'https://pay.example.com'],
    },
    {
      line: "CSRF_TRUSTED_ORIGINS = ['.example.org']",
      to: site('films.example.net'),
      after: ['films.example.net', '.example.org'],
    },
    {
      line: "CSRF_TRUSTED_ORIGINS = ['https://pay.example.com']",
      to: site('films.example.net'),
      after: undefined,
    },
  ])('$line, to $to.domain $to.extraNames', ({ line, to, after }) => {
    const source = `ALLOWED_HOSTS = ['studio.example.org']\n${line}\n`;
    const file = parseSettings(source);
    const found = coveringSettings(file, to, from);
    expect(found.map((each) => each.after)).toEqual(after === undefined ? [] : [after]);
    const [name = ''] = line.split(' ');
    const there = withCovering(file, found, 'after');
    if (after !== undefined) expect(there.get([name])).toEqual(after);
    // And back, also after a kill in between.
    expect(withCovering(there, found, 'before').source).toBe(source);
    expect(withCovering(file, found, 'before').source).toBe(source);
  });
});

test.each([
  { allowed: "['.example.org']", to: site('films.example.org'), after: ['.example.org'] },
  {
    allowed: "['.example.org', 'localhost']",
    to: site('films.example.net'),
    after: ['films.example.net', '.example.org', 'localhost'],
  },
  { allowed: "['*']", to: site('films.example.net'), after: ['*'] },
])('ALLOWED_HOSTS = $allowed, to $to.domain', ({ allowed, to, after }) => {
  const file = parseSettings(`ALLOWED_HOSTS = ${allowed}\nMEILISEARCH_API_ADDRESS = ''\n`);
  expect(knownAs(answeringTo(file, to), to, from).get(['ALLOWED_HOSTS'])).toEqual(after);
});

test.each([
  { line: "CORS_ALLOWED_ORIGIN_REGEXES = [r'^https://\\w+\\.example\\.org$']", told: true },
  { line: "CORS_ALLOWED_ORIGINS = ['https://studio.example.org']", told: true },
  { line: "CORS_ALLOWED_ORIGIN_REGEXES = [r'^https://studio\\.example\\.org$']", told: true },
  { line: "MAIL_FROM = 'studio@example.org.example.com'", told: false },
  { line: "OTHER = 'https://notexample.org/'", told: false },
  { line: "# '.example.org'", told: false },
])('told of: $line', ({ line, told }) => {
  const file = parseSettings(`${line}\nMEILISEARCH_API_ADDRESS = ''\n`);
  expect(linesLeft(file, site('films.example.net'), from)).toEqual(told ? [1] : []);
});

test('a domain above both names is no left-over', () => {
  const file = parseSettings("SESSION_COOKIE_DOMAIN = '.example.org'\nMEILISEARCH_API_ADDRESS = ''\n");
  expect(linesLeft(file, site('films.example.org'), from)).toEqual([]);
});
