import { afterEach, describe, expect, it } from 'vitest';
import { decideOutputMode, outputMode } from '../../src/output/output-mode.ts';

const typed = { plain: false, screenReader: false, json: false };
const env = { TERM: 'xterm' };
afterEach(() => decideOutputMode(typed, env));

describe('how the product speaks', () => {
  it.each([
    ['in a terminal it draws again', typed, env, { lines: false, words: false, speaks: false }],
    ['--plain: in lines', { ...typed, plain: true }, env, { lines: true, words: false, speaks: false }],
    [
      '--screen-reader: in lines and words',
      { ...typed, screenReader: true },
      env,
      { lines: true, words: true, speaks: false },
    ],
    [
      "by Ink's variable also, and the wizard is said",
      typed,
      { ...env, INK_SCREEN_READER: 'true' },
      { lines: true, words: true, speaks: true },
    ],
    [
      'one question after the other for who types --screen-reader as well',
      { ...typed, screenReader: true },
      { ...env, INK_SCREEN_READER: 'true' },
      { lines: true, words: true, speaks: false },
    ],
    [
      'in lines where nothing can move',
      typed,
      { TERM: 'dumb' },
      { lines: true, words: false, speaks: false },
    ],
    ['in lines where the terminal is unknown', typed, {}, { lines: true, words: false, speaks: false }],
    [
      'records stay as they are',
      { ...typed, screenReader: true, json: true },
      env,
      { lines: false, words: false, speaks: false },
    ],
  ])('%s', (_, options, environment, wanted) => {
    decideOutputMode(options, environment);
    expect(outputMode).toEqual(wanted);
  });
});
