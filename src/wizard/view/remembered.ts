import type { Line, Size } from '../kit/line.ts';

/**
 * The rows of a block are asked for twice in a frame: to see how many there are, and to draw them.
 * @returns the same function; for the block and the size of the time before it gives the same rows again
 */
export function remembered<B extends object>(
  lines: (block: B, size: Size) => readonly Line[],
): (block: B, size: Size) => readonly Line[] {
  const memory = new WeakMap<B, { readonly size: Size; readonly lines: readonly Line[] }>();
  return (block, size) => {
    const before = memory.get(block);
    if (before?.size.columns === size.columns && before.size.rows === size.rows) return before.lines;
    const made = lines(block, size);
    memory.set(block, { size, lines: made });
    return made;
  };
}
