import { expect, it } from 'vitest';
import { run } from '../../src/engine/run.ts';
import type { LiveHost } from '../../src/host/host.ts';
import { FakeHost } from '../host/fake/fake-host.ts';
import { node, operation } from './nodes.ts';

/** Several operations that install packages, each after the one before, and what happens in which order. */
class Row {
  readonly happened: string[] = [];
  readonly #fetching = new Map<string, PromiseWithResolvers<void>>();
  readonly #installing = new Map<string, PromiseWithResolvers<void>>();
  /** Short names of the operations, such as `a`. */
  readonly #names: readonly string[];
  concurrency = 4;
  stopping = false;
  /** How many are asked to fetch before it can be told what there is. */
  tooEarly = 0;

  constructor(...names: readonly string[]) {
    this.#names = names;
    for (const name of names) {
      this.#fetching.set(name, Promise.withResolvers());
      this.#installing.set(name, Promise.withResolvers());
    }
  }

  run() {
    const host = new FakeHost();
    return run(
      this.#names.map((name, index) => node(this.#operation(name), this.#names.slice(0, index).map(id))),
      {
        host,
        live: () => host,
        emit: () => {},
        signal: host.signal,
        stopping: () => this.stopping,
        concurrency: this.concurrency,
      },
    );
  }

  fetched(name: string, error?: Error): void {
    settle(this.#fetching.get(name), error);
  }

  installed(name: string, error?: Error): void {
    settle(this.#installing.get(name), error);
  }

  #operation(name: string) {
    let missing = true;
    return operation(id(name), {
      packages: {
        names: [name],
        missing: async () => (missing ? [name] : []),
        fetch: async (_: LiveHost) => {
          if (this.tooEarly > 0) {
            this.tooEarly -= 1;
            return false;
          }
          this.happened.push(`fetch ${name}`);
          await this.#fetching.get(name)?.promise;
          this.happened.push(`fetched ${name}`);
          return true;
        },
      },
      observe: async () =>
        missing
          ? {
              kind: 'run',
              summary: name,
              shell: [],
              apply: async () => {
                this.happened.push(`install ${name}`);
                await this.#installing.get(name)?.promise;
                missing = false;
              },
            }
          : undefined,
    });
  }
}

function settle(promise: PromiseWithResolvers<void> | undefined, error: Error | undefined): void {
  if (error === undefined) promise?.resolve();
  else promise?.reject(error);
}

const id = (name: string) => `site/${name}`;
/** By then everything has happened that can without further input. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 20));

it('fetches for those behind, in order and one at a time, while one is being installed', async () => {
  const row = new Row('a', 'b', 'c', 'd');
  const running = row.run();
  await settled();
  // The first one fetches the lists of what there is.
  expect(row.happened).toEqual(['install a']);
  row.installed('a');
  await settled();
  expect(row.happened.slice(1).sort()).toEqual(['fetch c', 'install b']);
  row.fetched('c');
  await settled();
  expect(row.happened.slice(3)).toEqual(['fetched c', 'fetch d']);
  row.installed('b');
  await settled();
  expect(row.happened.slice(5)).toEqual(['install c']);
  row.installed('c');
  await settled();
  // What is being fetched for it is waited for.
  expect(row.happened.slice(6)).toEqual([]);
  row.fetched('d');
  row.installed('d');
  const { changes } = await running;
  expect(row.happened.slice(6)).toEqual(['fetched d', 'install d']);
  expect(changes).toHaveLength(4);
});

it('lets an operation fetch by itself what could not be fetched for it', async () => {
  const row = new Row('a', 'b', 'c');
  for (const name of ['a', 'b', 'c']) row.installed(name);
  row.fetched('c', new Error('no network'));
  const { problems, changes } = await row.run();
  expect(row.happened).toContain('fetch c');
  expect([[...problems], changes.length]).toEqual([[], 3]);
});

it('fetches nothing ahead with --jobs 1', async () => {
  const row = new Row('a', 'b', 'c');
  row.concurrency = 1;
  for (const name of ['a', 'b', 'c']) row.installed(name);
  await row.run();
  expect(row.happened).toEqual(['install a', 'install b', 'install c']);
});

it('begins no more after a failure, and a run is not over before it is', async () => {
  const row = new Row('a', 'b', 'c', 'd');
  row.installed('a');
  let over = false;
  const running = row.run().finally(() => {
    over = true;
  });
  await settled();
  row.installed('b', new Error('dpkg'));
  await settled();
  expect([over, row.happened]).toEqual([false, ['install a', 'fetch c', 'install b']]);
  row.fetched('c');
  const { outcomes } = await running;
  expect([...outcomes.values()]).toEqual(['changed', 'failed', 'skipped', 'skipped']);
  expect(row.happened.at(-1)).toBe('fetched c');
});

it('begins no more once the operator asks to stop', async () => {
  const row = new Row('a', 'b', 'c', 'd');
  row.installed('a');
  const running = row.run();
  await settled();
  row.stopping = true;
  row.fetched('c');
  await settled();
  row.installed('b');
  const { outcomes } = await running;
  expect(row.happened).toEqual(['install a', 'fetch c', 'install b', 'fetched c']);
  expect([...outcomes.values()]).toEqual(['changed', 'changed', 'skipped', 'skipped']);
});

it('asks again with the next one where it could not be told yet what there is', async () => {
  const row = new Row('a', 'b', 'c', 'd');
  row.tooEarly = 2;
  for (const name of ['a', 'c', 'd']) {
    row.installed(name);
    row.fetched(name);
  }
  const running = row.run();
  await settled();
  // As where the first one had nothing to do, and the lists are old.
  expect(row.happened).toEqual(['install a', 'install b']);
  row.installed('b');
  await running;
  expect(row.happened).toContain('fetch d');
});
