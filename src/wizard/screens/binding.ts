import { idOf, type Key, motionOf } from '../kit/key.ts';
import type { Dispatch } from '../state/intent.ts';
import type { WizardState } from '../state/state.ts';

/** What one key, or several, do on a screen. Hints, help and the handling of keys are made from it. */
export interface Binding {
  /** Ids of keys ({@link idOf}); `move`: whatever moves in a list or a text; `text`: whatever is typed or pasted. */
  readonly on: readonly string[];
  /** How the keys are written where their ids would not do: `↑ ↓`. */
  readonly keys?: string;
  readonly does: string | ((state: WizardState) => string);
  /** What the help says instead of `does`. */
  readonly help?: string;
  /** Whether the keys mean this now. Absent: always. */
  when?(state: WizardState): boolean;
  /** `rare`: in the help only. `never`: it only answers why the key does nothing. Absent: at the foot and in the help. */
  readonly hint?: Shown | ((state: WizardState) => Shown);
  press(state: WizardState, key: Key, dispatch: Dispatch): WizardState;
}

type Shown = 'always' | 'rare' | 'never';

export interface Hint {
  /** As written at the bottom: `Enter`, `r`. */
  readonly keys: string;
  readonly does: string;
  /** Stands in the help only. */
  readonly rare: boolean;
  /** What the help says. */
  readonly help: string;
}

/** How keys are written whose id is not their name. */
const NAMES: Readonly<Record<string, string>> = {
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  backspace: 'Backspace',
  ' ': 'Space',
  move: '↑ ↓',
  help: 'F1',
};
/** Keys that do the same as one that is named: they are not written. */
const UNNAMED: ReadonlySet<string> = new Set(['backtab', 'left', 'right', 'paste', 'end']);

/** @returns the first binding that the key has now */
export function bindingOf(bindings: readonly Binding[], state: WizardState, key: Key): Binding | undefined {
  const id = idOf(key);
  const kinds = [
    ...(motionOf(key) === undefined ? [] : ['move']),
    ...(key.name === 'char' || key.name === 'paste' ? ['text'] : []),
  ];
  return bindings.find(
    ({ on, when }) => (on.includes(id) || kinds.some((kind) => on.includes(kind))) && when?.(state) !== false,
  );
}

/** @returns what is said of the bindings that mean something now, in their order */
export function hintsOf(bindings: readonly Binding[], state: WizardState): readonly Hint[] {
  return bindings.flatMap(({ on, keys, does, help, when, hint = 'always' }) => {
    const shown = typeof hint === 'string' ? hint : hint(state);
    if (shown === 'never' || when?.(state) === false) return [];
    const words = typeof does === 'string' ? does : does(state);
    return [{ keys: keys ?? namesOf(on), does: words, rare: shown === 'rare', help: help ?? words }];
  });
}

function namesOf(on: readonly string[]): string {
  return on
    .filter((id) => !UNNAMED.has(id))
    .map((id) => NAMES[id] ?? id.replace(/^ctrl (.)/, (_, letter: string) => `Ctrl-${letter.toUpperCase()}`))
    .join(' ');
}
