import { count, duration } from '../../../output/duration.ts';
import { effectsOf } from '../../../reporters/effects.ts';
import { counted } from '../../../reporters/plan-view.ts';
import { type Block, RULE, text } from '../../view/block.ts';
import type { Screen } from '../screen.ts';
import { REVIEW_KEYS, withReview } from './keys.ts';
import { outlineOf, rowAt } from './outline.ts';
import { applied, type ReviewState } from './state.ts';

export const reviewScreen: Screen<'review'> = {
  initial: () => ({ review: undefined }),

  title({ review: shown }) {
    if (shown === undefined) return 'Review';
    const { entries, task } = shown;
    if (task) return `${task.title}: ${counted(entries)}`;
    const sections = new Set(entries.map(({ section }) => section)).size;
    const departures = new Set(entries.flatMap((entry) => entry.departures)).size;
    const tail = departures === 0 ? '' : `, ${count(departures, 'departure')} (≠)`;
    return `Review: ${count(entries.length, 'change')} in ${count(sections, 'section')}${tail}`;
  },

  view(state) {
    const { review: shown } = state;
    return { blocks: shown === undefined ? [] : [outlineOf(state, shown), ...footOf(shown)] };
  },

  bindings: REVIEW_KEYS,

  find: {
    texts: (state) => (rowAt(state)?.rows ?? []).map(({ line }) => line.map((each) => each.text).join('')),
    at: (state) => state.review?.selected ?? 0,
    go: (state, index) => withReview(state, { selected: index }),
  },

  /** Texts take other numbers of rows: the selection stays on the change where it was. */
  resized(state, before) {
    const item = rowAt({ ...state, size: before })?.item;
    const selected = rowAt(state)?.rows.findIndex((row) => row.item === item) ?? -1;
    return selected < 0 ? state : withReview(state, { selected });
  },
};

function footOf(shown: ReviewState): readonly Block[] {
  if (shown.entries.length === 0) return [];
  const { estimate } = shown;
  const time =
    estimate === undefined || estimate < 1000 ? '' : `  About ${duration(estimate)} by earlier runs.`;
  return [RULE, { ...text(`${effectsOf(applied(shown)).join(' ')}${time}`, { tone: 'dim' }), most: 2 }];
}
