import type { Options } from '../commands/options.ts';

/** How this process speaks with whoever started it. */
interface Manner {
  /** Line after line: nothing that was printed is ever drawn again, the cursor is never moved. */
  lines: boolean;
  /** Marks and colours as words, for a screen reader. Goes with `lines`. */
  words: boolean;
}

/** One for the process, as its terminal is: prompts, tree and printed lines must agree. */
export const manner: Manner = { lines: false, words: false };

/** Decides it by what was typed and by the terminal; call once, before anything is said. */
export function decideManner(
  { plain, screenReader, json }: Pick<Options, 'plain' | 'screenReader' | 'json'>,
  env: Readonly<Record<string, string | undefined>>,
): void {
  // Ink's own variable: whoever set it for other programs need not say it again.
  manner.words = (screenReader || env.INK_SCREEN_READER === 'true') && !json;
  manner.lines = plain || manner.words || env.TERM === undefined || env.TERM === 'dumb';
}
