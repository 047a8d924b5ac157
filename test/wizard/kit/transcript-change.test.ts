import { describe, expect, it } from 'vitest';
import { changeOf, whereOne } from '../../../src/wizard/kit/transcript-change.ts';

const list = (selected: number, ...more: readonly string[]) => [
  'Overview',
  ...['one', 'two', 'three'].map(
    (name, index) => `listitem: ${index === selected ? '(selected) ' : ''}${name}`,
  ),
  ...more,
];
const typing = (text: string, ...before: readonly string[]) => [
  'Questions',
  'toolbar: Enter: take',
  ...before,
  `textbox: Domain, your answer: ${text}`,
];
const change = (before: readonly string[], after: readonly string[], open = before.at(-1) ?? '') =>
  changeOf(before, after, open);

describe('what is said of a frame', () => {
  it.each([
    ['all of the first', [], list(0), list(0).join('\n')],
    [
      'all of another screen, though lines are the same',
      list(0),
      ['Review', ...list(0).slice(1)],
      `Review\n${list(0).slice(1).join('\n')}`,
    ],
    ['nothing of the same', list(0), list(0), undefined],
    ['of a selection that moved, where it is', list(0), list(1), 'listitem: (selected) two'],
    ['what is new, also when it is there twice', list(0, 'same'), list(0, 'same', 'same'), 'same'],
    ['nothing of what went', list(0, 'gone'), list(0), undefined],
    [
      'a state beside the selection',
      ['Review', 'listitem: (selected, expanded) a', 'listitem: b'],
      ['Review', 'listitem: (expanded) a', 'listitem: (selected) b'],
      'listitem: (selected) b',
    ],
    ['a state that changed', list(0), list(0).with(2, 'listitem: (busy) two'), 'listitem: (busy) two'],
  ])('%s', (_, before, after, text) => {
    expect(change(before, after)?.text).toEqual(text);
  });

  it('what is typed goes on in its line', () => {
    expect(change(typing('stu'), typing('stud'))).toEqual({ text: 'd', continues: true });
  });

  it('what is taken back is said again, on a line of its own', () => {
    const text = 'textbox: Domain, your answer: st';
    expect(change(typing('stu'), typing('st'))).toEqual({ text, continues: false });
  });

  it('a refusal is followed by what was typed', () => {
    const after = typing('x', 'Refused: No name.');
    expect(change(typing('x'), after)).toEqual({ text: after.slice(-2).join('\n'), continues: false });
  });

  it('after something else was said, what is typed begins a line', () => {
    expect(change(typing('s'), typing('st'), 'Note: something')?.continues).toBe(false);
  });
});

describe('after a key that changed nothing', () => {
  it.each([
    ['the selected item', list(2, 'toolbar: Enter'), ['listitem: (selected) three']],
    [
      'the refusal, and what was typed',
      typing('x', 'Refused: No name.'),
      typing('x', 'Refused: No name.').slice(-2),
    ],
    ['else the last line', ['Help', 'toolbar: Esc: back'], ['toolbar: Esc: back']],
    ['before anything was drawn, nothing', [], []],
  ])('%s', (_, frame, said) => {
    expect(whereOne(frame)).toEqual(said);
  });
});
