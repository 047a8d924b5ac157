import type { Key } from '../kit/key.ts';
import type { Size } from '../kit/line.ts';
import type { ScreenName, ScreenParts, WizardState } from '../state/state.ts';
import type { Block, View } from '../view/block.ts';
import type { Binding } from './binding.ts';

/** One screen: what it draws and what its keys do. Pure: what a key asks of the host its binding gives to `dispatch`. */
export interface Screen<Name extends ScreenName = ScreenName> {
  /** Its own part of the state, as it begins. */
  initial(): ScreenParts[Name];
  title(state: WizardState): string;
  /** What it shows, for the painter of the terminal and for that of the screen reader. */
  view(state: WizardState): View;
  /** What its keys do. The most needed first: what does not fit the last row stands in the help. */
  readonly bindings: readonly Binding[];
  /** Whether a text is typed, or would be by the next character: then no character is a command. */
  typing?(state: WizardState): boolean;
  /** What a key does that no binding has. */
  type?(state: WizardState, key: Key): WizardState;
  /** @returns the state after any key, before that key means something */
  anyKey?(state: WizardState, key: Key): WizardState;
  /** @returns the state after the terminal had another size before */
  resized?(state: WizardState, before: Size): WizardState;
  /** Texts that a small screen has to cut, in full: they stand above the keys in the help. */
  about?(state: WizardState): readonly Block[];
  /** Texts that `/` searches, and how to go to one. Absent: nothing to search. */
  readonly find?: {
    texts(state: WizardState): readonly string[];
    at(state: WizardState): number;
    go(state: WizardState, index: number): WizardState;
    /** Whether its keys stand at the foot, where one text is all that there is. */
    readonly hinted?: true;
  };
}
