import { describe, expect, it } from 'vitest';
import { clean, cleaned } from '../../src/output/clean.ts';
import { Secret } from '../../src/output/secret.ts';

describe('clean', () => {
  it.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['moving the cursor and clearing the screen', 'a\u001b[2J\u001b[1;1Hb', 'ab'],
    ['a new title for the terminal', 'a\u001b]0;title\u0007b', 'ab'],
    ['a link', '\u001b]8;;http://evil.example\u001b\\text\u001b]8;;\u001b\\', 'text'],
    ['going back over what was printed', 'safe\b\b\b\bevil\r', 'safeevil'],
    ['bell and null', 'a\u0007\u0000b', 'ab'],
    ['one-byte escape sequences', 'a\u009b31mb', 'ab'],
    ['turning the reading direction round', 'a\u202eb\u2066c', 'abc'],
    ['a tab', 'a\tb', 'a  b'],
    ['newlines, which stay', 'a\nb', 'a\nb'],
    ['letters of any language', 'größe – 日本', 'größe – 日本'],
  ])('%s', (_, text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  it('masks a secret that something was put into', () => {
    new Secret('word-with-a-color-in-it');
    expect(clean('a word-with-\u001b[1ma-color\u001b[0m-in-it, a word-with\u200e-a-color-in-it')).toBe(
      'a ••••, a ••••',
    );
  });

  it('masks secrets wherever they stand in plain data', () => {
    const secret = new Secret('word-in-plain-data');
    expect(
      cleaned({
        type: 'x',
        ms: 1,
        ok: true,
        none: undefined,
        lines: [`a ${secret.reveal()}`],
        in: { deep: secret.reveal() },
      }),
    ).toEqual({ type: 'x', ms: 1, ok: true, none: undefined, lines: ['a ••••'], in: { deep: '••••' } });
  });
});
