import type { Secret } from '../../../output/secret.ts';
import type { TextField } from '../../kit/text-field.ts';

export interface FormState {
  /** Index among all sections. */
  readonly section: number;
  /** Key of the focused row. */
  readonly focus: string;
  readonly edit: TextField | undefined;
  /** A secret as it was typed the first time, while it is typed once more. */
  readonly first: Secret | undefined;
  /** Sections whose default values are shown one by one. */
  readonly expanded: ReadonlySet<string>;
  /** The secret that is shown: one that is being typed, or was generated here. */
  readonly revealed: string | undefined;
  /** Failed trials that the operator goes on with all the same: the answer's id and what the trial said. */
  readonly accepted: ReadonlySet<string>;
  /** The answer that one more Ctrl-G replaces by another that is generated. */
  readonly replacing: string | undefined;
  /** Sections gone through, for Back. */
  readonly trail: readonly number[];
}

declare module '../../state/state.ts' {
  interface ScreenParts {
    questions: { readonly form: FormState };
  }
}

export function initialForm(): FormState {
  return {
    section: 0,
    focus: '',
    edit: undefined,
    first: undefined,
    expanded: new Set(),
    revealed: undefined,
    accepted: new Set(),
    replacing: undefined,
    trail: [],
  };
}
