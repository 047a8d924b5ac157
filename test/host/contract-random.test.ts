import { rm } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { inMemory, onThisMachine, start, top } from './fake/both-hosts.ts';
import type { Case } from './fake/contract-cases.ts';
import type { Given } from './fake/entries.ts';

beforeAll(start);
afterAll(() => rm(top(), { recursive: true, force: true }));

const NAMES = ['a', 'd', 'd/b', 'd/e', 'd/e/c', 'l', 'l/b'] as const;
const name = fc.constantFrom(...NAMES);
const mode = fc.constantFrom(0o644, 0o600, 0o755, 0o700, 0o2755, 0o777);
const owner = fc.constantFrom('root', 'www-data');
const as = fc.constantFrom<Readonly<{ as?: string }>>({}, { as: 'www-data' });
const entry: fc.Arbitrary<Given> = fc.oneof(
  fc.record({ text: fc.constantFrom('x', ''), mode, owner }),
  fc.record({ link: fc.constantFrom('a', 'd', '../a', 'e', 'nowhere'), owner }),
);
const folder: fc.Arbitrary<Given> = fc.record({ folder: fc.constant(true as const), mode, owner });
const before = fc.record(
  { a: entry, d: folder, 'd/b': entry, 'd/e': fc.oneof(folder, entry), l: entry },
  { requiredKeys: ['d'] },
);

/** One change, as it is written in a failure's counterexample. */
const change = fc.oneof(
  fc.record({
    do: fc.constant('write' as const),
    name,
    options: fc.tuple(as, fc.record({ mode }, { requiredKeys: [] })),
  }),
  fc.record({
    do: fc.constant('makeFolder' as const),
    name,
    options: fc.tuple(as, fc.record({ mode, owner }, { requiredKeys: [] })),
  }),
  fc.record({ do: fc.constant('link' as const), name, options: fc.tuple(as) }),
  fc.record({ do: fc.constant('remove' as const), name, options: fc.tuple(as) }),
  fc.record({ do: fc.constant('removeFolder' as const), name, options: fc.tuple(as) }),
  fc.record({ do: fc.constant('setMode' as const), name, mode, options: fc.tuple(as) }),
  fc.record({ do: fc.constant('setOwner' as const), name, owner }),
  fc.record({ do: fc.constant('setRights' as const), name, owner, mode }),
  fc.record({ do: fc.constant('read' as const), name, options: fc.tuple(as) }),
);
type AChange = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function act(each: AChange): Case['act'] {
  const options = 'options' in each ? Object.assign({}, ...each.options) : {};
  return async (live, at) => {
    const file = at(each.name);
    switch (each.do) {
      case 'write':
        return live.write(file, 'new', options);
      case 'makeFolder':
        return live.makeFolder(file, options);
      case 'link':
        return live.link('a', file, options);
      case 'remove':
        return live.remove(file, options);
      case 'removeFolder':
        return live.removeFolder(file, options);
      case 'setMode':
        return live.setMode(file, each.mode, options);
      case 'setOwner':
        return live.setOwner(file, each.owner, each.owner);
      case 'setRights':
        return live.setRights(at('d'), [[file, `${each.owner}:${each.owner}`, each.mode]]);
      case 'read':
        return live.read(file, options);
    }
  };
}

/** Without the words of the coreutils: those are for the rows. */
function causes(left: object): unknown {
  const text = JSON.stringify(left);
  return JSON.parse(text.replace(/(can't be (?:written|read) as www-data: )(?:[^"\\]|\\.)*/, '$1'));
}

/** The same numbers each time: a difference that is found gets a row in contract-cases.ts. */
const SEED = Number(process.env.CONTRACT_SEED ?? 20261129);

it('whatever stands there, and whatever is changed: both hosts end up the same', async () => {
  await fc.assert(
    fc.asyncProperty(before, change, async (given, each) => {
      const tried: Case = { title: '', before: given as Record<string, Given>, act: act(each) };
      expect(causes(await inMemory(tried))).toEqual(causes(await onThisMachine(tried)));
    }),
    { seed: SEED, numRuns: Number(process.env.CONTRACT_RUNS ?? 100) },
  );
});
