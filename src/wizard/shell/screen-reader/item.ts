import type { BoxProps } from 'ink';

type Role = NonNullable<BoxProps['aria-role']>;
type ItemState = keyof NonNullable<BoxProps['aria-state']>;

/** One thing that a screen reader says: in one line, with what it is and how it stands. */
export interface ScreenReaderItem {
  readonly text: string;
  readonly role?: Role;
  readonly states?: readonly ItemState[];
  /** What a list has; `text` is then its name. */
  readonly items?: readonly ScreenReaderItem[];
}

/** Columns of a terminal whose rows are said: next to nothing is wrapped. */
export const SAID_COLUMNS = 2000;
