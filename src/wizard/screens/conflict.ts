import { motionOf, moved } from '../key.ts';
import { type Line, line, paragraph } from '../line.ts';
import type { Screen } from '../screen.ts';
import { findInText } from '../scrolled.ts';
import type { State } from '../state.ts';
import { diffLines } from './review.ts';

/** A file of the operator's that would be replaced: shown three ways, and decided here. */
export const conflict: Screen = {
  title: () => 'Edited by hand',

  lines(state, size) {
    const all = linesOf(state, size.columns);
    const from = Math.min(state.conflict?.scroll ?? 0, Math.max(0, all.length - size.rows));
    return all.slice(from, from + size.rows);
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
    const last = Math.max(0, linesOf(state, state.size.columns).length - 5);
    return { ...state, conflict: { at: shown.at, scroll: moved(shown.scroll, motion, last, 12) } };
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
    ...paragraph(`${found.path} was edited by hand. Nothing is overwritten without your word.`, columns),
    [],
    ...(found.edited === undefined
      ? paragraph(
          'What you changed is not known: studio-setup did not write it, or keeps no copy because it holds secrets.',
          columns,
          'dim',
        )
      : [line('What you changed since studio-setup wrote it', 'strong'), ...diffLines(found.edited)]),
    [],
    line('What replacing it would change (the journal keeps yours)', 'strong'),
    ...diffLines(found.diff),
  ];
}
