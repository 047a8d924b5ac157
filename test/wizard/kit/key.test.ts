import type { Key as InkKey } from 'ink';
import { describe, expect, it } from 'vitest';
import { keysOf, motionOf, moved } from '../../../src/wizard/kit/key.ts';

const none: InkKey = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

describe('keys that arrive in one piece', () => {
  it('are taken one by one, Enter and Ctrl among them', () => {
    expect(keysOf('ab\u0015c\r', none)).toEqual([
      { name: 'char', text: 'a' },
      { name: 'char', text: 'b' },
      { name: 'ctrl', text: 'u' },
      { name: 'char', text: 'c' },
      { name: 'enter', text: '' },
    ]);
  });

  it('a character of several code points is one', () => {
    expect(keysOf('👩‍👩‍👧‍👦', none)).toHaveLength(1);
  });

  it('Shift-Tab and Alt', () => {
    expect(keysOf('', { ...none, tab: true, shift: true })).toEqual([{ name: 'backtab', text: '' }]);
    expect(keysOf('q', { ...none, meta: true })).toEqual([]);
  });
});

describe('moving in a list', () => {
  it.each([
    ['j', 4],
    ['k', 2],
    ['g', 0],
    ['G', 9],
  ])('%s', (text, to) => {
    const motion = motionOf({ name: 'char', text });
    expect(motion && moved(3, motion, 9, 5)).toBe(to);
  });
});
