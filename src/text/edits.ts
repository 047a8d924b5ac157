/** One replacement in a text: `[start, end)` in UTF-16 code units becomes `text`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * Applies edits that do not overlap, in any order; insertions at the same place land in the order given. All other text
 * stays as it is.
 * @throws {RangeError} when two edits overlap: a mistake of the caller's.
 */
export function applyEdits(source: string, edits: readonly Edit[]): string {
  let result = '';
  let position = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < position) throw new RangeError(`edits overlap at offset ${edit.start}`);
    result += source.slice(position, edit.start) + edit.text;
    position = edit.end;
  }
  return result + source.slice(position);
}
