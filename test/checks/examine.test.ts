import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Answers } from '../../src/answers/answers.ts';
import { type Check, fine } from '../../src/checks/check.ts';
import { examine } from '../../src/checks/examine.ts';
import { Accounts } from '../../src/host/accounts.ts';
import { Ledger } from '../../src/host/ledger.ts';
import { LinuxHost } from '../../src/host/linux-host.ts';
import { ProblemError } from '../../src/output/problem.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'examine-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const look = (...checks: readonly Check[]) =>
  examine(checks, { accounts: new Accounts(), ledger: new Ledger(folder) }, async () =>
    new Answers().with('domain', 'studio.example.org', 'host'),
  );

function check(id: string, run: Check['run'], more: Partial<Check> = {}): Check {
  return { id, title: id, asks: '', means: '', fixes: [], run, ...more };
}

test('checks are made at the same time, and answered in their order', async () => {
  const first = Promise.withResolvers<void>();
  const results = await look(
    check('waits', async () => {
      await first.promise;
      return fine('after the second');
    }),
    check('lets go', async () => {
      first.resolve();
      return fine('well');
    }),
  );
  expect(results.map(([{ id }, { said }]) => [id, said])).toEqual([
    ['waits', 'after the second'],
    ['lets go', 'well'],
  ]);
});

test('one that hangs says so, holds up no other, and its program is ended', async () => {
  const started = path.join(folder, 'pid');
  const results = await look(
    check(
      'hangs',
      async (host) => {
        await host.query(['sh', '-c', `echo $$ > ${started}; exec sleep 600`]);
        return fine('never');
      },
      { timeoutMs: 600 },
    ),
    check('goes on', async () => fine('well')),
  );
  expect(results[0]?.[1]).toMatchObject({ ok: false, said: 'This check got no answer within 1 s.' });
  expect(results[1]?.[1].ok).toBe(true);
  const pid = (await readFile(started, 'utf8')).trim();
  await expect.poll(() => existsSync(`/proc/${pid}`)).toBe(false);
});

test('what got no answer beside all others is made again alone: a busy server is no broken one', async () => {
  const made: string[] = [];
  const busy = (id: string) =>
    check(
      id,
      async () => {
        made.push(id);
        const again = made.filter((each) => each === id).length > 1;
        return again ? fine('well') : new Promise<never>(() => {});
      },
      { timeoutMs: 200 },
    );
  const results = await look(busy('one'), busy('other'));
  expect(results.map(([{ id }, { ok }]) => [id, ok])).toEqual([
    ['one', true],
    ['other', true],
  ]);
  expect(made).toEqual(['one', 'other', 'one', 'other']);
});

test('one that can not be made is a failed one, with what keeps it', async () => {
  const results = await look(
    check('problem', async () => {
      throw new ProblemError({ what: 'The file is unreadable.', remedy: 'Make it readable.' });
    }),
    check('no answer', async (_host, answers) => fine(answers.text('certificate.server'))),
    check('a mistake', async () => {
      throw new RangeError('unforeseen');
    }),
  );
  expect(results.map(([, { ok }]) => ok)).toEqual([false, false, false]);
  expect(results[0]?.[1]).toMatchObject({ said: 'The file is unreadable.', remedy: 'Make it readable.' });
  expect(results[1]?.[1].remedy).toContain('--answers FILE');
  expect(results[2]?.[1].said).toBe('a mistake: unforeseen');
});

test('what takes long is begun before the answers are looked for, and its facts are kept', async () => {
  const order: string[] = [];
  const fact = async () => {
    order.push('asked');
    return 'fact';
  };
  const early = check('early', async (host) => fine(await host.once('fact', fact)), {
    early: (host) => host.once('fact', fact),
  });
  const [found] = await examine(
    [early],
    { accounts: new Accounts(), ledger: new Ledger(folder) },
    async () => {
      order.push('answers');
      return new Answers();
    },
  );
  expect(order).toEqual(['asked', 'answers']);
  expect(found?.[1].said).toBe('fact');
});

test('what was asked a moment ago is not asked again, but for what failed', async () => {
  const before = new LinuxHost({ accounts: new Accounts(), ledger: new Ledger(folder) });
  await before.once('answered', async () => 'then');
  await before.once('failed', () => Promise.reject(new Error('not now'))).catch(() => {});
  const { facts } = before;
  before.forget();
  const ask = (key: string) => check(key, async (host) => fine(await host.once(key, async () => 'now')));
  const options = { accounts: new Accounts(), ledger: new Ledger(folder) };
  const results = await examine(
    [ask('answered'), ask('failed')],
    { ...options, facts },
    async () => new Answers(),
  );
  expect(results.map(([, { said }]) => said)).toEqual(['then', 'now']);
  expect(await before.once('answered', async () => 'asked again')).toBe('asked again');
});
