import type { BoxProps } from 'ink';
import type { Line } from '../../kit/line.ts';
import { inScreenReaderWords } from './words.ts';

type Role = NonNullable<BoxProps['aria-role']>;
export type ItemState = keyof NonNullable<BoxProps['aria-state']>;

/** One thing that a screen reader says: in one line, with what it is and how it stands. */
export interface ScreenReaderItem {
  readonly text: string;
  readonly role?: Role;
  readonly states?: readonly ItemState[];
  /** What a list has; `text` is then its name. */
  readonly items?: readonly ScreenReaderItem[];
}

/** What is given to screens as their size: nothing is wrapped, cut or skipped of a window. */
export const EVERYTHING = { columns: 2000, rows: 100_000 } as const;

/** @returns a screen's lines as texts, one for each that says something; the selected one as an item that is selected */
export function itemsOf(lines: readonly Line[]): readonly ScreenReaderItem[] {
  // Where one is selected, those beside it stand as far to the right.
  const isList = lines.some((line) => rawOf(line).startsWith('›'));
  return lines
    .map((line): ScreenReaderItem => {
      const said = itemOf(line);
      return isList && /^ {2}\S/.test(rawOf(line)) ? { ...said, role: 'listitem' } : said;
    })
    .filter(({ text }) => text !== '');
}

function rawOf(line: Line): string {
  return line.map(({ text }) => text).join('');
}

export function itemOf(line: Line): ScreenReaderItem {
  const raw = rawOf(line);
  const states: ItemState[] = [];
  if (raw.startsWith('›')) states.push('selected');
  if (/^[› ]*▾ /.test(raw)) states.push('expanded');
  const text = inScreenReaderWords(diffWords(line) ?? raw.replace(/^[› ]*(▾ )?/, ''));
  return states.length === 0 ? { text } : { text, role: 'listitem', states };
}

/** A difference's signs stand right before the text, which may begin with a space or a sign itself. */
function diffWords(line: Line): string | undefined {
  const span = line.find(({ text }) => text.trim() !== '' && text.trim() !== '›');
  if (span === undefined) return undefined;
  if (span.tone === 'good' && /^\+(?!\s*$)/.test(span.text)) return `Added: ${span.text.slice(1)}`;
  if (span.tone === 'bad' && /^-(?!\s*$)/.test(span.text)) return `Removed: ${span.text.slice(1)}`;
  const [, from] = /^@@ -(\d+)/.exec(span.text) ?? [];
  return from === undefined ? undefined : `From line ${from}`;
}
