import { count, duration } from '../../output/duration.ts';
import { effectsOf } from '../../reporters/effects.ts';
import { counted, type PlanEntry } from '../../reporters/plan-view.ts';
import { type Motion, motionOf } from '../kit/key.ts';
import { cutLines, type Line, paragraph, span } from '../kit/line.ts';
import { goBack } from '../state/navigation.ts';
import type { ReviewState, Want, WizardState } from '../state/state.ts';
import type { Screen } from './screen.ts';

/** The one question before anything is changed: what will happen, and yes or no. */
export const confirmScreen: Screen = {
  title: () => 'Before anything is changed',

  lines(state, size) {
    const { review: shown } = state;
    if (shown === undefined) return [];
    const head = [
      ...paragraph(questionOf(shown), size.columns, 'strong'),
      [],
      choice('Yes, apply them now', state.confirm.yes),
      choice('No, back to the review', !state.confirm.yes),
      [],
    ];
    const all = consequenceLines(shown, size.columns);
    return [...head, ...cutLines(all, size.rows - head.length, size.columns, '  ? shows all')];
  },

  about: ({ review: shown }, columns) => (shown === undefined ? [] : consequenceLines(shown, columns)),

  bindings: [
    {
      on: ['enter'],
      does: ({ confirm }) => (confirm.yes ? 'apply' : 'back'),
      press: (state, _, want) => (state.confirm.yes ? agreed(state, want) : goBack(state)),
    },
    {
      on: ['move'],
      does: 'yes or no',
      press: (state, key) => ({ ...state, confirm: { yes: UPWARDS.has(motionOf(key)) } }),
    },
    {
      on: ['tab', 'backtab'],
      does: 'the other answer',
      hint: 'rare',
      press: (state) => ({ ...state, confirm: { yes: !state.confirm.yes } }),
    },
    { on: ['escape'], does: 'back', press: goBack },
    { on: ['y'], does: 'yes', hint: 'rare', press: (state, _, want) => agreed(state, want) },
    { on: ['n'], does: 'no', hint: 'rare', press: goBack },
  ],
};

const UPWARDS: ReadonlySet<Motion | undefined> = new Set(['up', 'home', 'pageup']);

function agreed(state: WizardState, want: Want): WizardState {
  if (state.review === undefined) return goBack(state);
  want({ type: 'apply' });
  return state;
}

function choice(words: string, focused: boolean): Line {
  return [span(focused ? '› ' : '  ', 'accent'), span(words, focused ? 'selected' : 'plain')];
}

/** @returns what is applied: the operator's files that are excluded are no part of it */
export function applied({ entries, excluded }: ReviewState): readonly PlanEntry[] {
  return entries.filter(({ operation }) => !excluded.has(operation));
}

function questionOf(shown: ReviewState): string {
  const entries = applied(shown);
  if (shown.task) return `${shown.task.title}: ${counted(entries)} on this host?`;
  const sections = new Set(entries.map(({ section }) => section)).size;
  return `Apply ${count(entries.length, 'change')} in ${count(sections, 'section')} to this host?`;
}

function consequenceLines(shown: ReviewState, columns: number): readonly Line[] {
  return consequencesOf(shown).flatMap(({ text, warns }) =>
    paragraph(text, columns, warns ? 'warn' : 'plain', '  '),
  );
}

function consequencesOf(shown: ReviewState): readonly { readonly text: string; readonly warns?: true }[] {
  const entries = applied(shown);
  const excluded = shown.entries.length - entries.length;
  return [
    ...effectsOf(entries).map((text) => ({ text })),
    ...(shown.estimate === undefined || shown.estimate < 1000
      ? []
      : [{ text: `It takes about ${duration(shown.estimate)}, by earlier runs.` }]),
    ...(excluded === 0 ? [] : [{ text: `${count(excluded, 'file')} of yours stays as it is in this run.` }]),
    ...irreversible(entries),
    ...(shown.task?.notices ?? []).map((text) => ({ text })),
    { text: wayBack(shown) },
  ];
}

function wayBack({ task }: ReviewState): string {
  return task?.request.kind === 'procedure'
    ? 'If a step or the proof fails, or Ctrl-C stops it, the old state is brought back.'
    : 'All else `studio-setup undo` can take back. Ctrl-C stops it after the step that is at work.';
}

/** Those with the same reason together: of packages there are several. */
function irreversible(entries: readonly PlanEntry[]): readonly { text: string; warns: true }[] {
  const byReason = new Map<string, number>();
  for (const { irreversible: reason } of entries)
    if (reason !== undefined) byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
  return [...byReason].map(([reason, number]) => ({
    text: `Can’t be undone (${count(number, 'change')}): ${reason}.`,
    warns: true,
  }));
}
