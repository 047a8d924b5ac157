import { describe, expect, test } from 'vitest';
import { inBetween, namesAfter, sameNames } from '../../../src/procedures/change-domain/names.ts';

const from = {
  domain: 'a.example.org',
  extraNames: ['www.a.example.org'],
  formerNames: ['z.example.org'],
};

describe('the names afterwards', () => {
  test.each([
    {
      what: 'what is old leads to the new domain, and what led to the old one',
      wanted: { domain: 'b.example.org', old: 'redirect' },
      extraNames: [],
      formerNames: ['a.example.org', 'www.a.example.org', 'z.example.org'],
    },
    {
      what: 'what is old goes; what led to it leads to the new domain',
      wanted: { domain: 'b.example.org', old: 'remove' },
      extraNames: [],
      formerNames: ['z.example.org'],
    },
    {
      what: 'further names that the site had are no former ones',
      wanted: { domain: 'b.example.org', old: 'redirect', extraNames: ['www.a.example.org'] },
      extraNames: ['www.a.example.org'],
      formerNames: ['a.example.org', 'z.example.org'],
    },
    {
      what: 'back to a former name',
      wanted: { domain: 'z.example.org', old: 'redirect' },
      extraNames: [],
      formerNames: ['a.example.org', 'www.a.example.org'],
    },
    {
      what: 'a further name becomes the domain',
      wanted: { domain: 'www.a.example.org', old: 'redirect' },
      extraNames: [],
      formerNames: ['a.example.org', 'z.example.org'],
    },
    {
      what: 'the domain itself given as a further name',
      wanted: { domain: 'b.example.org', old: 'remove', extraNames: ['b.example.org', 'c.example.org'] },
      extraNames: ['c.example.org'],
      formerNames: ['z.example.org'],
    },
    {
      what: 'the same domain: former names go when asked',
      wanted: { domain: 'a.example.org', old: 'remove' },
      extraNames: ['www.a.example.org'],
      formerNames: [],
    },
  ] as const)('$what', ({ wanted, extraNames, formerNames }) => {
    expect(namesAfter(from, wanted)).toEqual({ domain: wanted.domain, extraNames, formerNames });
  });

  test('the same domain: nothing changes', () => {
    expect(sameNames(namesAfter(from, { domain: 'a.example.org', old: 'redirect' }), from)).toBe(true);
  });
});

test('names that go lead to the new domain until all is proved', () => {
  const to = namesAfter(from, { domain: 'b.example.org', old: 'remove' });
  expect(inBetween(to, from).formerNames).toEqual(['z.example.org', 'a.example.org', 'www.a.example.org']);
  const redirect = namesAfter(from, { domain: 'b.example.org', old: 'redirect' });
  expect(inBetween(redirect, from)).toEqual(redirect);
});
