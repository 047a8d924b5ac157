import { isGenerated, isSecret } from '../../../answers/values.ts';
import { type Key, motionOf, moved } from '../../kit/key.ts';
import type { Dispatch } from '../../state/intent.ts';
import type { WizardState } from '../../state/state.ts';
import type { Binding } from '../binding.ts';
import { acceptingFailures, back, begin, focused, goOn, questionAt, rowAt, withForm } from './moves.ts';
import { formOf, isTyped, type QuestionRow, type Row, sectionOf, trialFailureOf } from './rows.ts';
import { isAtText, isTwice, isTyping, leave, make, taken, typeAnswer, wouldMake } from './typing.ts';

/**
 * What keys do in a form. On an answer that is typed every character belongs to it, as in any form; letters are commands only
 * where there is nothing to type.
 */
export const QUESTION_KEYS: readonly Binding[] = [
  { on: ['enter', 'tab'], keys: 'Enter', does: takeWords, when: isTyping, press: taken },
  {
    on: ['escape'],
    does: 'cancel',
    help: 'cancel: keep the answer as it was',
    when: isTyping,
    press: (state) => withForm(state, { edit: undefined, first: undefined }),
  },
  { on: ['ctrl u'], does: 'clear', when: isTyping, hint: 'rare', press: typeAnswer },
  { on: ['up', 'backtab'], does: 'previous answer', when: isTyping, hint: 'never', press: leave(-1) },
  { on: ['down'], does: 'next answer', when: isTyping, hint: 'never', press: leave(1) },
  { on: ['enter'], does: enterWords, when: isChoosing, press: enter },
  {
    on: ['text'],
    keys: 'letters',
    does: 'replace',
    help: 'replace the answer by what you type; Esc cancels',
    when: (state) => isAtText(state) && isChoosing(state),
    hint: (state) => (questionAt(state)?.value === undefined ? 'never' : 'always'),
    press: (state, key) => typeAnswer(begin(state, true), key),
  },
  {
    on: ['left', 'right', 'backspace', 'delete', 'ctrl u'],
    keys: '← →',
    does: 'edit',
    when: (state) => isAtText(state) && isChoosing(state),
    hint: ifChanged,
    press: (state, key) => typeAnswer(begin(state), key),
  },
  { on: ['ctrl g'], does: 'generate', when: isAtText, hint: ifGenerated, press: make },
  { on: ['ctrl r'], does: revealWords, when: isAtText, hint: ifRevealed, press: reveal },
  {
    on: ['ctrl x'],
    does: 'skip',
    when: isAtText,
    hint: (state) => (questionAt(state)?.question.skippable === undefined ? 'never' : 'always'),
    press: skip,
  },
  {
    on: ['ctrl t'],
    does: 'try again',
    when: (state) => isAtText(state) && isChoosing(state),
    hint: (state) => (hasFailed(state) ? 'always' : 'never'),
    press(state, _, dispatch) {
      const row = questionAt(state);
      if (row?.question.trial && row.value !== undefined) dispatch({ type: 'try', id: row.key });
      return state;
    },
  },
  { on: [' '], does: spaceWords, when: (state) => hasChoice(rowAt(state)), press: choose },
  {
    on: ['y', 'n'],
    does: 'yes, no',
    when: (state) => saidOf(rowAt(state)) !== undefined,
    hint: 'rare',
    press: (state, key, dispatch) =>
      saidOf(rowAt(state)) === (key.text === 'y') ? state : choose(state, key, dispatch),
  },
  { on: ['escape'], does: 'back', when: isChoosing, press: back },
  {
    on: ['tab', 'backtab', 'up', 'down', 'pageup', 'pagedown', 'home', 'end'],
    keys: 'Tab ↑ ↓',
    does: 'move',
    when: (state) => isAtText(state) && isChoosing(state),
    hint: 'rare',
    press: moveIn,
  },
  {
    on: ['tab', 'backtab', 'move'],
    keys: 'Tab ↑ ↓ j k',
    does: 'move',
    when: (state) => !isAtText(state),
    hint: 'rare',
    press: moveIn,
  },
  {
    on: ['ctrl c'],
    does: 'save and quit',
    help: 'save and quit; your answers are kept, secrets are not',
    when: isAtText,
    hint: 'rare',
    // Everywhere it is asked before all bindings: it stands here to be named.
    press: (state) => state,
  },
];

function isChoosing(state: WizardState): boolean {
  return !isTyping(state);
}

/** Whether Space changes the row: another choice, or what it stands for. */
function hasChoice(row: Row | undefined): boolean {
  return row?.kind === 'group' || row?.kind === 'defaults' || (row?.kind === 'question' && !isTyped(row));
}

/** @returns what a row says that is answered by yes or no */
function saidOf(row: Row | undefined): boolean | undefined {
  if (row?.kind === 'group') return row.wanted;
  return row?.kind === 'question' && row.question.kind === 'confirm' ? row.value === true : undefined;
}

function ifGenerated(state: WizardState): 'always' | 'never' {
  const row = questionAt(state);
  if (row === undefined || !isGenerated(row.question) || row.source === 'host') return 'never';
  return state.answered.host.has(row.key) ? 'never' : 'always';
}

/** A secret is not changed in a place of it: nobody sees where. What failed is changed by Enter, too. */
function ifChanged(state: WizardState): 'always' | 'rare' | 'never' {
  const row = questionAt(state);
  if (row?.value === undefined || isSecret(row.question)) return 'never';
  return toType(state, row) ? 'rare' : 'always';
}

function ifRevealed(state: WizardState): 'always' | 'never' {
  const row = questionAt(state);
  if (row === undefined || !isSecret(row.question)) return 'never';
  return isTyping(state) || state.answered.made.has(row.key) ? 'always' : 'never';
}

function hasFailed(state: WizardState): boolean {
  const row = questionAt(state);
  return row !== undefined && trialFailureOf(row, state.answered, state.form) !== undefined;
}

function revealWords(state: WizardState): string {
  return state.form.revealed === questionAt(state)?.key ? 'hide' : 'show';
}

function takeWords(state: WizardState): string {
  const row = questionAt(state);
  if (row === undefined) return 'accept';
  if (wouldMake(state, row)) return 'generate';
  return isTwice(state, row) && state.form.first === undefined ? 'accept, then repeat' : 'accept';
}

function enterWords(state: WizardState): string {
  const row = rowAt(state);
  if (row?.kind === 'next') return 'next';
  if (row?.kind === 'offer') return 'show';
  if (row?.kind !== 'question' || !toType(state, row)) return 'next';
  return row.value === undefined ? 'type' : 'edit';
}

function spaceWords(state: WizardState): string {
  const row = rowAt(state);
  if (row?.kind === 'group') return row.wanted ? 'skip' : 'set up';
  return row?.kind === 'defaults' ? 'show each' : 'switch';
}

/** As in every list, and Tab. */
function moveIn(state: WizardState, key: Key): WizardState {
  const { rows, at } = formOf(state);
  const motion = key.name === 'tab' ? 'down' : key.name === 'backtab' ? 'up' : motionOf(key);
  return motion === undefined ? state : focused(state, rows, moved(at, motion, rows.length - 1, 8), false);
}

function enter(state: WizardState, _: Key, dispatch: Dispatch): WizardState {
  const { rows, at } = formOf(state);
  const row = rows[at];
  if (row?.kind === 'next')
    return goOn(row.failed === undefined ? state : acceptingFailures(state, rows), dispatch);
  if (row?.kind === 'offer') {
    dispatch({ type: 'offer', id: row.id });
    return state;
  }
  if (row?.kind === 'question') {
    if (toType(state, row)) return begin(state);
    if (row.value !== undefined && row.question.trial) dispatch({ type: 'try', id: row.question.id });
  }
  return focused(state, rows, at + 1);
}

function choose(state: WizardState, _: Key, dispatch: Dispatch): WizardState {
  const row = rowAt(state);
  if (row?.kind === 'defaults')
    return withForm(state, {
      expanded: new Set([...state.form.expanded, sectionOf(state).id]),
      focus: row.values[0]?.question.id ?? '',
    });
  if (row?.kind === 'group') {
    dispatch({ type: 'set-up', group: row.group, wanted: !row.wanted });
    return row.wanted ? state : atFirstOpen(state, row.group);
  }
  if (row?.kind === 'question')
    dispatch({ type: 'give', id: row.question.id, given: { kind: 'value', value: nextChoice(row) } });
  return state;
}

/**
 * To the first answer that an integration needs: what is typed next goes into it. Its rows are there before the answers are
 * collected again, so that no key in between is taken for a command.
 */
function atFirstOpen(state: WizardState, group: string): WizardState {
  const wanted = new Map([...state.answered.wanted, [group, true] as const]);
  const on = { ...state, answered: { ...state.answered, wanted } };
  const { rows } = formOf(on);
  const at = rows.findIndex(
    (row) =>
      row.kind === 'question' &&
      row.question.group === group &&
      row.value === undefined &&
      row.question.default === undefined,
  );
  if (at < 0) return on;
  const there = focused(on, rows, at, false);
  return isTyped(rows[at]) ? begin(there) : there;
}

function skip(state: WizardState, _: Key, dispatch: Dispatch): WizardState {
  const { rows, at } = formOf(state);
  const question = questionAt(state)?.question;
  if (question === undefined) return state;
  if (question.skippable === undefined) return { ...state, notice: 'This answer is needed.' };
  const { group } = question;
  // Others are not asked without it: with it, all of them are skipped.
  if (group !== undefined && sectionOf(state).questions.some((each) => each.with === question.id))
    dispatch({ type: 'set-up', group, wanted: false });
  else dispatch({ type: 'give', id: question.id, given: { kind: 'skip' } });
  return focused(state, rows, at + 1);
}

/** What is typed here, or was generated here, is its owner's to see; what was given before is not shown again. */
function reveal(state: WizardState): WizardState {
  const row = questionAt(state);
  if (row === undefined || !isSecret(row.question)) return state;
  if (!isTyping(state) && !state.answered.made.has(row.key))
    return {
      ...state,
      notice: 'Only a secret that you are typing, or that was generated here, can be shown.',
    };
  return withForm(state, { revealed: state.form.revealed === row.key ? undefined : row.key });
}

/** Whether Enter types: an answer that is needed, or that failed when it was tried and is not to be kept as it is. */
function toType({ answered, form }: WizardState, row: QuestionRow): boolean {
  return isTyped(row) && (row.missing || trialFailureOf(row, answered, form) !== undefined);
}

function nextChoice({ question, value }: QuestionRow): string | boolean {
  if (question.kind === 'confirm') return value !== true;
  const values = (question.choices ?? []).map((each) => each.value);
  const at = typeof value === 'string' ? values.indexOf(value) : -1;
  return values[(at + 1) % values.length] ?? '';
}
