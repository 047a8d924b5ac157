/** The line break that a text uses, so that inserted lines look like the ones around them. */
export function lineBreak(source: string): '\n' | '\r\n' {
  return source.includes('\r\n') ? '\r\n' : '\n';
}

/** Offset of the first character of the line that holds `offset`. */
export function startOfLine(source: string, offset: number): number {
  return source.lastIndexOf('\n', offset - 1) + 1;
}

/** Offset just behind the line that holds `offset`, its line break included. */
export function behindLine(source: string, offset: number): number {
  const newline = source.indexOf('\n', offset);
  return newline < 0 ? source.length : newline + 1;
}

/** The blanks that the line of `offset` begins with. */
export function indentation(source: string, offset: number): string {
  return /^[ \t]*/.exec(source.slice(startOfLine(source, offset)))?.[0] ?? '';
}
