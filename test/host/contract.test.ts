import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inMemory, onThisMachine, start, top } from './fake/both-hosts.ts';
import { CASES } from './fake/contract-cases.ts';

beforeAll(start);
afterAll(() => rm(top(), { recursive: true, force: true }));

describe('the host in memory does what the door to this machine does', () => {
  it.each(CASES)('$title', async (each) => {
    const real = await onThisMachine(each);
    const fake = await inMemory(each);
    expect(fake).toEqual(real);
    if (each.fails === undefined) expect(real.error).toBeUndefined();
    else expect(JSON.stringify(real.error)).toMatch(each.fails);
  });
});
