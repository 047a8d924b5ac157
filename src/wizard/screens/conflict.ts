import type { Conflict } from '../../engine/operation.ts';
import type { Key } from '../kit/key.ts';
import type { Dispatch, Intent } from '../state/intent.ts';
import { goBack } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import { type Block, GAP, text, type View } from '../view/block.ts';
import { findInText, type Scroll, scrolling } from './long-text.ts';
import type { ConflictAt } from './review/state.ts';
import type { Screen } from './screen.ts';

declare module '../state/state.ts' {
  interface ScreenParts {
    conflict: { readonly conflict: { readonly at: ConflictAt; readonly scroll: number } | undefined };
  }
}

const SCROLL: Scroll = {
  get: (state) => state.conflict?.scroll ?? 0,
  set: (state, scroll) =>
    state.conflict ? { ...state, conflict: { at: state.conflict.at, scroll } } : state,
};

/** A file of the operator's that would be replaced: shown three ways, and decided here. */
export const conflictScreen: Screen<'conflict'> = {
  initial: () => ({ conflict: undefined }),

  title: ({ conflict }) => {
    const { doubts, changedBy } = conflict?.at.conflict ?? {};
    if (doubts !== undefined) return 'Needs your decision';
    return changedBy === undefined ? 'Edited by hand' : 'Changed by a later run';
  },

  view: viewOf,

  bindings: [
    {
      on: ['k'],
      does: (state) => (isUndo(state) ? 'leave as it is' : 'keep yours'),
      hint: (state) => (mayKeep(state) ? 'always' : 'never'),
      press: keep,
    },
    {
      on: ['m'],
      does: 'always',
      hint: (state) => (mayKeep(state) ? 'always' : 'never'),
      help: 'keep yours for good: later runs do not touch the file, unless you pass --overwrite PATH',
      when: (state) => state.conflict?.at.conflict.doubts === undefined && !isUndo(state),
      press: (state, _, dispatch) =>
        mayKeep(state)
          ? decided(state, dispatch, (path) => ({ type: 'keep-for-good', path }))
          : refusedToKeep(state),
    },
    {
      on: ['o'],
      does: replaceWords,
      press: (state, _, dispatch) => decided(state, dispatch, (path) => ({ type: 'replace', path })),
    },
    {
      on: ['e'],
      does: 'edit',
      press: (state, _, dispatch) => decided(state, dispatch, (path) => ({ type: 'edit-file', path })),
    },
    { on: ['escape'], does: 'back', press: goBack },
    scrolling(viewOf, SCROLL),
  ],

  find: findInText(viewOf, SCROLL),
};

function keep(state: WizardState, _: Key, dispatch: Dispatch): WizardState {
  if (state.conflict === undefined) return goBack(state);
  if (!mayKeep(state)) return refusedToKeep(state);
  dispatch({ type: 'keep', operation: state.conflict.at.operation });
  const notice = isUndo(state)
    ? 'This undo leaves the file as it is.'
    : 'This run keeps your file. The next run asks again.';
  return { ...goBack(state), notice };
}

/** Whether the file is no longer as the run left it that is undone. */
function isUndo({ review }: WizardState): boolean {
  return review?.task?.request.kind === 'undo';
}

function replaceWords(state: WizardState): string {
  if (!isUndo(state)) return 'replace';
  return state.conflict?.at.conflict.removed ? 'remove' : 'put back';
}

function mayKeep({ review }: WizardState): boolean {
  return review?.task?.mayKeep !== false;
}

function refusedToKeep(state: WizardState): WizardState {
  return { ...state, notice: "This task can't leave your file as it is: replace it, or edit it." };
}

function decided(state: WizardState, dispatch: Dispatch, intent: (path: string) => Intent): WizardState {
  if (state.conflict !== undefined) dispatch(intent(state.conflict.at.conflict.path));
  return goBack(state);
}

function viewOf(state: WizardState): View {
  const { conflict: shown } = state;
  if (shown === undefined) return { blocks: [], scroll: 0 };
  const { at, conflict: found } = shown.at;
  const undo = isUndo(state);
  const heading = undo
    ? 'What undo would change (a copy of the current file is kept)'
    : 'What replacing the file would change (a copy of yours is kept)';
  const blocks: readonly Block[] = [
    text(at, { tone: 'strong' }),
    ...(undo ? undoBlocks(found) : whyBlocks(found)),
    GAP,
    text(heading, { tone: 'strong' }),
    { kind: 'diff', diff: found.diff },
  ];
  return { blocks, scroll: shown.scroll };
}

function undoBlocks({ path, changedBy, removed }: Conflict): readonly Block[] {
  return [
    text(
      changedBy === undefined
        ? `${path} was edited by hand after the run that you undo.`
        : `${path} was changed again by ${changedBy}, after the run that you undo.`,
    ),
    text(
      removed
        ? 'Undo removes the file: before that run it was not there.'
        : 'Undo puts back what the file was before that run.',
      { tone: 'warn' },
    ),
  ];
}

function whyBlocks({ path, doubts, edited }: Conflict): readonly Block[] {
  if (doubts !== undefined)
    return [
      text(
        `${path} comes from the checkout, which an account other than root can change. It is not installed unless you choose to replace it:`,
      ),
      ...doubts.map((doubt) => text(`- ${doubt}`, { tone: 'warn' })),
    ];
  return [
    text(`${path} was edited by hand. It is not overwritten unless you choose to replace it.`),
    GAP,
    ...(edited === undefined
      ? [
          text(
            "Your changes can't be shown: studio-setup did not write this file, or keeps no copy because it contains secrets.",
            { tone: 'dim' },
          ),
        ]
      : [
          text('What you changed since studio-setup wrote it', { tone: 'strong' }),
          { kind: 'diff' as const, diff: edited },
        ]),
  ];
}
