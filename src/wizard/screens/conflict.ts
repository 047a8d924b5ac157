import type { Conflict } from '../../engine/operation.ts';
import { motionOf } from '../key.ts';
import { type Line, line, paragraph } from '../line.ts';
import type { Screen } from '../screen.ts';
import { findInText } from '../scrolled.ts';
import type { State } from '../state.ts';
import { bodyOf, textMoved, textWindow } from '../window.ts';
import { diffLines } from './review.ts';

/** A file of the operator's that would be replaced: shown three ways, and decided here. */
export const conflict: Screen = {
  title: (state) => (state.conflict?.at.conflict.doubts === undefined ? 'Edited by hand' : 'Needs your word'),

  lines(state, size) {
    return textWindow(linesOf(state, size.columns), state.conflict?.scroll ?? 0, size.rows);
  },

  hints: () => [
    { keys: 'k', does: 'keep yours' },
    { keys: 'o', does: 'replace' },
    { keys: 'e', does: 'edit it' },
    { keys: 'Esc', does: 'back' },
  ],

  press(state, key, want) {
    const shown = state.conflict;
    if (shown === undefined) return { ...state, screen: 'review' };
    if (key.name === 'escape') return { ...state, screen: 'review' };
    const { operation, conflict: found } = shown.at;
    switch (key.text) {
      case 'k':
        if (state.review?.errand?.mayKeep === false)
          return { ...state, notice: 'It can’t be done around your file: replace it, or edit it.' };
        want({ type: 'keep', operation });
        return { ...state, screen: 'review', notice: 'Yours is kept in this run. The next one asks again.' };
      case 'o':
        want({ type: 'replace', path: found.path });
        return { ...state, screen: 'review' };
      case 'e':
        want({ type: 'edit-file', path: found.path });
        return { ...state, screen: 'review' };
    }
    const motion = motionOf(key);
    if (motion === undefined) return state;
    const { columns, rows } = bodyOf(state.size);
    const { length } = linesOf(state, columns);
    return { ...state, conflict: { at: shown.at, scroll: textMoved(shown.scroll, motion, length, rows) } };
  },

  find: findInText(linesOf, {
    get: (state) => state.conflict?.scroll ?? 0,
    set: (state, scroll) =>
      state.conflict ? { ...state, conflict: { at: state.conflict.at, scroll } } : state,
  }),
};

function linesOf(state: State, columns: number): readonly Line[] {
  if (state.conflict === undefined) return [];
  const { at, conflict: found } = state.conflict.at;
  return [
    ...paragraph(at, columns, 'strong'),
    ...whyLines(found, columns),
    [],
    line('What replacing it would change (the journal keeps yours)', 'strong'),
    ...diffLines(found.diff, columns),
  ];
}

function whyLines({ path, doubts, edited }: Conflict, columns: number): readonly Line[] {
  if (doubts !== undefined)
    return [
      ...paragraph(
        `${path} would come from the checkout, which another account than root can change. It is not installed without your word:`,
        columns,
      ),
      ...doubts.flatMap((doubt) => paragraph(`- ${doubt}`, columns, 'warn')),
    ];
  return [
    ...paragraph(`${path} was edited by hand. Nothing is overwritten without your word.`, columns),
    [],
    ...(edited === undefined
      ? paragraph(
          'What you changed is not known: studio-setup did not write it, or keeps no copy because it holds secrets.',
          columns,
          'dim',
        )
      : [line('What you changed since studio-setup wrote it', 'strong'), ...diffLines(edited, columns)]),
  ];
}
