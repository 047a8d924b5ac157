import { describe, expect, it } from 'vitest';
import { bindingsOf, screenHints } from '../../../src/wizard/shell/bindings.ts';
import { frameOf } from '../../../src/wizard/shell/frame.ts';
import { press } from '../../../src/wizard/shell/press.ts';
import type { Intent } from '../../../src/wizard/state/intent.ts';
import type { WizardState } from '../../../src/wizard/state/state.ts';
import { worst } from '../states.ts';

const size = { columns: 120, rows: 60 };
const states = Object.entries(worst(size)).filter(
  ([name]) => !['help', 'alert', 'searching', 'too small'].includes(name),
);

function textOf(state: WizardState): string {
  return frameOf(state)
    .map((line) => line.map(({ text }) => text).join(''))
    .join('\n');
}

function shown(name: string): WizardState {
  const state = worst(size)[name];
  if (state === undefined) throw new Error(name);
  return state;
}

const helpOf = (name: string) => textOf({ ...shown(name), help: true });
const footOf = (name: string) => textOf(shown(name)).split('\n').at(-1) ?? '';

describe.each(states)('%s', (_, state) => {
  it('no key is said twice', () => {
    const keys = screenHints(state).map((hint) => hint.keys);
    expect(keys).toEqual([...new Set(keys)]);
  });

  it('what is said of a key is what it does: each hint comes from a binding that answers', () => {
    const does = new Set(
      bindingsOf(state).map((each) => (typeof each.does === 'string' ? each.does : each.does(state))),
    );
    for (const hint of screenHints(state)) expect(does).toContain(hint.does);
  });
});

describe('keys that were not said, or said wrongly', () => {
  it('q does not quit a run, and no help says so', () => {
    const dispatched: Intent[] = [];
    const after = press(shown('run'), { name: 'char', text: 'q' }, (intent) => dispatched.push(intent));
    expect(dispatched).toEqual([]);
    expect(after.notice).toContain('Ctrl-C stops after this step');
    expect(helpOf('run')).not.toContain('save and quit');
    expect(helpOf('review')).toMatch(/q +save and quit; your answers are kept, secrets are not/);
  });

  it('Ctrl-C is said to save and quit outside of a run, and to stop one', () => {
    expect(helpOf('review')).toMatch(/Ctrl-C +save and quit; during a run: stop after this step/);
    expect(helpOf('run')).toMatch(/Ctrl-C +stop after this step/);
  });

  it.each(['overview', 'questions', 'review', 'run', 'finish', 'menu'])(
    'the help of %s has one row for what moves',
    (name) => {
      const rows = helpOf(name)
        .split('\n')
        .filter((row) => /↑ ↓.* (move|scroll)$/.test(row.trimEnd()));
      expect(rows).toHaveLength(1);
    },
  );

  it('where text is typed, the help names no letter as a key that moves', () => {
    const typing = shown('questions');
    const state = { ...typing, help: true, form: { ...typing.form, focus: 'site.domain' } };
    expect(textOf(state)).toMatch(/Tab ↑ ↓ +move/);
    expect(textOf(state)).not.toMatch(/ j k /);
    expect(textOf({ ...state, form: { ...typing.form, focus: 'next' } })).toMatch(
      /Tab ↑ ↓ j k PgUp PgDn +move/,
    );
  });

  it('Enter opens the log of a step that is selected in a run, as l does', () => {
    expect(footOf('run')).toContain('l Enter log');
    for (const key of [
      { name: 'enter', text: '' },
      { name: 'char', text: 'l' },
    ] as const)
      expect(press(shown('run'), key, () => {})).toMatchObject({
        screen: 'log',
        log: { id: 'site/31' },
      });
  });

  it('Tab goes to the next failure, where there are several', () => {
    const state = shown('failure');
    if (state.failure === undefined) throw new Error('failure');
    expect(footOf('failure')).not.toContain('Tab');
    const two = {
      ...state,
      failure: { ...state.failure, failed: [...state.failure.failed, ...state.failure.failed] },
    };
    expect(textOf(two).split('\n').at(-1)).toContain('Tab next failure');
    expect(press(two, { name: 'tab', text: '' }, () => {}).failure?.selected).toBe(1);
  });
});
