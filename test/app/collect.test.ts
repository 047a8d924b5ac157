import { describe, expect, it, vi } from 'vitest';
import type { AnswerValue } from '../../src/answers/answers.ts';
import type { Question } from '../../src/answers/question.ts';
import type { AnswerInput, Sources } from '../../src/answers/sources.ts';
import { collect } from '../../src/app/collect.ts';
import { Secret } from '../../src/output/secret.ts';
import type { Asker } from '../../src/prompts/asker.ts';
import { asking, question } from '../answers/questions.ts';

const value = (text: AnswerValue): AnswerInput => ({ kind: 'value', value: text });
function sources(
  more: Partial<{
    file: [string, AnswerInput][];
    host: [string, AnswerValue][];
    saved: [string, AnswerInput][];
  }>,
): Sources {
  return { file: new Map(more.file), host: new Map(more.host), saved: new Map(more.saved) };
}

/** Answers by id, and notes what it was asked. */
class Scripted implements Asker {
  readonly asked: string[] = [];
  readonly shown: string[] = [];
  readonly offered: string[] = [];
  readonly #answers: Readonly<Record<string, AnswerInput | boolean>>;

  constructor(answers: Readonly<Record<string, AnswerInput | boolean>> = {}) {
    this.#answers = answers;
  }
  async reuse(saved: ReadonlyMap<string, AnswerInput>) {
    this.asked.push('reuse');
    this.offered.push(...saved.keys());
    return this.#answers.reuse !== false;
  }
  section() {}
  known(known: Question) {
    this.shown.push(known.id);
  }
  async wanted(group: string) {
    this.asked.push(group);
    return this.#answers[group] === true;
  }
  async defaults(presets: readonly { question: Question; value: AnswerValue | undefined }[]) {
    this.asked.push(
      `defaults ${presets.map(({ question: { id }, value: preset }) => `${id}=${preset}`).join(' ')}`,
    );
    return this.#answers.defaults === true;
  }
  async ask(asked: Question, _: unknown, suggestion: AnswerValue | undefined): Promise<AnswerInput> {
    this.asked.push(suggestion === undefined ? asked.id : `${asked.id}=${suggestion}`);
    const given = this.#answers[asked.id];
    return typeof given === 'object' ? given : { kind: 'skip' };
  }
}

describe('the strongest answer is taken', () => {
  const one = question('x', { default: 'preset' });
  it.each([
    ['file', 'from file'],
    ['host', 'from host'],
    ['saved', 'from saved'],
    ['default', 'preset'],
  ] as const)('%s', async (strongest, expected) => {
    const order = ['file', 'host', 'saved'] as const;
    const from = order.slice(strongest === 'default' ? 3 : order.indexOf(strongest));
    const { answers } = await collect(
      [asking(one)],
      sources({
        file: from.includes('file') ? [['x', value('from file')]] : [],
        host: from.includes('host') ? [['x', 'from host']] : [],
        saved: from.includes('saved') ? [['x', value('from saved')]] : [],
      }),
    );
    expect([answers.get('x'), answers.sourceOf('x')]).toEqual([expected, strongest]);
  });

  it('a default may look at earlier answers', async () => {
    const { answers } = await collect(
      [
        asking(
          question('a', { default: 'one' }),
          question('b', { default: (known) => `${known.text('a')} and two` }),
        ),
      ],
      sources({}),
    );
    expect(answers.get('b')).toBe('one and two');
  });

  it('a question whose condition does not hold is not there', async () => {
    const { answers, missing } = await collect([asking(question('a', { when: () => false }))], sources({}));
    expect([answers.ids(), missing]).toEqual([[], []]);
  });
});

it('what is never asked is taken from the file or the host, else its default, without a word', async () => {
  const hidden = question('former', { default: 'none', hidden: true });
  const asker = new Scripted();
  expect((await collect([asking(hidden)], sources({}), asker)).answers.text('former')).toBe('none');
  const host = await collect([asking(hidden)], sources({ host: [['former', 'old']] }), asker);
  expect(host.answers.text('former')).toBe('old');
  expect([asker.asked, asker.shown]).toEqual([[], []]);
});

describe('default values', () => {
  const section = asking(
    question('port', { default: '5432', advanced: true }),
    question('name'),
    question('address', { default: (known) => `host:${known.text('port')}`, advanced: true }),
  );

  it('are shown together once and taken', async () => {
    const person = new Scripted({ defaults: true, name: value('n') });
    const { answers } = await collect([section], sources({}), person);
    expect(person.asked).toEqual(['defaults port=5432 address=undefined', 'name']);
    expect([answers.get('port'), answers.get('address')]).toEqual(['5432', 'host:5432']);
  });

  it('are asked one by one by whom they do not suit', async () => {
    const person = new Scripted({ port: value('5433'), name: value('n'), address: value('a') });
    const { answers } = await collect([section], sources({}), person);
    expect(person.asked).toEqual([
      'defaults port=5432 address=undefined',
      'port=5432',
      'name',
      'address=host:5433',
    ]);
    expect(answers.get('port')).toBe('5433');
  });

  it('that the host already has are not among them', async () => {
    const person = new Scripted({ defaults: true, name: value('n') });
    await collect([section], sources({ host: [['port', '6000']] }), person);
    expect(person.asked).toEqual(['name', 'defaults address=undefined']);
  });
});

describe('a secret', () => {
  const key = question('key', { kind: 'secret', generate: () => 'made-again' });

  it('is made when nobody answers', async () => {
    const { answers } = await collect([asking(key)], sources({}));
    expect(answers.secret('key').reveal()).toBe('made-again');
    expect(answers.sourceOf('key')).toBe('generated');
  });

  it('that the host has is never replaced, not even when the file says so, valid or not', async () => {
    const strict = { ...key, validate: () => 'Never valid.' };
    const { answers } = await collect(
      [asking(strict)],
      sources({ file: [['key', { kind: 'generate' }]], host: [['key', new Secret('in-use-already')]] }),
    );
    expect(answers.secret('key').reveal()).toBe('in-use-already');
  });
});

describe('unattended', () => {
  it('everything that is missing is listed, what may be skipped is skipped with its consequence', async () => {
    const { missing, skipped } = await collect(
      [asking(question('a'), question('b'), question('c', { skippable: 'No c.' }))],
      sources({}),
    );
    expect(missing.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(skipped).toEqual([{ id: 'c', what: 'Label of c', consequence: 'No c.' }]);
  });

  it('a condition or a default that hangs on a missing answer is no second mistake', async () => {
    const { answers, missing } = await collect(
      [
        asking(
          question('a'),
          question('b', { when: (known) => known.text('a') === 'x' }),
          question('c', { default: (known) => known.text('a'), skippable: 'No c.' }),
        ),
      ],
      sources({}),
    );
    expect(missing.map(({ id }) => id)).toEqual(['a']);
    expect(answers.ids()).toEqual([]);
  });

  it('what is on the host but is not valid counts as missing', async () => {
    const { missing } = await collect(
      [asking(question('a', { validate: (text) => (text === 'CHANGE_ME' ? 'Not that.' : undefined) }))],
      sources({ host: [['a', 'CHANGE_ME']] }),
    );
    expect(missing.map(({ id }) => id)).toEqual(['a']);
  });
});

describe('an integration', () => {
  const group = { group: 'Braintree' } as const;
  const members = asking(
    question('b.merchant', { ...group, skippable: 'No payments.' }),
    question('b.mode', { ...group, default: 'production' }),
    question('b.key', { ...group, kind: 'secret' }),
  );

  it('that nobody answers is skipped as a whole, without its defaults', async () => {
    const { answers, missing, skipped } = await collect([members], sources({}));
    expect(answers.ids()).toEqual([]);
    expect(missing).toEqual([]);
    expect(skipped).toEqual([{ id: 'b.merchant', what: 'Braintree', consequence: 'No payments.' }]);
  });

  it('of which one is answered wants the others too', async () => {
    const { answers, missing } = await collect([members], sources({ file: [['b.merchant', value('m')]] }));
    expect(answers.ids()).toEqual(['b.merchant', 'b.mode']);
    expect(missing.map(({ id }) => id)).toEqual(['b.key']);
  });

  it('is asked about once, and then its questions or none', async () => {
    const no = new Scripted({ Braintree: false });
    await collect([members], sources({}), no);
    expect(no.asked).toEqual(['Braintree']);
    const yes = new Scripted({
      Braintree: true,
      'b.merchant': value('m'),
      'b.mode': value('x'),
      'b.key': value('k'),
    });
    await collect([members], sources({}), yes);
    expect(yes.asked).toEqual(['Braintree', 'b.merchant', 'b.mode=production', 'b.key']);
  });

  it('that the file skips is not asked about', async () => {
    const asker = new Scripted();
    const skip: AnswerInput = { kind: 'skip' };
    await collect(
      [members],
      sources({
        file: [
          ['b.merchant', skip],
          ['b.mode', skip],
          ['b.key', skip],
        ],
      }),
      asker,
    );
    expect(asker.asked).toEqual([]);
  });
});

describe('asking', () => {
  it('what the host says is shown and not asked', async () => {
    const asker = new Scripted({ b: value('two') });
    const { answers } = await collect(
      [asking(question('a'), question('b'))],
      sources({ host: [['a', 'one']] }),
      asker,
    );
    expect([asker.shown, asker.asked]).toEqual([['a'], ['b']]);
    expect(answers.sourceOf('b')).toBe('asked');
  });

  it("the last run's answers are taken again when that is wanted, else they are suggestions", async () => {
    const saved = sources({ saved: [['a', value('one')]] });
    const again = new Scripted();
    expect((await collect([asking(question('a'))], saved, again)).answers.sourceOf('a')).toBe('saved');
    expect(again.asked).toEqual(['reuse']);
    const anew = new Scripted({ reuse: false, a: value('other') });
    await collect([asking(question('a'))], saved, anew);
    expect(anew.asked).toEqual(['reuse', 'a=one']);
  });

  it('what the server tells by now, or the file, is no answer of the last run', async () => {
    const saved = {
      saved: ['domain', 'mail', 'names'].map((id): [string, AnswerInput] => [id, value('old')]),
    };
    const three = asking(question('domain'), question('mail'), question('names'));
    const some = new Scripted();
    await collect(
      [three],
      sources({ ...saved, host: [['domain', 'new']], file: [['mail', value('new')]] }),
      some,
    );
    expect(some.offered).toEqual(['names']);
    const none = new Scripted();
    const all = ['domain', 'mail', 'names'].map((id): [string, AnswerValue] => [id, 'new']);
    const { answers } = await collect([three], sources({ ...saved, host: all }), none);
    expect([none.asked, answers.get('domain')]).toEqual([[], 'new']);
  });

  it('"make one" makes one', async () => {
    const asker = new Scripted({ key: { kind: 'generate' } });
    const made = question('key', { kind: 'secret', generate: () => 'made-by-request' });
    const { answers } = await collect([asking(made)], sources({}), asker);
    expect(answers.secret('key').reveal()).toBe('made-by-request');
  });
});

describe('what the host has without telling it', () => {
  const group = { group: 'Administrator', skippable: 'Nobody can log in.', alreadyOnHost: async () => true };
  const name = question('admin.name', group);
  const password = question('admin.password', { ...group, kind: 'secret' });
  const settled = async (each: Question) => (await each.alreadyOnHost?.({} as never)) ?? false;

  it('is neither asked, nor missing, nor named as skipped, whatever the last run remembers', async () => {
    const asker = new Scripted({ Administrator: true });
    const saved = sources({ saved: [['admin.name', value('admin')]] });
    const attended = await collect([asking(name, password)], { ...saved, alreadyOnHost: settled }, asker);
    expect(asker.asked).toEqual(['reuse']);
    expect(attended).toMatchObject({ missing: [], skipped: [] });
    expect(attended.answers.has('admin.name')).toBe(false);
    expect(await collect([asking(name, password)], { ...saved, alreadyOnHost: settled })).toMatchObject({
      missing: [],
    });
    // On a host without it the password is wanted.
    const without = await collect([asking(name, password)], { ...saved, alreadyOnHost: async () => false });
    expect(without.missing.map(({ id }) => id)).toEqual(['admin.password']);
  });

  it.each<[string, [string, AnswerInput][], [string, AnswerInput][], string[], string[]]>([
    [
      'a secret of a group that was answered the last time is asked for again',
      [['admin.name', value('admin')]],
      [],
      ['admin.password'],
      [],
    ],
    [
      'not one that was skipped by name',
      [
        ['admin.name', value('admin')],
        ['admin.password', { kind: 'skip' }],
      ],
      [],
      [],
      ['admin.password'],
    ],
    ['not one of a group of which the last time says nothing', [], [], [], ['admin.name']],
    [
      'nor one of a group that the answers file begins: silence there is an answer',
      [],
      [['admin.name', value('admin')]],
      [],
      ['admin.password'],
    ],
  ])('%s', async (_, saved, file, missing, skipped) => {
    const found = await collect([asking(name, password)], sources({ saved, file }));
    expect(found.missing.map(({ id }) => id)).toEqual(missing);
    expect(found.skipped.map(({ id }) => id)).toEqual(skipped);
  });

  it('of a group that is set up by name nothing is skipped in silence, and a person is offered what is expected', async () => {
    const found = await collect([asking(name, password)], {
      ...sources({}),
      wanted: new Set(['Administrator']),
    });
    expect(found.missing.map(({ id }) => id)).toEqual(['admin.name', 'admin.password']);
    const asker = new Scripted();
    const wanted = vi.spyOn(asker, 'wanted');
    await collect([asking({ ...name, expected: true })], sources({}), asker);
    await collect([asking(name)], sources({}), asker);
    expect(wanted.mock.calls.map((call) => call.at(2))).toEqual([true, false]);
  });

  it('an answers file has its say all the same', async () => {
    const file = sources({ file: [['admin.name', value('admin')]] });
    const { answers } = await collect([asking(name)], { ...file, alreadyOnHost: settled });
    expect(answers.text('admin.name')).toBe('admin');
  });
});
