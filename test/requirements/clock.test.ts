import { expect, test } from 'vitest';
import { rightClock } from '../../src/requirements/clock.ts';
import { given } from '../host/given.ts';

const minute = 60_000;

test.each([
  { off: 0, refused: undefined },
  { off: 3 * minute, refused: undefined },
  { off: -3 * minute, refused: undefined },
  { off: 6 * minute, refused: /6 minutes behind acme\.example\.org/ },
  { off: -6 * minute, refused: /6 minutes ahead of acme\.example\.org/ },
])('the authority is $off ms ahead', async ({ off, refused }) => {
  const host = given({
    web: () => ({ status: 200, headers: { date: new Date(Date.now() + off).toUTCString() } }),
  });
  const asked = rightClock(host, 'https://acme.example.org/directory');
  if (refused === undefined) await expect(asked).resolves.toBeUndefined();
  else await expect(asked).rejects.toThrow(refused);
});
