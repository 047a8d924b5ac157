import { describe, expect, it } from 'vitest';
import { Answers } from '../../src/answers/answers.ts';
import { graphOf, selectNodes } from '../../src/engine/graph.ts';
import type { Section } from '../../src/engine/section.ts';
import { section } from './nodes.ts';

const none = new Answers();
const shown = (sections: readonly Section[]) =>
  graphOf(sections, none).map(({ operation, needs }) => `${operation.id}: ${[...needs].join(' ')}`.trim());

describe('graphOf', () => {
  it.each<[string, readonly Section[], readonly string[]]>([
    ['each operation after the one before it', [section('a', [], 'x', 'y')], ['a/x:', 'a/y: a/x']],
    [
      'the first after all that the section needs',
      [section('a', [], 'x', 'y'), section('b', ['a'], 'z')],
      ['a/x:', 'a/y: a/x', 'b/z: a/x a/y'],
    ],
    [
      'an own word on what comes before',
      [section('a', [], 'x', 'y:', 'z: a/x')],
      ['a/x:', 'a/y:', 'a/z: a/x'],
    ],
    [
      'a need of a single operation',
      [section('a', [], 'x', 'y'), section('b', ['a/x'], 'z')],
      ['a/x:', 'a/y: a/x', 'b/z: a/x'],
    ],
    [
      'what is needed before what needs it, whatever the order given',
      [section('b', ['a'], 'z'), section('a', [], 'x')],
      ['a/x:', 'b/z: a/x'],
    ],
    [
      'an empty section hands on its own needs',
      [section('a', [], 'x'), section('b', ['a']), section('c', ['b'], 'z')],
      ['a/x:', 'c/z: a/x'],
    ],
  ])('%s', (_, sections, expected) => {
    expect(shown(sections)).toEqual(expected);
  });

  it('an unknown need is a mistake in steps/, named', () => {
    expect(() => shown([section('a', ['nothing'], 'x')])).toThrow('nothing');
  });

  it('a circle is a mistake in steps/, named', () => {
    expect(() => shown([section('a', ['b'], 'x'), section('b', ['a'], 'y')])).toThrow(/circle: a\/x, b\/y/);
  });
});

describe('select', () => {
  const sections = [
    section('a', [], 'x', 'y'),
    section('b', ['a/x'], 'z'),
    section('c', ['b'], 'w'),
    section('d', [], 'v'),
  ];
  const chosen = (...names: string[]) => {
    const found = selectNodes(graphOf(sections, none), names);
    return [found.chosen, found.needed].map((nodes) => nodes.map((each) => each.operation.id).join(' '));
  };

  it.each([
    [['c'], 'c/w', 'a/x b/z'],
    [['b', 'c'], 'b/z c/w', 'a/x'],
    [['a'], 'a/x a/y', ''],
    [['d'], 'd/v', ''],
    [[], 'a/x a/y b/z c/w d/v', ''],
  ])('%j', (names, wanted, needed) => {
    const found = chosen(...names);
    expect(found[0]?.split(' ').sort().join(' ')).toBe(wanted);
    expect(found[1]).toBe(needed);
  });
});
