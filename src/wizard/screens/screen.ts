import type { Key } from '../kit/key.ts';
import type { Line, Size } from '../kit/line.ts';
import type { Want, WizardState } from '../state/state.ts';

export interface Hint {
  /** As written at the bottom: `Enter`, `r`. */
  readonly keys: string;
  readonly does: string;
  /** Stands in the help only. */
  readonly rare?: boolean;
}

/** One screen: what it draws and what its keys do. Pure: what a key asks of the host it gives to `want`. */
export interface Screen {
  title(state: WizardState): string;
  /** @returns at most `size.rows` lines, none wider than `size.columns` */
  lines(state: WizardState, size: Size): readonly Line[];
  /** The most needed first: what does not fit the last row stands in the help. */
  hints(state: WizardState): readonly Hint[];
  press(state: WizardState, key: Key, want: Want): WizardState;
  /** Whether a text is being typed: then every character belongs to it. */
  typing?(state: WizardState): boolean;
  /** @returns the state after the terminal had another size before */
  resized?(state: WizardState, before: Size): WizardState;
  /** Texts that a small screen has to cut, in full: they stand above the keys in the help. */
  about?(state: WizardState, columns: number): readonly Line[];
  /** Texts that `/` searches, and how to go to one. Absent: nothing to search. */
  readonly find?: {
    texts(state: WizardState): readonly string[];
    at(state: WizardState): number;
    go(state: WizardState, index: number): WizardState;
  };
}
