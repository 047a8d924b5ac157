import { afterEach, describe, expect, it } from 'vitest';
import type { Key } from '../../../src/wizard/kit/key.ts';
import { frameOf } from '../../../src/wizard/shell/frame.ts';
import { initialState } from '../../../src/wizard/shell/initial-state.ts';
import { Store } from '../../../src/wizard/shell/store.ts';
import type { Intent } from '../../../src/wizard/state/intent.ts';
import { beginning, worst } from '../states.ts';

const size = { columns: 80, rows: 24 };
let store: Store;
let dispatched: Intent[];
afterEach(() => store.end());

function make(): Store {
  store = new Store(beginning(size));
  dispatched = [];
  store.dispatch = (intent) => dispatched.push(intent);
  return store;
}

const linesOf = (of: Store) => frameOf(of.get()).map((each) => each.map(({ text }) => text).join(''));
/** The row above the foot. */
const noticeOf = (of: Store) => linesOf(of).at(-2) ?? '';
const char = (text: string): Key => ({ name: 'char', text });
const named = (name: 'down' | 'enter' | 'escape' | 'tab'): Key => ({ name, text: '' });

describe('keys', () => {
  it('arrows and vi keys move the selection, at the ends it stays', () => {
    make().keys([named('down'), char('j'), char('k'), char('k'), char('k'), char('k')]);
    expect(store.get().overview.selected).toBe(0);
    store.keys([char('G')]);
    expect(store.get().overview.selected).toBe(22);
  });

  it('? shows the help, any key takes it away and does nothing else', () => {
    make().keys([char('?')]);
    expect(store.get().help).toBe(true);
    store.keys([char('q')]);
    expect(store.get().help).toBe(false);
    expect(dispatched).toEqual([]);
  });

  it('/ searches, n goes on, what is nowhere is said', () => {
    make().keys([char('/'), ...[...'section 1'].map(char), named('enter')]);
    const first = store.get().overview.selected;
    expect(store.get().sections[first]?.title).toContain('Section 1');
    store.keys([char('n')]);
    expect(store.get().overview.selected).toBeGreaterThan(first);
    store.keys([char('/'), char('~'), named('enter')]);
    expect(store.get().notice).toContain('not found');
  });

  it('what is searched leaves: by Esc, which then means nothing else, and with its screen', () => {
    make().keys([char('/'), ...[...'section'].map(char), named('enter')]);
    expect(noticeOf(store)).toContain('n next  N previous  Esc clears');
    const { selected } = store.get().overview;
    store.keys([named('escape')]);
    expect(store.get().search).toEqual({ text: '', typing: false });
    expect(store.get().overview.selected).toBe(selected);
    expect(noticeOf(store).trim()).toBe('');
    store.keys([char('/'), ...[...'half'].map(char), named('escape')]);
    expect(store.get().search).toEqual({ text: '', typing: false });
    store.keys([char('/'), char('e'), named('enter')]);
    store.set({ screen: 'run' });
    expect(noticeOf(store).trim()).toBe('');
  });

  it('the help says how to search and how to leave it; longer than the screen it scrolls', () => {
    make().keys([char('?')]);
    const seen = new Set<string>();
    store.resize({ columns: 60, rows: 16 });
    for (let step = 0; step < 12; step += 1) {
      for (const each of linesOf(store)) seen.add(each.trim());
      store.keys([named('down')]);
    }
    expect(store.get().help).toBe(true);
    expect([...seen].join('\n')).toMatch(/search; Enter jumps to the match/);
    expect([...seen].join('\n')).toMatch(/Esc clears/);
    expect([...seen].join('\n')).toMatch(/~ changed\s+▸ run/);
    store.keys([char('x')]);
    expect(store.get()).toMatchObject({ help: false, overlay: 0 });
  });

  it.each(['o', 'k', 'r', 's', 'e', 'l', 'd'])('Ctrl-%s and a pasted %s are no %s', (letter) => {
    for (const screen of ['conflict', 'failure', 'finish'] as const) {
      const state = worst(size)[screen];
      make().update(() => state ?? beginning(size));
      store.keys([{ name: 'ctrl', text: letter }]);
      store.keys([{ name: 'paste', text: letter }]);
      expect(store.get().screen).toBe(screen);
      store.end();
    }
    expect(dispatched).toEqual([]);
  });

  it('q quits, Ctrl-C asks to stop', () => {
    make().keys([char('q'), { name: 'ctrl', text: 'c' }]);
    expect(dispatched.map(({ type }) => type)).toEqual(['quit', 'interrupt']);
  });
});

describe('a run that says much', () => {
  it('is drawn some twenty times a second, whatever comes; a key at once', async () => {
    make();
    let drawn = 0;
    store.subscribe(() => {
      drawn += 1;
    });
    store.feed({
      type: 'run-started',
      at: Date.now(),
      run: '0001',
      log: '/log',
      sections: [{ id: 'a', title: 'A', operations: [{ id: 'a/b', title: 'b' }] }],
    });
    store.feed({ type: 'operation-started', at: Date.now(), operation: 'a/b' });
    for (let index = 0; index < 50_000; index += 1)
      store.feed({ type: 'output', at: 0, operation: 'a/b', line: `line ${index}` });
    expect(drawn).toBe(0);
    store.keys([named('down')]);
    expect(drawn).toBe(1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(drawn).toBeLessThan(5);
    const step = store.get().run.model.steps.get('a/b');
    expect(step?.log.dropped).toBe(49_000);
    expect(step?.last).toBe('line 49999');
  });

  it('nothing is drawn while nothing moves', async () => {
    store = new Store(initialState([], { version: '1', place: '' }, size));
    let drawn = 0;
    store.subscribe(() => {
      drawn += 1;
    });
    store.set({ observing: false });
    store.set({ notice: '' });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(drawn).toBe(2);
  });
});

describe('/ on the screens that are one long text', () => {
  it.each(['conflict', 'failure', 'finish'] as const)(
    '%s: goes to the line, says when it is nowhere',
    (screen) => {
      const state = worst(size)[screen];
      if (state === undefined) throw new Error(screen);
      const scroll = () => store.get()[screen]?.scroll;
      const wanted =
        screen === 'finish' ? 'it shows what drifted' : screen === 'conflict' ? 'replacing' : 'What to do';
      make().set(state);
      store.keys([char('/'), ...[...wanted].map(char), named('enter')]);
      expect(store.get().notice).toBe('');
      expect(scroll()).toBeGreaterThan(0);
      store.keys([char('/'), ...[...'nowhere to be found'].map(char), named('enter')]);
      expect(store.get().notice).toContain('not found');
    },
  );

  it('questions: goes to the question, never by the text of a secret', () => {
    const state = worst(size).questions;
    if (state === undefined) throw new Error('questions');
    make().set(state);
    store.keys([char('/'), ...[...'further'].map(char), named('enter')]);
    expect(store.get().form.focus).toBe('site.names');
    // There it would be typed.
    store.set({ form: { ...store.get().form, focus: 'next', edit: undefined } });
    store.keys([char('/'), ...[...'never-on-any'].map(char), named('enter')]);
    expect(store.get().notice).toContain('not found');
  });
});

describe('the failure screen', () => {
  it('o opens the file that the problem names, and says so when it names none', () => {
    const state = worst(size).failure;
    if (state?.failure === undefined) throw new Error('failure');
    const problem = { what: 'unexpected "}" in /etc/nginx/sites-enabled/studio.conf:3', remedy: 'Fix it.' };
    const failed = [{ operation: 'a/b', at: 'A › b', problem, logLine: 1 }];
    make().set({ ...state, failure: { ...state.failure, failed, selected: 0 } });
    store.keys([char('o')]);
    expect(dispatched).toEqual([{ type: 'open-file', path: '/etc/nginx/sites-enabled/studio.conf' }]);
    const none = [{ ...failed[0], problem: { what: 'It failed.', remedy: 'Fix it.' } }] as typeof failed;
    store.set({ failure: { ...state.failure, failed: none, selected: 0 } });
    store.keys([char('o')]);
    expect(dispatched).toHaveLength(1);
    expect(store.get().notice).toContain('names no file');
  });
});
