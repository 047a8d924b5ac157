import { expect, test } from 'vitest';
import { hiddenTyping } from '../../src/prompts/paste.ts';

/** What a terminal sends, in the chunks in which it arrives, and what comes of it. */
function typed(chunks: readonly Buffer[], dots = true): { text?: string; stopped: boolean; screen: string } {
  const seen: { text?: string; stopped: boolean; screen: string } = { stopped: false, screen: '' };
  const take = hiddenTyping({
    echo: (text) => {
      seen.screen += text;
    },
    dots,
    isWhole: (lines) => lines.at(-1) === '',
    whole: (text) => {
      seen.text = text;
    },
    stopped: () => {
      seen.stopped = true;
    },
  });
  chunks.forEach(take);
  return seen;
}

const bytes = (text: string): Buffer => Buffer.from(text);

test.each([
  ['lines of a Unix terminal', [bytes('one\ntwo\n\n')], 'one\ntwo'],
  ['lines of a terminal in raw mode', [bytes('one\rtwo\r\r')], 'one\ntwo'],
  ['lines of Windows', [bytes('one\r\ntwo\r\n\r\n')], 'one\ntwo'],
  ['a line end that is cut in two', [bytes('one\r'), bytes('\ntwo\r'), bytes('\n\r\n')], 'one\ntwo'],
  ['a letter that is cut in two', [bytes('é').subarray(0, 1), bytes('é').subarray(1), bytes('\n\n')], 'é'],
  ['what was taken back', [bytes('onne'), bytes('\u007f\u007f'), bytes('e\n\n')], 'one'],
  ['one byte at a time', [...'a\nb\n\n'].map(bytes), 'a\nb'],
])('%s', (_, chunks, text) => {
  expect(typed(chunks)).toMatchObject({ text, stopped: false });
});

test.each(['\u0003', '\u0004'])('%j stops, and nothing after it is taken', (key) => {
  expect(typed([bytes(`one${key}two\n\n`), bytes('three\n\n')])).toEqual({ stopped: true, screen: '•••' });
});

test('what comes after the end is not taken', () => {
  expect(typed([bytes('one\n\nrm -rf\n\n')])).toEqual({ text: 'one', stopped: false, screen: '•••\n\n' });
});

test('no text is ever on the screen, and where nothing may be taken back no dot either', () => {
  expect(typed([bytes('one\n\n')]).screen).toBe('•••\n\n');
  expect(typed([bytes('onx\u007fe\n\n')], false).screen).toBe('\n\n');
});
