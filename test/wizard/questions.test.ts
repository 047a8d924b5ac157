import { beforeEach, describe, expect, it } from 'vitest';
import { Secret } from '../../src/answers/secret.ts';
import type { Key } from '../../src/wizard/key.ts';
import { press } from '../../src/wizard/press.ts';
import { openForm } from '../../src/wizard/screens/questions-keys.ts';
import type { Intent, State } from '../../src/wizard/state.ts';
import { answered, beginning } from './states.ts';

let wanted: Intent[];
beforeEach(() => {
  wanted = [];
});

function pressed(state: State, ...keys: readonly (Key | string)[]): State {
  return keys.reduce<State>((before, key) => {
    const each: readonly Key[] =
      typeof key === 'string' ? [...key].map((text) => ({ name: 'char' as const, text })) : [key];
    return each.reduce((now, one) => press(now, one, (intent) => wanted.push(intent)), before);
  }, state);
}

const enter: Key = { name: 'enter', text: '' };
const back: Key = { name: 'escape', text: '' };
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
    expect(wanted).toEqual([
      { type: 'give', id: 'site.domain', given: { kind: 'value', value: 'a.example' } },
    ]);
    expect(state.form.focus).toBe('site.key');
  });

  it('what is refused stays to be mended, with the reason', () => {
    const state = pressed(openForm(bare, 1, []), 'not a name', enter);
    expect(wanted).toEqual([]);
    expect(state.form.edit).toMatchObject({
      before: 'not a name',
      refused: 'A host name such as studio.example.org.',
    });
  });

  it('letters that are commands elsewhere are text here', () => {
    const state = pressed(openForm(bare, 1, []), 'q?/x');
    expect(state.form.edit?.before).toBe('q?/x');
    expect(wanted).toEqual([]);
  });

  it('does not go past an answer that is missing', () => {
    const state = pressed(openForm(bare, 1, []), back, down, down, down, down, down, down, enter);
    expect(state.screen).toBe('questions');
    expect(state.notice).toContain('needed');
  });

  it('with all answered, Enter alone goes through to the review', () => {
    const state = openForm(complete, 1, []);
    expect(state.form.focus).toBe('next');
    pressed(state, enter);
    expect(wanted).toEqual([{ type: 'review', names: [] }]);
  });

  it('an integration is left out until Space sets it up', () => {
    const state = openForm(complete, 1, []);
    const on = pressed({ ...state, form: { ...state.form, focus: 'group Braintree' } }, ' ');
    expect(wanted).toEqual([{ type: 'want', group: 'Braintree', wanted: true }]);
    expect(on.screen).toBe('questions');
  });

  it('a secret is made with one key, and shown on request only', () => {
    const state = openForm(complete, 1, []);
    const on = pressed({ ...state, form: { ...state.form, focus: 'site.key' } }, 'g');
    expect(wanted).toMatchObject([{ type: 'give', id: 'site.key', given: { value: expect.any(Secret) } }]);
    expect(on.form.revealed).toBeUndefined();
    expect(pressed(on, 'v').form.revealed).toBe('site.key');
  });

  it('Esc goes back the way it came', () => {
    const state = pressed(openForm(complete, 1, []), back);
    expect(state.screen).toBe('overview');
  });
});
