import { expect, it } from 'vitest';
import { Answers } from '../../../src/answers/answers.ts';
import { brokenSince } from '../../../src/procedures/update/proof.ts';
import { FakeHost } from '../../host/fake/fake-host.ts';

/** @param rounds ids of the checks that fail, each time that they are made; the last holds from then on */
function scorecard(...rounds: readonly (readonly string[])[]) {
  let round = 0;
  const failing = async () => {
    const now = rounds[Math.min(round++, rounds.length - 1)] ?? [];
    return new Map(now.map((id) => [id, `${id} is wrong`]));
  };
  return { host: new FakeHost(), answers: new Answers(), failing };
}

it.each<[string, readonly (readonly string[])[], readonly string[], string | undefined]>([
  ['all checks pass', [[]], [], undefined],
  ['one fails that failed before', [['backup']], ['backup'], undefined],
  ['a service that has just started settles', [['service-studio-background'], []], [], undefined],
  ['one fails and stays so', [['backup', 'dns']], ['backup'], 'dns: dns is wrong'],
  ['one that failed before passes, and another fails', [['search']], ['backup'], 'search: search is wrong'],
])('%s', async (_, rounds, before, wrong) => {
  expect(await brokenSince(scorecard(...rounds), before, 600)).toBe(wrong);
});

it('without a scorecard nothing is known to be broken', async () => {
  expect(await brokenSince({ host: new FakeHost(), answers: new Answers() }, [])).toBeUndefined();
});
