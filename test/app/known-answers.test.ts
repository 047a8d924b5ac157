import { expect, test } from 'vitest';
import { withoutUnreadable } from '../../src/app/known-answers.ts';
import type { Host } from '../../src/host/host.ts';
import { ProblemError } from '../../src/output/problem.ts';
import { sections } from '../../steps/index.ts';

/** A host on which nothing can be asked, as where settings.py may not be read. */
const unreadable = new Proxy({} as Host, {
  get: () => () => Promise.reject(new ProblemError({ what: 'settings.py can not be read', remedy: 'chown' })),
});

test('no question keeps a fault from being named, whatever it looks at on the host', async () => {
  const asked = withoutUnreadable(sections).flatMap(({ questions }) => questions);
  expect(asked.filter(({ current }) => current !== undefined).length).toBeGreaterThan(20);
  expect(asked.filter(({ alreadyOnHost }) => alreadyOnHost !== undefined).length).toBeGreaterThan(3);
  for (const { id, current, alreadyOnHost } of asked) {
    if (current !== undefined) expect(await current(unreadable), id).toBeUndefined();
    // Some answer for themselves what can't be told.
    if (alreadyOnHost !== undefined) expect(typeof (await alreadyOnHost(unreadable)), id).toBe('boolean');
  }
});
