import { textOf } from '../../../answers/values.ts';
import { Secret } from '../../../output/secret.ts';
import type { Dispatch } from '../../state/intent.ts';
import { goBack, goTo } from '../../state/navigation.ts';
import type { WizardState } from '../../state/state.ts';
import {
  askingSections,
  failureKey,
  formOf,
  isTyped,
  type QuestionRow,
  type Row,
  trialFailureOf,
} from './rows.ts';
import type { FormState } from './state.ts';

export function rowAt(state: WizardState): Row | undefined {
  const { rows, at } = formOf(state);
  return rows[at];
}

export function questionAt(state: WizardState): QuestionRow | undefined {
  const row = rowAt(state);
  return row?.kind === 'question' ? row : undefined;
}

export function begin(state: WizardState, empty = false): WizardState {
  const row = questionAt(state);
  if (row === undefined) return state;
  return withForm(state, {
    focus: row.key,
    edit: { id: row.key, before: empty ? '' : standingText(row), after: '' },
    first: undefined,
    revealed: undefined,
  });
}

/** What the typing of an answer begins with. */
export function standingText({ value, refused }: QuestionRow): string {
  const standing = value ?? refused?.value;
  return standing === undefined || standing instanceof Secret ? '' : textOf(standing);
}

/** @param type where an answer is needed the typing begins at once; not when the operator only looks around */
export function focused(state: WizardState, rows: readonly Row[], at: number, type = true): WizardState {
  const row = rows[Math.min(at, rows.length - 1)];
  const moved = withForm(state, {
    focus: row?.key ?? 'next',
    edit: undefined,
    first: undefined,
    revealed: undefined,
  });
  return type && isTyped(row) && row.missing ? begin(moved) : moved;
}

/** To the next section that asks something, after the last to the review; not past an answer that is missing. */
export function goOn(state: WizardState, dispatch: Dispatch): WizardState {
  const { rows } = formOf(state);
  const open = rows.findIndex((row) => row.kind === 'question' && row.missing);
  if (open >= 0) return { ...focused(state, rows, open), notice: 'This answer is required to continue.' };
  const held = heldAt(state, rows);
  if (held !== undefined) return held;
  const { form } = state;
  const next = askingSections(state).find((index) => index > form.section);
  if (next === undefined) {
    for (const index of askingSections(state)) {
      const other = { ...state, form: { ...form, section: index } };
      const there = heldAt(other, formOf(other).rows);
      if (there !== undefined) return there;
    }
    dispatch({ type: 'review', names: [] });
    return state;
  }
  return openForm(state, next, [...form.trail, form.section]);
}

/** @returns the form at an answer whose trial failed: it is held there every time, until it is changed or accepted by name */
function heldAt(state: WizardState, rows: readonly Row[]): WizardState | undefined {
  for (const row of rows) {
    const said = trialFailureOf(row, state.answered, state.form);
    if (said === undefined) continue;
    return {
      ...withForm(state, { focus: row.key, edit: undefined, revealed: undefined }),
      notice: 'This answer failed its test: enter another, or choose “Continue anyway” in the last row.',
    };
  }
  return undefined;
}

export function acceptingFailures(state: WizardState, rows: readonly Row[]): WizardState {
  const now = rows.flatMap((row) => {
    const said = trialFailureOf(row, state.answered, state.form);
    return said === undefined ? [] : [failureKey(row.key, said)];
  });
  return withForm(state, { accepted: new Set([...state.form.accepted, ...now]) });
}

/** @returns the form of a section, with the first row that needs the operator focused */
export function openForm(state: WizardState, section: number, trail: readonly number[]): WizardState {
  const opened = goTo(withForm(state, { section, trail, focus: '', edit: undefined }), 'questions');
  const { rows, at } = formOf(opened);
  return focused(opened, rows, at);
}

/** To the form before, from the first one to where it was opened. */
export function back(state: WizardState): WizardState {
  const { trail } = state.form;
  const before = trail.at(-1);
  return before === undefined ? goBack(state) : openForm(state, before, trail.slice(0, -1));
}

export function withForm(state: WizardState, change: Partial<FormState>): WizardState {
  return { ...state, form: { ...state.form, ...change } };
}
