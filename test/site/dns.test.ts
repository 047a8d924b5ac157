import { describe, expect, it } from 'vitest';
import { judge } from '../../src/requirements/names.ts';
import { type AddressLookup, resolve } from '../../src/site/dns.ts';

const own = { v4: ['192.0.2.10'], v6: ['2001:db8::10'] };

/** What a family answers: addresses, or the code that Node's resolver fails with. */
function lookup(v4: readonly string[] | string, v6: readonly string[] | string): AddressLookup {
  const answer = (found: readonly string[] | string) =>
    typeof found === 'string'
      ? Promise.reject(Object.assign(new Error(`query ${found}`), { code: found }))
      : Promise.resolve(found);
  return { resolve4: () => answer(v4), resolve6: () => answer(v6) };
}

const said = async (v4: readonly string[] | string, v6: readonly string[] | string) =>
  judge('studio.example.org', await resolve('studio.example.org', lookup(v4, v6)), own)?.what ??
  'points here';

describe('"could not be asked" is not "is not there"', () => {
  it.each(['ETIMEOUT', 'ESERVFAIL', 'ECONNREFUSED', 'EREFUSED', 'EBADRESP', 'ECANCELLED'])(
    '%s',
    async (code) => {
      expect(await said(code, code)).toBe(
        `DNS could not be asked for studio.example.org: the name server gave no answer (${code}).`,
      );
      expect(await said('ENODATA', code)).toContain('could not be asked');
      expect(await said(own.v4, code)).toBe('points here');
    },
  );

  it.each([
    ['ENODATA', 'ENODATA'],
    ['ENOTFOUND', 'ENOTFOUND'],
  ])('%s and %s: there is no such record', async (v4, v6) => {
    expect(await said(v4, v6)).toBe('studio.example.org has no address in DNS.');
  });

  it("a stranger's address is one, whatever the other family says", async () => {
    expect(await said(['198.51.100.7'], 'ETIMEOUT')).toContain('198.51.100.7');
    expect(await said('ENODATA', ['2001:db8::10'])).toBe('points here');
  });
});
