import type { Key } from '../kit/key.ts';
import { type Line, line, paragraph } from '../kit/line.ts';
import { textWindow } from '../kit/window.ts';
import { goBack } from '../state/navigation.ts';
import type { Intent, Want, WizardState } from '../state/state.ts';
import { findInText, type Scroll, scrolling } from './long-text.ts';
import { diffLines } from './review.ts';
import type { Screen } from './screen.ts';

const SCROLL: Scroll = {
  get: (state) => state.conflict?.scroll ?? 0,
  set: (state, scroll) =>
    state.conflict ? { ...state, conflict: { at: state.conflict.at, scroll } } : state,
};

/** A file of the operator's that would be replaced: shown three ways, and decided here. */
export const conflictScreen: Screen = {
  title: () => 'Edited by hand',

  lines(state, size) {
    return textWindow(linesOf(state, size.columns), state.conflict?.scroll ?? 0, size.rows);
  },

  bindings: [
    { on: ['k'], does: 'keep yours', press: keep },
    {
      on: ['o'],
      does: 'replace',
      press: (state, _, want) => decided(state, want, (path) => ({ type: 'replace', path })),
    },
    {
      on: ['e'],
      does: 'edit it',
      press: (state, _, want) => decided(state, want, (path) => ({ type: 'edit-file', path })),
    },
    { on: ['escape'], does: 'back', press: goBack },
    scrolling(linesOf, SCROLL),
  ],

  find: findInText(linesOf, SCROLL),
};

function keep(state: WizardState, _: Key, want: Want): WizardState {
  if (state.conflict === undefined) return goBack(state);
  if (state.review?.task?.mayKeep === false)
    return { ...state, notice: 'It can’t be done around your file: replace it, or edit it.' };
  want({ type: 'keep', operation: state.conflict.at.operation });
  return { ...goBack(state), notice: 'Yours is kept in this run. The next one asks again.' };
}

function decided(state: WizardState, want: Want, intent: (path: string) => Intent): WizardState {
  if (state.conflict !== undefined) want(intent(state.conflict.at.conflict.path));
  return goBack(state);
}

function linesOf(state: WizardState, columns: number): readonly Line[] {
  if (state.conflict === undefined) return [];
  const { at, conflict: found } = state.conflict.at;
  return [
    ...paragraph(at, columns, 'strong'),
    ...paragraph(`${found.path} was edited by hand. Nothing is overwritten without your word.`, columns),
    [],
    ...(found.edited === undefined
      ? paragraph(
          'What you changed is not known: studio-setup did not write it, or keeps no copy because it holds secrets.',
          columns,
          'dim',
        )
      : [
          line('What you changed since studio-setup wrote it', 'strong'),
          ...diffLines(found.edited, columns),
        ]),
    [],
    line('What replacing it would change (the journal keeps yours)', 'strong'),
    ...diffLines(found.diff, columns),
  ];
}
