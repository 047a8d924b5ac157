/** Ink writes a selected item so, alone or among other states. */
const SELECTED = /\bselected(, )?/;
/** Last of a frame only while something is typed. */
const TYPED = /^textbox: /;

/** What is said of a frame: `text` goes on in the line that was said last when `continues`, else it begins a new one. */
export interface TranscriptChange {
  readonly text: string;
  readonly continues: boolean;
}

/**
 * @param before the lines of the frame that was said last; none before the first
 * @param after the lines of the frame now
 * @param open the line that was printed last
 * @returns what a person who heard the first must hear now; `undefined`: nothing. Of another screen (another first line) it
 *   is all; of the same what is new, but no item for the sole reason that it is not selected any more
 */
export function changeOf(
  before: readonly string[],
  after: readonly string[],
  open: string,
): TranscriptChange | undefined {
  if (before[0] !== after[0]) return { text: after.join('\n'), continues: false };
  const heard = new Map<string, number>();
  for (const line of before) {
    heard.set(line, (heard.get(line) ?? 0) + 1);
    if (SELECTED.test(line)) heard.set(unselected(line), (heard.get(unselected(line)) ?? 0) + 1);
  }
  const lines = after.filter((line) => {
    const left = heard.get(line) ?? 0;
    if (left > 0) heard.set(line, left - 1);
    return left === 0;
  });
  const typed = after.at(-1) ?? '';
  if (!TYPED.test(typed))
    return lines.length === 0 ? undefined : { text: lines.join('\n'), continues: false };
  const others = lines.filter((line) => line !== typed);
  if (others.length === 0 && typed === open) return undefined;
  // One more character: what was typed goes on in its line, as a terminal would echo it.
  if (others.length === 0 && typed.startsWith(open) && TYPED.test(open))
    return { text: typed.slice(open.length), continues: true };
  return { text: [...others, typed].join('\n'), continues: false };
}

/** @returns what is said when a key changed nothing: the refusal or the selected item, else the last line */
export function whereOne(frame: readonly string[]): readonly string[] {
  const last = frame.at(-1);
  if (last === undefined) return [];
  if (TYPED.test(last)) return [...frame.filter((line) => line.startsWith('Refused: ')), last];
  const here = frame.filter((line) => SELECTED.test(line));
  return here.length === 0 ? [last] : here;
}

function unselected(line: string): string {
  return line.replace(SELECTED, '').replace('(, ', '(').replace(', )', ')').replace('() ', '');
}
