import { type Line, span } from './line.ts';
import { cells, characters, cut, cutStart } from './width.ts';

/**
 * A text that is being typed, as much of both sides of the cursor as fits. The cursor stands on a whole character: half of an
 * emoji is garbage in a terminal.
 */
export function typedLine(
  { before, after }: { readonly before: string; readonly after: string },
  columns: number,
): Line {
  const [under = ' ', ...rest] = characters(after);
  const shown = cutStart(before, columns - cells(under) - 1);
  const left = Math.max(0, columns - cells(shown) - cells(under));
  return [span(shown, 'accent'), span(under, 'selected'), span(cut(rest.join(''), left), 'accent')];
}
