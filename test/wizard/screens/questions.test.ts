import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../../src/output/secret.ts';
import type { Key } from '../../../src/wizard/kit/key.ts';
import { openForm } from '../../../src/wizard/screens/questions/moves.ts';
import { askingSections, formOf } from '../../../src/wizard/screens/questions/rows.ts';
import { frameOf } from '../../../src/wizard/shell/frame.ts';
import { press } from '../../../src/wizard/shell/press.ts';
import { screenReaderItems } from '../../../src/wizard/shell/screen-reader/frame.ts';
import type { Intent } from '../../../src/wizard/state/intent.ts';
import type { WizardState } from '../../../src/wizard/state/state.ts';
import { answered, beginning } from '../states.ts';
import { rowsOf } from './frames.ts';

let dispatched: Intent[];
beforeEach(() => {
  dispatched = [];
});

function pressed(state: WizardState, ...keys: readonly (Key | string)[]): WizardState {
  return keys.reduce<WizardState>((before, key) => {
    const each: readonly Key[] =
      typeof key === 'string' ? [...key].map((text) => ({ name: 'char' as const, text })) : [key];
    return each.reduce((now, one) => press(now, one, (intent) => dispatched.push(intent)), before);
  }, state);
}

function textOf(state: WizardState): string {
  return frameOf(state)
    .map((line) => line.map(({ text }) => text).join(''))
    .join('\n');
}

const enter: Key = { name: 'enter', text: '' };
const back: Key = { name: 'escape', text: '' };
const ctrl = (text: string): Key => ({ name: 'ctrl', text });
const down: Key = { name: 'down', text: '' };
const bare = answered(beginning({ columns: 80, rows: 24 }), {});
const complete = answered(bare, {
  'site.domain': 'studio.example.org',
  'site.key': new Secret('unguessable'),
  'site.names': [],
});

describe('the form of a section', () => {
  it('begins to type where an answer is needed, and takes what is typed', () => {
    const state = pressed(openForm(bare, 1, []), 'a.example', enter);
    expect(dispatched).toEqual([
      { type: 'give', id: 'site.domain', given: { kind: 'value', value: 'a.example' } },
    ]);
    expect(state.form.focus).toBe('site.key');
  });

  it('what is refused stays to be fixed, with the reason', () => {
    const state = pressed(openForm(bare, 1, []), 'not a name', enter);
    expect(dispatched).toEqual([]);
    expect(state.form.edit).toMatchObject({
      before: 'not a name',
      refused: 'A host name such as studio.example.org.',
    });
  });

  it('what is refused is marked so in its row, what is taken is not', () => {
    const domainRow = (text: string) => {
      const lines = frameOf(pressed(openForm(complete, 1, []), { name: 'home', text: '' }, text));
      return lines.map((line) => line.map((each) => each.text).join('')).find((row) => / Domain /.test(row));
    };
    expect(domainRow('not a name')).toContain('✗ Domain');
    expect(domainRow('a.example')).toContain('✓ Domain');
  });

  it('letters that are commands elsewhere are text here', () => {
    const state = pressed(openForm(bare, 1, []), 'q?/x');
    expect(state.form.edit?.before).toBe('q?/x');
    expect(dispatched).toEqual([]);
  });

  it('does not go past an answer that is missing', () => {
    const state = pressed(openForm(bare, 1, []), back, down, down, down, down, down, down, enter);
    expect(state.screen).toBe('questions');
    expect(state.notice).toContain('required');
  });

  it('with all answered, Enter alone goes through to the review', () => {
    const state = openForm(complete, 1, []);
    expect(state.form.focus).toBe('next');
    pressed(state, enter);
    expect(dispatched).toEqual([{ type: 'review', names: [] }]);
  });

  it('Enter alone skips no answer that is required', () => {
    const missing = new Set(['braintree.merchant']);
    const wanted = new Map([['Braintree', true]]);
    const state = openForm({ ...complete, answered: { ...complete.answered, missing, wanted } }, 1, []);
    expect(state.form.focus).toBe('braintree.merchant');
    const after = pressed(state, enter);
    expect(dispatched).toEqual([]);
    expect(after.form.edit?.refused).toBe('An answer is required. Ctrl-X skips it.');
    pressed(after, ctrl('x'));
    expect(dispatched).toEqual([{ type: 'give', id: 'braintree.merchant', given: { kind: 'skip' } }]);
  });

  it('a trial that can not tell is a doubt: it has a mark of its own, and holds nothing', () => {
    const message = 'studio.example.org points to 192.0.2.1 (A record); this server has 192.0.2.10.';
    const trials = new Map([['site.domain', { ok: true, doubt: true, message } as const]]);
    const state = openForm({ ...complete, answered: { ...complete.answered, trials } }, 1, []);
    const shown = textOf({ ...state, form: { ...state.form, focus: 'site.domain' } });
    expect(shown).toMatch(/! Domain +studio\.example\.org/);
    expect(shown).toContain(`! ${message.slice(0, 40)}`);
    pressed(state, enter);
    expect(dispatched).toEqual([{ type: 'review', names: [] }]);
  });

  it('an integration is skipped until Space sets it up', () => {
    const state = openForm(complete, 1, []);
    const on = pressed({ ...state, form: { ...state.form, focus: 'group Braintree' } }, ' ');
    expect(dispatched).toEqual([{ type: 'set-up', group: 'Braintree', wanted: true }]);
    expect(on.screen).toBe('questions');
  });

  it.each([' ', 'y'])('set up by "%s", what is typed next goes into its first answer', (key) => {
    const state = openForm(complete, 1, []);
    const typed = pressed({ ...state, form: { ...state.form, focus: 'group Braintree' } }, key, 'kq?');
    expect(typed.form).toMatchObject({ focus: 'braintree.merchant', edit: { before: 'kq?' } });
    expect(typed.screen).toBe('questions');
    expect(dispatched).toEqual([{ type: 'set-up', group: 'Braintree', wanted: true }]);
    expect(textOf(typed)).toMatch(/Merchant.*kq\?/);
  });

  it('skipped again, the cursor stays on it', () => {
    const wanted = new Map([['Braintree', true]]);
    const state = openForm({ ...complete, answered: { ...complete.answered, wanted } }, 1, []);
    const off = pressed({ ...state, form: { ...state.form, focus: 'group Braintree' } }, ' ');
    expect(dispatched).toEqual([{ type: 'set-up', group: 'Braintree', wanted: false }]);
    expect(off.form).toMatchObject({ focus: 'group Braintree', edit: undefined });
  });

  it.each([
    ['y', 'a yes', true],
    ['n', 'a no, which it is', undefined],
  ])('%s is %s to an integration', (key, _, wanted) => {
    const state = openForm(complete, 1, []);
    pressed({ ...state, form: { ...state.form, focus: 'group Braintree' } }, key);
    expect(dispatched).toEqual(wanted === undefined ? [] : [{ type: 'set-up', group: 'Braintree', wanted }]);
  });

  it('what is generated on request only, as a password, is generated by its key', () => {
    const sections = complete.sections.map((section) => ({
      ...section,
      questions: section.questions.map(({ generate, ...each }) =>
        each.id === 'site.key' && generate
          ? { ...each, generateOnRequest: generate }
          : { ...each, ...(generate ? { generate } : {}) },
      ),
    }));
    const state = openForm({ ...bare, sections }, 1, []);
    pressed({ ...state, form: { ...state.form, focus: 'site.key', edit: undefined } }, ctrl('g'));
    expect(dispatched).toMatchObject([
      { type: 'give', id: 'site.key', given: { value: expect.any(Secret) } },
    ]);
  });

  it('a secret is made with one key, and shown on request only', () => {
    const answers = complete.answered.answers.with(
      'site.key',
      new Secret('made-again-each-time'),
      'generated',
    );
    const state = openForm({ ...complete, answered: { ...complete.answered, answers } }, 1, []);
    const on = pressed({ ...state, form: { ...state.form, focus: 'site.key' } }, ctrl('g'));
    expect(dispatched).toMatchObject([
      { type: 'give', id: 'site.key', given: { value: expect.any(Secret) } },
    ]);
    expect(on.form.revealed).toBeUndefined();
    const made = { ...on, answered: { ...on.answered, made: new Set(['site.key']) } };
    expect(pressed(made, ctrl('r')).form.revealed).toBe('site.key');
  });

  it('one that was given before is not shown', () => {
    const state = openForm(complete, 1, []);
    const shown = pressed({ ...state, form: { ...state.form, focus: 'site.key' } }, ctrl('r'));
    expect(shown.form.revealed).toBeUndefined();
    expect(shown.notice).toContain(
      'Only a secret that you are typing, or that was generated here, can be shown.',
    );
  });

  it('a secret that is there is only replaced when the same key is pressed again at once', () => {
    const given = new Map([['site.key', { kind: 'value' as const, value: new Secret('typed-by-somebody') }]]);
    const opened = openForm({ ...complete, answered: { ...complete.answered, given } }, 1, []);
    const state = { ...opened, form: { ...opened.form, focus: 'site.key' } };
    const asked = pressed(state, ctrl('g'));
    expect(asked.notice).toContain('There is already a value');
    pressed(asked, down, { name: 'up', text: '' }, ctrl('g'));
    expect(dispatched).toEqual([]);
    pressed(asked, ctrl('g'));
    expect(dispatched).toMatchObject([{ type: 'give', id: 'site.key', made: true }]);
  });

  it('one that the host has is never replaced by one that is made', () => {
    const host = new Map([['site.key', new Secret('of-the-host-itself')]]);
    const opened = openForm({ ...complete, answered: { ...complete.answered, host } }, 1, []);
    const state = pressed({ ...opened, form: { ...opened.form, focus: 'site.key' } }, ctrl('g'), ctrl('g'));
    expect(dispatched).toEqual([]);
    expect(state.notice).toContain('This server already has one');
  });

  it('a trial that failed holds every time, until it is gone on with by name', () => {
    const trials = new Map([['site.domain', { ok: false, message: 'That name does not resolve here.' }]]);
    const opened = openForm({ ...complete, answered: { ...complete.answered, trials } }, 1, []);
    const next = { ...opened, form: { ...opened.form, focus: 'next' } };
    for (const state of [next, { ...pressed(next, enter), form: next.form }]) {
      const held = pressed(state, enter);
      expect(held.form.focus).toBe('site.domain');
      expect(held.notice).toContain('Continue anyway');
      // Enter there is to fix it; it kept the answer that had failed.
      expect(pressed(held, enter).form.edit?.id).toBe('site.domain');
    }
    expect(dispatched).toEqual([]);
    pressed({ ...next, form: { ...next.form, focus: 'anyway' } }, enter);
    expect(dispatched).toEqual([{ type: 'review', names: [] }]);
  });

  it('an answer that has a command of its own on this server is refused with that command', () => {
    const opened = openForm(
      {
        ...complete,
        answered: {
          ...complete.answered,
          host: new Map([['site.domain', 'studio.example.org']]),
          ownedByCommand: new Map([['site.domain', 'studio-setup change-domain NAME']]),
        },
      },
      1,
      [],
    );
    const state = { ...opened, form: { ...opened.form, focus: 'site.domain' } };
    const refused = pressed(state, 'films.example.org', enter);
    expect(refused.form.edit?.refused).toMatch(
      /site is studio\.example\.org.*studio-setup change-domain films\.example\.org/,
    );
    expect(dispatched).toEqual([]);
    // The same name again is no change.
    pressed(state, { name: 'left', text: '' }, enter);
    expect(dispatched).toMatchObject([{ type: 'give', id: 'site.domain' }]);
  });

  it('what the host has without telling it is not asked', () => {
    const alreadyOnHost = new Set(['site.key']);
    const opened = openForm({ ...complete, answered: { ...complete.answered, alreadyOnHost } }, 1, []);
    expect(formOf(opened).rows.map(({ key }) => key)).not.toContain('site.key');
    const all = new Set(bare.sections.flatMap(({ questions }) => questions.map(({ id }) => id)));
    expect(askingSections({ ...opened, answered: { ...opened.answered, alreadyOnHost: all } })).toEqual([]);
  });

  describe('an answer to type takes what is typed, wherever the cursor came from', () => {
    const at = (id: string) => {
      const opened = openForm(bare, 1, []);
      return { ...opened, form: { ...opened.form, focus: id, edit: undefined } };
    };

    it.each(['key-123', 'quit', '?/nN', 'gxvie jk', 'G'])('%s', (text) => {
      const state = pressed(at('site.key'), text);
      expect(state.form.focus).toBe('site.key');
      expect(state.form.edit?.before).toBe(text);
      expect(state).toMatchObject({ screen: 'questions', help: false, search: { typing: false } });
      expect(dispatched).toEqual([]);
    });

    it('what is typed stands in place of what was there; Esc leaves it as it was', () => {
      const opened = openForm(complete, 1, []);
      const state = { ...opened, form: { ...opened.form, focus: 'site.domain' } };
      const typing = pressed(state, 'a.example');
      expect(typing.form.edit?.before).toBe('a.example');
      const left = pressed(typing, back);
      expect(left.form.edit).toBeUndefined();
      expect(left.screen).toBe('questions');
      expect(dispatched).toEqual([]);
    });

    it.each([
      ['left', 'studio.example.or', 'g'],
      ['right', 'studio.example.org', ''],
      ['backspace', 'studio.example.or', ''],
    ] as const)('%s changes what was there', (name, before, after) => {
      const opened = openForm(complete, 1, []);
      const state = { ...opened, form: { ...opened.form, focus: 'site.domain' } };
      expect(pressed(state, { name, text: '' }).form.edit).toMatchObject({ before, after });
    });

    it('it is taken when another answer is gone to', () => {
      const state = pressed(at('site.domain'), 'a.example', down);
      expect(dispatched).toEqual([
        { type: 'give', id: 'site.domain', given: { kind: 'value', value: 'a.example' } },
      ]);
      expect(state.form.focus).toBe('site.key');
    });

    it('F1 is the help there', () => {
      expect(pressed(at('site.key'), { name: 'help', text: '' }).help).toBe(true);
    });

    it('its secret is shown to who types it, on request', () => {
      const typing = pressed(at('site.key'), 'key-123');
      expect(textOf(typing)).not.toContain('key-123');
      expect(textOf(pressed(typing, ctrl('r')))).toContain('key-123');
      expect(textOf(pressed(typing, ctrl('r'), ctrl('r')))).not.toContain('key-123');
    });
  });

  describe('a secret that is asked twice', () => {
    const sections = bare.sections.map((section) => ({
      ...section,
      questions: section.questions.map((each) =>
        each.id === 'site.key' ? { ...each, repeat: () => true } : each,
      ),
    }));
    const opened = openForm({ ...bare, sections }, 1, []);
    const state = { ...opened, form: { ...opened.form, focus: 'site.key' } };

    it('is taken when both are the same', () => {
      const once = pressed(state, 'unguessable', enter);
      expect(dispatched).toEqual([]);
      expect(once.form).toMatchObject({ focus: 'site.key', edit: { before: '' } });
      pressed(once, 'unguessable', enter);
      expect(dispatched).toMatchObject([{ type: 'give', id: 'site.key' }]);
    });

    it('is asked twice again when they differ', () => {
      const differ = pressed(state, 'unguessable', enter, 'unguessablf', enter);
      expect(dispatched).toEqual([]);
      expect(differ.form.edit).toMatchObject({ before: '', refused: expect.stringContaining('differ') });
      pressed(differ, 'unguessable', enter);
      expect(dispatched).toEqual([]);
    });

    it('is nothing while only one is there', () => {
      const left = pressed(state, 'unguessable', enter, down);
      expect(left.form).toMatchObject({ edit: undefined, first: undefined });
      expect(pressed(state, 'unguessable', enter, back).form.first).toBeUndefined();
      expect(dispatched).toEqual([]);
    });

    it('the foot says what Enter does: generates while nothing is typed, then asks twice', () => {
      expect(rowsOf(pressed(state, enter)).join('\n')).toContain('Enter generate');
      expect(rowsOf(pressed(state, 'unguessable')).join('\n')).toContain('Enter accept, then repeat');
    });

    it('is not asked twice when it is generated', () => {
      pressed(state, ctrl('g'));
      expect(dispatched).toMatchObject([{ type: 'give', id: 'site.key', made: true }]);
    });
  });

  it('Esc goes back the way it came', () => {
    const state = pressed(openForm(complete, 1, []), back);
    expect(state.screen).toBe('overview');
  });

  describe('what the host has and what can not be taken', () => {
    const value = 'http://old.example.org/';
    const refused = new Map([
      ['site.domain', { id: 'site.domain', value, why: 'A host name such as studio.example.org.' }],
    ]);
    const state = openForm({ ...bare, answered: { ...bare.answered, refused } }, 1, []);
    const frame = (of: WizardState) =>
      frameOf(of).map((line) =>
        line
          .map(({ text }) => text)
          .join('')
          .trimEnd(),
      );

    it('stands beside its question, and why below it, in 80 by 24', () => {
      const shown = frame(pressed(state, back));
      const at = shown.findIndex((line) => line.includes('Domain'));
      expect(shown[at]).toBe(` › ○ Domain         ${value}  on this server, refused`);
      expect(shown.join('\n')).toContain(
        ' ! This server has "http://old.example.org/", which is refused and left as it\n   is: A host name such as studio.example.org.',
      );
    });

    it('is what the typing begins with, and does not hold the arrows', () => {
      expect(state.form.edit?.before).toBe(value);
      expect(pressed(state, down).form.focus).toBe('site.key');
      const typed = pressed(state, 'x', down);
      expect(typed.form.focus).toBe('site.domain');
      expect(typed.form.edit?.refused).toBeDefined();
    });

    it('is said with the question', () => {
      const said = screenReaderItems(pressed(state, back));
      const list = said.find(({ role }) => role === 'list');
      expect(list?.items?.[0]?.text).toBe(`Domain, ${value}, on this server, refused`);
      expect(said.map(({ text }) => text)).toContain(
        'Note: This server has "http://old.example.org/", which is refused and left as it is: A host name such as studio.example.org.',
      );
    });

    it('stands there also where its question is never put by itself', () => {
      const question = {
        id: 'site.port',
        label: 'Port',
        help: '',
        kind: 'text' as const,
        default: '80',
        hidden: true,
      };
      const sections = bare.sections.map((each, index) =>
        index === 1 ? { ...each, questions: [question] } : each,
      );
      const rowsWith = (held: WizardState['answered']['refused']) =>
        formOf(
          openForm({ ...bare, sections, answered: { ...bare.answered, refused: held } }, 1, []),
        ).rows.map(({ key }) => key);
      expect(rowsWith(new Map())).toEqual(['next']);
      const held = new Map([[question.id, { id: question.id, value: 'x', why: 'A number.' }]]);
      expect(rowsWith(held)).toEqual([question.id, 'next']);
    });

    it('stands there also for an integration that is not set up', () => {
      const id =
        bare.sections[1]?.questions.find(({ group }) => group === 'Braintree')?.id ?? 'no such question';
      expect(formOf(openForm(complete, 1, [])).rows.map(({ key }) => key)).not.toContain(id);
      const held = new Map([[id, { id, value: 'x', why: 'It is too short.' }]]);
      const { rows } = formOf(
        openForm({ ...complete, answered: { ...complete.answered, refused: held } }, 1, []),
      );
      expect(rows.map(({ key }) => key)).toContain(id);
    });
  });
});
