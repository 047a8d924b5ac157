import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { afterTest, type World, watchRound, withoutFormerWays } from '../../src/app/watch/round.ts';
import type { Check } from '../../src/checks/check.ts';
import type { Message } from '../../src/watch/message.ts';
import { NOTHING_YET, readWatchState, type WatchState, writeWatchState } from '../../src/watch/state.ts';
import type { Answered, Way } from '../../src/watch/way.ts';

const LOOK_AGAIN_MS = 20_000;
const QUARTER_MS = 15 * 60_000;

/** A site whose checks a test switches, a clock that only goes on when it is told to, and one way of telling. */
class Site implements World {
  readonly failing = new Set<string>();
  readonly checks: readonly Check[] = [check('disk'), check('nginx'), { ...check('rights'), daily: true }];
  readonly site = 'studio.example.org';
  readonly messages: Message[] = [];
  /** What was made in each examination. */
  readonly made: (readonly string[])[] = [];
  answer: Answered = { ok: true, said: 'HTTP 200' };
  /** Called while it is waited for another look. */
  meanwhile = () => {};
  ways: readonly Way[] = [
    {
      name: 'webhook',
      tell: async (message) => {
        if (this.answer.ok) this.messages.push(message);
        return this.answer;
      },
    },
  ];
  #now = Date.UTC(2026, 10, 29);
  #state: WatchState = NOTHING_YET;

  now = () => this.#now;

  async pause(ms: number): Promise<void> {
    this.#now += ms;
    this.meanwhile();
  }

  async examine(checks: readonly Check[]) {
    this.made.push(checks.map(({ id }) => id));
    return checks.map((each) => {
      const ok = !this.failing.has(each.id);
      return [each, ok ? { ok, said: 'fine' } : { ok, said: 'bad', remedy: 'Mend it.' }] as const;
    });
  }

  async round(deep?: boolean) {
    const result = await watchRound(this, this.#state, deep);
    this.#state = result.state;
    this.#now += QUARTER_MS;
    return result;
  }

  get state(): WatchState {
    return this.#state;
  }
}

function check(id: string): Check {
  return { id, title: id, asks: '', means: '', fixes: [], run: async () => ({ ok: true, said: '' }) };
}

describe('a round', () => {
  it('tells once what begins to fail, with what fixes it, and once that it is well', async () => {
    const site = new Site();
    await site.round();
    site.failing.add('disk');
    for (let index = 0; index < 4; index += 1) await site.round();
    site.failing.clear();
    for (let index = 0; index < 4; index += 1) await site.round();
    expect(site.messages.map(({ text }) => text)).toEqual([
      'studio.example.org: disk fails\n\ndisk fails. bad\nWhat to do: Mend it.',
      'studio.example.org: disk is well again\n\ndisk is well again after 1 h 0 min. fine',
    ]);
  });

  it('looks once more before it tells a failure', async () => {
    const site = new Site();
    await site.round();
    site.failing.add('nginx');
    site.meanwhile = () => site.failing.clear();
    const { events } = await site.round();
    expect(events).toEqual([]);
    expect(site.made.slice(-2)).toEqual([['disk', 'nginx'], ['nginx']]);
    expect(site.state.rounds.at(-1)?.failed).toEqual([]);
  });

  it('makes the daily checks once a day, and keeps what they found in between', async () => {
    const site = new Site();
    site.failing.add('rights');
    for (let index = 0; index < 97; index += 1) await site.round();
    expect(
      site.state.rounds.map(({ deep }, index) => (deep ? index : -1)).filter((index) => index >= 0),
    ).toEqual([0, 96]);
    expect(site.messages).toHaveLength(1);
    expect(site.state.checks.rights?.ok).toBe(false);
    await site.round(true);
    expect(site.made.at(-1)).toEqual(['disk', 'nginx', 'rights']);
  });

  it('makes a daily check that failed in each round until it passes: within one period it is told to be well', async () => {
    const site = new Site();
    site.failing.add('rights');
    await site.round();
    await site.round();
    site.failing.clear();
    await site.round();
    await site.round();
    expect(site.messages.flatMap(({ events }) => events.map(({ kind }) => kind))).toEqual([
      'failing',
      'well',
    ]);
    expect(site.made.at(-1)).toEqual(['disk', 'nginx']);
  });

  it('tells what came together in one message', async () => {
    const site = new Site();
    site.failing.add('disk').add('nginx');
    await site.round();
    expect(site.messages.map(({ title }) => title)).toEqual(['studio.example.org: 2 checks fail']);
  });

  it('keeps for later what it could not tell, and tells it once', async () => {
    const site = new Site();
    site.answer = { ok: false, said: 'it does not answer' };
    site.failing.add('disk');
    const { answers } = await site.round();
    expect(answers.get('webhook')).toEqual(site.answer);
    site.failing.clear();
    await site.round();
    expect(site.state.ways.webhook?.failing).toEqual({
      since: expect.any(Number),
      why: 'it does not answer',
    });
    site.answer = { ok: true, said: 'HTTP 200' };
    await site.round();
    await site.round();
    expect(site.messages.map(({ events }) => events.map(({ kind }) => kind))).toEqual([['failing', 'well']]);
    expect(site.state.ways.webhook).toEqual({ waiting: [], worked: expect.any(Number) });
  });

  it('remembers when a way worked last, also while it has nothing to tell', async () => {
    const site = new Site();
    await site.round();
    expect(site.state.ways.webhook).toEqual({ waiting: [] });
    site.failing.add('disk');
    const at = site.now() + LOOK_AGAIN_MS;
    await site.round();
    await site.round();
    expect(site.state.ways.webhook).toEqual({ waiting: [], worked: at });
  });

  it.each([
    ['that fails says since when', { ok: false, said: 'refused' }, { failing: { since: 5, why: 'refused' } }],
    ['that arrives says that it works', { ok: true, said: 'HTTP 200' }, { worked: 5 }],
  ])('a test message %s, and leaves what waits', async (_, answered, expected) => {
    const site = new Site();
    site.ways = [];
    site.failing.add('disk');
    await site.round();
    const { ways } = afterTest(site.state, new Map([['webhook', answered]]), 5);
    const [event] = site.state.events;
    expect(ways).toEqual({ webhook: { waiting: [event], ...expected } });
    // It keeps since when it fails, and forgets it once it works.
    const later = afterTest({ ...site.state, ways }, new Map([['webhook', answered]]), 9).ways.webhook;
    expect(later).toMatchObject(answered.ok ? { worked: 9 } : { failing: { since: 5 } });
    const better = afterTest({ ...site.state, ways }, new Map([['webhook', { ok: true, said: '' }]]), 9);
    expect(better.ways.webhook).toEqual({ waiting: [event], worked: 9 });
  });

  it.each([
    ['before it was set up otherwise', 10, {}],
    ['since it is set up as it is', 3, { failing: { since: 4, why: 'refused' }, worked: 3 }],
  ])('how a way did %s counts as that', (_, setUp, expected) => {
    const ways = { email: { waiting: [], failing: { since: 4, why: 'refused' }, worked: 3 } };
    const state = withoutFormerWays({ ...NOTHING_YET, ways }, setUp);
    expect(state.ways).toEqual({ email: { waiting: [], ...expected } });
  });

  it('tells a way that is new what fails already', async () => {
    const site = new Site();
    const [webhook] = site.ways;
    site.ways = [];
    site.failing.add('disk');
    await site.round();
    site.failing.add('nginx');
    site.ways = webhook === undefined ? [] : [webhook];
    await site.round();
    await site.round();
    expect(site.messages.map(({ events }) => events.map(({ check: id }) => id))).toEqual([['disk', 'nginx']]);
  });

  it('says that nothing can be checked any more, once', async () => {
    const site = new Site();
    site.examine = async () => {
      throw new Error('Nothing tells the name of the site.');
    };
    await site.round();
    await site.round();
    expect(site.messages.map(({ title }) => title)).toEqual(['studio.example.org: Checking fails']);
  });

  it('forgets a check that is not there any more', async () => {
    const site = new Site();
    site.failing.add('nginx');
    await site.round();
    Object.assign(site, { checks: [check('disk')] });
    await site.round();
    expect(Object.keys(site.state.checks).sort()).toEqual(['checks', 'disk']);
  });

  it('reports to a way that wants to know each time', async () => {
    const site = new Site();
    const seen: number[] = [];
    site.ways = [
      {
        name: 'textfile',
        report: async ({ rounds }) => {
          seen.push(rounds.length);
          return { ok: true, said: 'x' };
        },
      },
    ];
    await site.round();
    await site.round();
    expect(seen).toEqual([1, 2]);
  });
});

describe('what is remembered', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'studio-setup-watch-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is root alone to read, and has bounds', async () => {
    const site = new Site();
    await site.round();
    const [round] = site.state.rounds;
    if (round === undefined) throw new Error('no round');
    writeWatchState(folder, { ...site.state, rounds: Array.from({ length: 9000 }, () => round) });
    const file = path.join(folder, 'watch.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readWatchState(folder).rounds).toHaveLength(2880);
    expect(readFileSync(file).length).toBeLessThan(1024 * 1024);
  });

  it.each(['', '{', '{"checks":{}}', '[]', 'null'])('counts as nothing when it is damaged: %j', (text) => {
    writeFileSync(path.join(folder, 'watch.json'), text);
    expect(readWatchState(folder)).toEqual(NOTHING_YET);
  });
});
