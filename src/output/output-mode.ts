/** How much is shown while a run goes on; the log always has everything. */
export type LogLevel = 'error' | 'info' | 'debug';

/** How this process speaks with whoever started it. */
interface Manner {
  /** Line after line: nothing that was printed is ever drawn again, the cursor is never moved. */
  lines: boolean;
  /** Marks and colours as words, for a screen reader. Goes with `lines`. */
  words: boolean;
  /** The wizard's screens are said line by line; all other commands speak in lines. Goes with `words`. */
  speaks: boolean;
}

/** One for the process, as its terminal is: prompts, tree and printed lines must agree. */
export const outputMode: Manner = { lines: false, words: false, speaks: false };

/** Decides it by what was typed and by the terminal; call once, before anything is said. */
export function decideOutputMode(
  { plain, screenReader, json }: { plain: boolean; screenReader: boolean; json: boolean },
  env: Readonly<Record<string, string | undefined>>,
): void {
  // Ink's own variable: whoever set it for other programs need not say it again.
  outputMode.words = (screenReader || env.INK_SCREEN_READER === 'true') && !json;
  const unable = env.TERM === undefined || env.TERM === 'dumb';
  outputMode.lines = plain || outputMode.words || unable;
  // Who types --screen-reader or --plain wants to be asked one question after the other.
  outputMode.speaks = outputMode.words && !screenReader && !plain && !unable;
}
