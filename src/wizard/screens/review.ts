import { count, duration } from '../../output/duration.ts';
import { effectsOf } from '../../reporters/effects.ts';
import { counted, type PlanEntry } from '../../reporters/plan-view.ts';
import { motionOf, moved } from '../key.ts';
import { cells, cutLine, cutLines, type Line, line, paragraph, span, type Tone, wrapText } from '../line.ts';
import type { Screen } from '../screen.ts';
import type { ConflictAt, ReviewState, ScreenName, State, Want } from '../state.ts';
import { bodyOf, listWindow } from '../window.ts';
import { applied } from './confirm.ts';

const SIGNS: Readonly<Record<PlanEntry['kind'], readonly [string, Tone]>> = {
  create: ['+', 'good'],
  update: ['~', 'warn'],
  run: ['▸', 'accent'],
  later: ['▸', 'dim'],
};

/** What Enter does on the row that is no change: the first, where the review begins. */
type Action = 'apply' | 'decide' | 'check';

interface Row {
  readonly line: Line;
  readonly action?: Action;
  readonly section?: string;
  readonly entry?: PlanEntry;
  readonly conflict?: ConflictAt;
}

export const review: Screen = {
  title({ review: shown }) {
    if (shown === undefined) return 'Review';
    const { entries, errand } = shown;
    if (errand) return `${errand.title}: ${counted(entries)}`;
    const sections = new Set(entries.map(({ section }) => section)).size;
    const departures = new Set(entries.flatMap((entry) => entry.departures)).size;
    const tail = departures === 0 ? '' : `, ${count(departures, 'departure')} (≠)`;
    return `Review: ${count(entries.length, 'change')} in ${count(sections, 'section')}${tail}`;
  },

  lines(state, size) {
    const { review: shown } = state;
    if (shown === undefined) return [];
    const rows = rowsOf(state, shown, size.columns);
    const at = Math.min(shown.selected, rows.length - 1);
    const foot = footOf(shown, size.columns);
    const list = listWindow(
      rows.map(
        ({ line: text }, index): Line => [
          span(index === at ? '›' : ' ', 'accent'),
          ...(index === at ? text.map((each) => ({ ...each, tone: bright(each.tone) })) : text),
        ],
      ),
      at,
      size.rows - foot.length,
    );
    // Only those that are shown: with all differences open there are thousands.
    return [...list.map((each) => cutLine(each, size.columns)), ...foot];
  },

  hints(state) {
    const { review: shown } = state;
    if (shown && shown.problems.length > 0)
      return [
        { keys: 'r', does: 'look again' },
        ...(shown.errand ? [] : [{ keys: 'e', does: 'edit answers' }]),
        { keys: '!', does: 'shell' },
        { keys: 'Esc', does: 'back' },
      ];
    const row = shown ? rowAt(state, shown).row : undefined;
    return [
      { keys: 'Enter', does: enterWords(shown, row) },
      ...(row?.action === 'apply' ? [] : [{ keys: 'a', does: 'apply all' }]),
      { keys: 'Space', does: 'open, close', rare: true },
      { keys: 'Esc', does: 'back' },
      ...(shown?.errand
        ? []
        : [
            { keys: 'e', does: 'answers' },
            { keys: 's', does: 'script' },
            { keys: 'f', does: 'from here' },
          ]),
      { keys: '*', does: 'all diffs', rare: true },
    ];
  },

  press(state, key, want) {
    const { review: shown } = state;
    if (shown === undefined) return { ...state, screen: 'overview' };
    const { rows, at, row } = rowAt(state, shown);
    const motion = motionOf(key);
    if (motion !== undefined) return withReview(state, { selected: moved(at, motion, rows.length - 1, 15) });
    if (key.name === 'escape') return { ...state, screen: before(shown) };
    if (key.name === 'enter' && row?.action === undefined && (row?.entry ?? row?.section) !== undefined) {
      const conflict = unresolved(shown).find(({ operation }) => operation === row?.conflict?.operation);
      return conflict ? decide(state, conflict) : folded(state, shown, row);
    }
    if (key.name === 'enter' || key.text === 'a') return begin(state, shown, want);
    if (key.name === 'left' || key.name === 'right' || key.text === ' ') return folded(state, shown, row);
    if (key.text === 'r') {
      want(
        shown.errand ? { type: 'errand', asked: shown.errand.asked } : { type: 'review', names: shown.names },
      );
      return state;
    }
    if (shown.errand && /^[efs]$/.test(key.text)) return state;
    switch (key.text) {
      case '*': {
        const all = shown.entries.map(({ operation }) => operation);
        return withReview(state, { opened: new Set(shown.opened.size === all.length ? [] : all) });
      }
      case 'f':
        return fromHere(state, row, want);
      case 's':
        want({ type: 'script' });
        return state;
      case '!':
        want({ type: 'shell' });
        return state;
      case 'e': {
        const index = state.sections.findIndex(({ id }) => id === (row?.entry?.section ?? row?.section));
        const asks = (state.sections[index]?.questions.length ?? 0) > 0;
        const overview = { ...state.overview, selected: Math.max(0, index) };
        return asks || index < 0
          ? { ...state, screen: 'overview', overview, notice: 'e opens the answers of the selected section.' }
          : { ...state, notice: 'That section asks nothing.' };
      }
      default:
        return state;
    }
  },

  find: {
    texts: (state) =>
      state.review
        ? rowsOf(state, state.review, bodyOf(state.size).columns).map(({ line: text }) =>
            text.map((each) => each.text).join(''),
          )
        : [],
    at: (state) => state.review?.selected ?? 0,
    go: (state, index) => withReview(state, { selected: index }),
  },

  /** Texts take other numbers of rows: the selection stays on the change where it was. */
  resized(state, before) {
    const { review: shown } = state;
    if (shown === undefined) return state;
    const { row } = rowAt({ ...state, size: before }, shown);
    const at = rowsOf(state, shown, bodyOf(state.size).columns).findIndex(
      ({ entry, section }) => entry === row?.entry && section === row?.section,
    );
    return at < 0 ? state : withReview(state, { selected: at });
  },
};

/** @returns the operator's files that are still to be decided on */
function unresolved({ conflicts, kept }: ReviewState): readonly ConflictAt[] {
  return conflicts.filter(({ operation }) => !kept.has(operation));
}

function actionOf(shown: ReviewState): Action {
  if (unresolved(shown).length > 0) return 'decide';
  if (shown.errand?.mayDoNothing) return 'apply';
  return applied(shown).length === 0 ? 'check' : 'apply';
}

const ACTIONS: Readonly<Record<Action, (shown: ReviewState) => string>> = {
  apply: (shown) =>
    applied(shown).length === 0 && shown.errand
      ? shown.errand.nothing
      : `Apply all: ${counted(applied(shown))}`,
  decide: (shown) => {
    const files = unresolved(shown);
    const edited = files.every(({ conflict }) => conflict.doubts === undefined);
    return `Decide on ${count(files.length, 'file')}${edited ? ' edited by hand' : ''}`;
  },
  check: ({ entries, errand }) =>
    errand
      ? `${errand.nothing} Check the site`
      : entries.length === 0
        ? 'Everything is as wanted: there is nothing to change. Check the site'
        : 'All of it stays as it is. Check the site',
};

const ACTION_TONES: Readonly<Record<Action, Tone>> = { apply: 'strong', decide: 'warn', check: 'good' };

/** Where the review was asked for: what was typed there still stands. */
function before({ errand }: ReviewState): ScreenName {
  if (errand === undefined) return 'overview';
  if (errand.asked.kind === 'undo') return 'runs';
  return errand.asked.kind === 'procedure' && errand.asked.id === 'change-domain' ? 'domain' : 'menu';
}

function enterWords(shown: ReviewState | undefined, row: Row | undefined): string {
  if (row?.action === 'apply') return 'apply all';
  if (row?.action === 'check') return 'check the site';
  if (row?.action === 'decide') return 'decide';
  if (row?.conflict && shown && !shown.kept.has(row.conflict.operation)) return 'decide';
  const open = row?.entry
    ? shown?.opened.has(row.entry.operation)
    : row?.section !== undefined && shown?.folded.has(row.section) !== true;
  return open ? 'close' : 'open';
}

/** Nothing is changed by it: to the files that are to be decided on, or to the one question before a run. */
function begin(state: State, shown: ReviewState, want: Want): State {
  const [conflict] = unresolved(shown);
  if (conflict) return decide(state, conflict);
  if (shown.problems.length > 0)
    return { ...state, notice: 'Nothing can start before this is mended. r looks again.' };
  if (actionOf(shown) === 'apply') return { ...state, screen: 'confirm', confirm: { yes: true } };
  want({ type: 'check' });
  return state;
}

function decide(state: State, at: ConflictAt): State {
  return { ...state, screen: 'conflict', conflict: { at, scroll: 0 } };
}

function rowAt(state: State, shown: ReviewState) {
  const rows = rowsOf(state, shown, bodyOf(state.size).columns);
  const at = Math.min(shown.selected, rows.length - 1);
  return { rows, at, row: rows[at] };
}

function bright(tone: Tone): Tone {
  return tone === 'plain' || tone === 'dim' ? 'strong' : tone;
}

function rowsOf(state: State, shown: ReviewState, columns: number): readonly Row[] {
  const width = columns - 4;
  const problems: Row[] = shown.problems.flatMap(({ at, problem }) => [
    { line: line(`✗ ${at ?? problem.what}`, 'bad') },
    ...(at === undefined ? [] : paragraph(problem.what, width)).map((text) => ({
      line: [span('  '), ...text],
    })),
    ...(problem.detail ?? []).flatMap((each) =>
      paragraph(each, width, 'dim').map((text) => ({ line: [span('    '), ...text] })),
    ),
    ...paragraph(`What to do: ${problem.remedy}`, width).map((text) => ({ line: [span('  '), ...text] })),
  ]);
  const action = actionOf(shown);
  const rows: Row[] =
    problems.length > 0
      ? problems
      : [{ action, line: line(` ${ACTIONS[action](shown)}`, ACTION_TONES[action]) }];
  for (const notice of [...(shown.errand?.notices ?? []), ...irreversibleOf(shown)])
    rows.push(...paragraph(`! ${notice}`, width, 'warn', '  ').map((text) => ({ line: text })));
  for (const section of shown.errand?.sections ?? state.sections) {
    const own = shown.entries.filter((entry) => entry.section === section.id);
    if (own.length === 0) continue;
    const closed = shown.folded.has(section.id);
    rows.push({
      section: section.id,
      line: [
        span(closed ? '▸ ' : '▾ ', 'dim'),
        span(section.title, 'strong'),
        span(`  ${counted(own)}`, 'dim'),
      ],
    });
    if (!closed) for (const entry of own) rows.push(...entryRows(shown, entry, width));
  }
  return rows;
}

function irreversibleOf({ errand }: ReviewState): readonly string[] {
  return (errand?.irreversible ?? []).map(({ what, why }) => `Stays, as it can’t be undone: ${what}: ${why}`);
}

function entryRows(shown: ReviewState, entry: PlanEntry, width: number): readonly Row[] {
  const [sign, tone] = SIGNS[entry.kind];
  const conflict = shown.conflicts.find(({ operation }) => operation === entry.operation);
  const kept = shown.kept.has(entry.operation);
  const at = { section: entry.section, entry, ...(conflict ? { conflict } : {}) };
  const text = entry.summary.startsWith(entry.title) ? entry.summary : `${entry.title}: ${entry.summary}`;
  const what = entry.kind === 'run' || entry.kind === 'later' ? text : entry.summary;
  const after = entry.after === undefined ? '' : `  (${entry.after})`;
  // What warns is never cut off for the sake of what a change is.
  const marks: Line = [
    span(entry.departures.length > 0 ? '  ≠' : '', 'accent'),
    span(entry.irreversible === undefined ? '' : '  can’t be undone', 'warn'),
    span(
      kept
        ? '  yours is kept'
        : conflict
          ? `  ${conflict.conflict.doubts ? 'needs your word' : 'edited by hand'}: decide`
          : '',
      'warn',
    ),
  ];
  const room = width - 1 - marks.reduce((sum, each) => sum + cells(each.text), 0);
  const told = cutLine([span(what), span(after, 'dim')], room);
  const head: Line = [span(`  ${sign} `, tone), ...told, ...marks];
  const isCut = cells(what) + cells(after) > room;
  if (!shown.opened.has(entry.operation)) return [{ ...at, line: head }];
  const inside = (lines: readonly Line[]) =>
    lines.map((each) => ({ ...at, line: [span('      '), ...each] }));
  return [
    { ...at, line: head },
    ...inside(isCut ? paragraph(`${what}${after}`, width - 6) : []),
    ...(shown.departures.get(entry.operation) ?? []).flatMap(({ document, instead, why }) => [
      ...inside(paragraph(`≠ The document: ${document}`, width - 6, 'accent', '  ')),
      ...inside(paragraph(`Instead: ${instead}`, width - 6, 'plain', '  ')),
      ...inside(paragraph(`Why: ${why}`, width - 6, 'dim', '  ')),
    ]),
    ...inside(
      entry.irreversible === undefined
        ? []
        : paragraph(`Can’t be undone: ${entry.irreversible}`, width - 6, 'warn'),
    ),
    ...inside(
      hasEffects(entry) ? effectsOf([entry]).flatMap((each) => paragraph(each, width - 6, 'dim')) : [],
    ),
    ...inside(detailLines(entry, width - 6)),
  ];
}

function hasEffects({ starts, restarts, reloads }: PlanEntry): boolean {
  return starts.length + restarts.length + reloads.length > 0;
}

/** Kept while the width is the same: every key would wrap all open diffs anew. */
const details = new WeakMap<PlanEntry, { readonly columns: number; readonly lines: readonly Line[] }>();

function detailLines(entry: PlanEntry, columns: number): readonly Line[] {
  const kept = details.get(entry);
  if (kept?.columns === columns) return kept.lines;
  const lines = entry.diff === undefined ? shellLines(entry, columns) : diffLines(entry.diff, columns);
  details.set(entry, { columns, lines });
  return lines;
}

function shellLines({ shell }: PlanEntry, width: number): readonly Line[] {
  return shell.flatMap((each) => wrapText(`$ ${each}`, width, '  ').map((text) => line(text, 'dim')));
}

/** @returns a unified diff's hunks, long lines of it wrapped; the signs alone tell it without colour */
export function diffLines(diff: string, columns: number): readonly Line[] {
  return diff
    .split('\n')
    .filter((each) => each !== '' && !/^(---|\+\+\+|Index:|===)/.test(each))
    .flatMap((each) =>
      paragraph(each, columns, each.startsWith('+') ? 'good' : each.startsWith('-') ? 'bad' : 'dim', '  '),
    );
}

function footOf(shown: ReviewState, columns: number): readonly Line[] {
  const time =
    shown.estimate === undefined || shown.estimate < 1000
      ? ''
      : `  About ${duration(shown.estimate)} by earlier runs.`;
  const words = `${effectsOf(applied(shown)).join(' ')}${time}`;
  return shown.entries.length === 0
    ? []
    : [line('─'.repeat(columns), 'dim'), ...cutLines(paragraph(words, columns, 'dim'), 2, columns)];
}

function folded(state: State, shown: ReviewState, row: Row | undefined): State {
  const toggled = (set: ReadonlySet<string>, id: string) =>
    new Set(set.has(id) ? [...set].filter((each) => each !== id) : [...set, id]);
  if (row?.entry) return withReview(state, { opened: toggled(shown.opened, row.entry.operation) });
  if (row?.section !== undefined) return withReview(state, { folded: toggled(shown.folded, row.section) });
  return state;
}

function fromHere(state: State, row: Row | undefined, want: Want): State {
  const from = state.sections.findIndex(({ id }) => id === (row?.section ?? row?.entry?.section));
  if (from < 0) return { ...state, notice: 'Choose a section, or a change of it, first.' };
  want({ type: 'review', names: state.sections.slice(from).map(({ id }) => id) });
  return { ...state, notice: 'From this section on; what it needs is looked at first.' };
}

function withReview(state: State, change: Partial<ReviewState>): State {
  return state.review === undefined ? state : { ...state, review: { ...state.review, ...change } };
}
