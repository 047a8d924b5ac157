import { count } from '../../../output/duration.ts';
import { counted } from '../../../reporters/plan-view.ts';
import type { Screen } from '../screen.ts';
import { REVIEW_KEYS, withReview } from './keys.ts';
import { outlineOf, rowAt } from './outline.ts';

export const reviewScreen: Screen<'review'> = {
  initial: () => ({ review: undefined }),

  title({ review: shown }) {
    if (shown === undefined) return 'Review';
    const { entries, task } = shown;
    if (task) return `${task.title}: ${counted(entries)}`;
    const sections = new Set(entries.map(({ section }) => section)).size;
    const departures = new Set(entries.flatMap((entry) => entry.departures)).size;
    const tail = departures === 0 ? '' : `, ${count(departures, 'departure')} (≠)`;
    return `Review: ${counted(entries)} in ${count(sections, 'section')}${tail}`;
  },

  view(state) {
    const { review: shown } = state;
    return { blocks: shown === undefined ? [] : [outlineOf(state, shown)] };
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
