import { count, duration } from '../../output/duration.ts';
import { effectsOf } from '../../reporters/effects.ts';
import { counted, type PlanEntry } from '../../reporters/plan-view.ts';
import { type Key, motionOf, moved } from '../kit/key.ts';
import { cutLine, cutLines, type Line, line, paragraph, span, type Tone } from '../kit/line.ts';
import { cells, wrapText } from '../kit/width.ts';
import { bodyOf, listWindow } from '../kit/window.ts';
import { goBack, goHome, goTo } from '../state/navigation.ts';
import type { ConflictAt, ReviewState, Want, WizardState } from '../state/state.ts';
import { diffLines } from '../view/text-lines.ts';
import { asked } from './actions.ts';
import { applied } from './confirm.ts';
import type { Screen } from './screen.ts';

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

export const reviewScreen: Screen = {
  title({ review: shown }) {
    if (shown === undefined) return 'Review';
    const { entries, task } = shown;
    if (task) return `${task.title}: ${counted(entries)}`;
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

  bindings: [
    {
      on: ['r'],
      does: 'look again',
      hint: (state) => (isBlocked(state) ? 'always' : 'never'),
      press: lookAgain,
    },
    { on: ['enter'], does: enterWords, hint: unlessBlocked, press: enter },
    {
      on: ['a'],
      does: 'apply all',
      hint: (state) => (rowAt(state)?.row?.action === 'apply' ? 'never' : unlessBlocked(state)),
      press: begin,
    },
    {
      on: [' ', 'left', 'right'],
      does: 'open, close',
      hint: (state) => (isBlocked(state) ? 'never' : 'rare'),
      press: folded,
    },
    {
      on: ['e'],
      does: 'edit answers',
      when: (state) => isOfSections(state) && isBlocked(state),
      press: editAnswers,
    },
    {
      on: ['!'],
      does: 'shell',
      hint: (state) => (isBlocked(state) ? 'always' : 'never'),
      press: (state, _, want) => asked(state, want, { type: 'shell' }),
    },
    { on: ['escape'], does: 'back', press: goBack },
    {
      on: ['e'],
      does: 'answers',
      when: (state) => isOfSections(state) && !isBlocked(state),
      press: editAnswers,
    },
    {
      on: ['s'],
      does: 'script',
      when: isOfSections,
      hint: unlessBlocked,
      press: (state, _, want) => asked(state, want, { type: 'script' }),
    },
    { on: ['f'], does: 'from here', when: isOfSections, hint: unlessBlocked, press: fromHere },
    {
      on: ['*'],
      does: 'all diffs',
      hint: (state) => (isBlocked(state) ? 'never' : 'rare'),
      press: openAll,
    },
    { on: ['move'], does: 'move', hint: 'never', press: moveIn },
  ],

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
    const row = rowAt({ ...state, size: before })?.row;
    const at = rowsOf(state, shown, bodyOf(state.size).columns).findIndex(
      ({ entry, section }) => entry === row?.entry && section === row?.section,
    );
    return at < 0 ? state : withReview(state, { selected: at });
  },
};

/** @returns the operator's files that are still to be decided on */
function unresolved({ conflicts, excluded }: ReviewState): readonly ConflictAt[] {
  return conflicts.filter(({ operation }) => !excluded.has(operation));
}

function actionOf(shown: ReviewState): Action {
  if (unresolved(shown).length > 0) return 'decide';
  if (shown.task?.mayDoNothing) return 'apply';
  return applied(shown).length === 0 ? 'check' : 'apply';
}

const ACTIONS: Readonly<Record<Action, (shown: ReviewState) => string>> = {
  apply: (shown) =>
    applied(shown).length === 0 && shown.task ? shown.task.nothing : `Apply all: ${counted(applied(shown))}`,
  decide: (shown) => {
    const files = unresolved(shown);
    const edited = files.every(({ conflict }) => conflict.doubts === undefined);
    return `Decide on ${count(files.length, 'file')}${edited ? ' edited by hand' : ''}`;
  },
  check: ({ entries, task }) =>
    task
      ? `${task.nothing} Check the site`
      : entries.length === 0
        ? 'Everything is up to date: there is nothing to change. Check the site'
        : 'All of it stays as it is. Check the site',
};

const ACTION_TONES: Readonly<Record<Action, Tone>> = { apply: 'strong', decide: 'warn', check: 'good' };

function isBlocked({ review: shown }: WizardState): boolean {
  return shown !== undefined && shown.problems.length > 0;
}

function unlessBlocked(state: WizardState): 'always' | 'never' {
  return isBlocked(state) ? 'never' : 'always';
}

function isOfSections({ review: shown }: WizardState): boolean {
  return shown?.task === undefined;
}

function enterWords(state: WizardState): string {
  const { review: shown } = state;
  const row = rowAt(state)?.row;
  if (row?.action === 'apply') return 'apply all';
  if (row?.action === 'check') return 'check the site';
  if (row?.action === 'decide') return 'decide';
  if (row?.conflict && shown && !shown.excluded.has(row.conflict.operation)) return 'decide';
  const open = row?.entry
    ? shown?.opened.has(row.entry.operation)
    : row?.section !== undefined && shown?.folded.has(row.section) !== true;
  return open ? 'close' : 'open';
}

function moveIn(state: WizardState, key: Key): WizardState {
  const found = rowAt(state);
  const motion = motionOf(key);
  if (found === undefined || motion === undefined) return state;
  return withReview(state, { selected: moved(found.at, motion, found.rows.length - 1, 15) });
}

/** On a change it shows what belongs to it, or decides on its file; elsewhere it goes on. */
function enter(state: WizardState, key: Key, want: Want): WizardState {
  const row = rowAt(state)?.row;
  if (state.review === undefined || row === undefined || row.action !== undefined)
    return begin(state, key, want);
  if (row.entry === undefined && row.section === undefined) return begin(state, key, want);
  const conflict = unresolved(state.review).find(({ operation }) => operation === row.conflict?.operation);
  return conflict ? decide(state, conflict) : folded(state);
}

/** Nothing is changed by it: to the files that are to be decided on, or to the one question before a run. */
function begin(state: WizardState, _: Key, want: Want): WizardState {
  const { review: shown } = state;
  if (shown === undefined) return goBack(state);
  const [conflict] = unresolved(shown);
  if (conflict) return decide(state, conflict);
  if (shown.problems.length > 0)
    return { ...state, notice: 'Nothing can start before this is fixed. r looks again.' };
  if (actionOf(shown) === 'apply') return goTo({ ...state, confirm: { yes: true } }, 'confirm');
  return asked(state, want, { type: 'check' });
}

function decide(state: WizardState, at: ConflictAt): WizardState {
  return goTo({ ...state, conflict: { at, scroll: 0 } }, 'conflict');
}

function lookAgain(state: WizardState, _: Key, want: Want): WizardState {
  const { review: shown } = state;
  if (shown === undefined) return state;
  return asked(
    state,
    want,
    shown.task ? { type: 'task', request: shown.task.request } : { type: 'review', names: shown.names },
  );
}

function openAll(state: WizardState): WizardState {
  const { review: shown } = state;
  if (shown === undefined) return state;
  const all = shown.entries.map(({ operation }) => operation);
  return withReview(state, { opened: new Set(shown.opened.size === all.length ? [] : all) });
}

/** By way of the overview: an answer of another section may be meant. */
function editAnswers(state: WizardState): WizardState {
  const row = rowAt(state)?.row;
  const index = state.sections.findIndex(({ id }) => id === (row?.entry?.section ?? row?.section));
  const asks = (state.sections[index]?.questions.length ?? 0) > 0;
  if (!asks && index >= 0) return { ...state, notice: 'That section asks nothing.' };
  const overview = { ...state.overview, selected: Math.max(0, index) };
  return { ...goHome(state), overview, notice: 'e opens the answers of the selected section.' };
}

function rowAt(state: WizardState) {
  const { review: shown } = state;
  if (shown === undefined) return undefined;
  const rows = rowsOf(state, shown, bodyOf(state.size).columns);
  const at = Math.min(shown.selected, rows.length - 1);
  return { rows, at, row: rows[at] };
}

function bright(tone: Tone): Tone {
  return tone === 'plain' || tone === 'dim' ? 'strong' : tone;
}

/** Kept while the review and the width are the same: the hints of one frame ask for the rows several times. */
const memory = new WeakMap<ReviewState, { readonly columns: number; readonly rows: readonly Row[] }>();

function rowsOf(state: WizardState, shown: ReviewState, columns: number): readonly Row[] {
  const before = memory.get(shown);
  if (before?.columns === columns) return before.rows;
  const rows = madeRows(state, shown, columns);
  memory.set(shown, { columns, rows });
  return rows;
}

function madeRows(state: WizardState, shown: ReviewState, columns: number): readonly Row[] {
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
  for (const notice of [...(shown.task?.notices ?? []), ...irreversibleOf(shown)])
    rows.push(...paragraph(`! ${notice}`, width, 'warn', '  ').map((text) => ({ line: text })));
  for (const section of shown.task?.sections ?? state.sections) {
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

function irreversibleOf({ task }: ReviewState): readonly string[] {
  return (task?.irreversible ?? []).map(({ what, why }) => `Stays, as it can't be undone: ${what}: ${why}`);
}

function entryRows(shown: ReviewState, entry: PlanEntry, width: number): readonly Row[] {
  const [sign, tone] = SIGNS[entry.kind];
  const conflict = shown.conflicts.find(({ operation }) => operation === entry.operation);
  const excluded = shown.excluded.has(entry.operation);
  const at = { section: entry.section, entry, ...(conflict ? { conflict } : {}) };
  const text = entry.summary.startsWith(entry.title) ? entry.summary : `${entry.title}: ${entry.summary}`;
  const what = entry.kind === 'run' || entry.kind === 'later' ? text : entry.summary;
  const after = entry.after === undefined ? '' : `  (${entry.after})`;
  // What warns is never cut off for the sake of what a change is.
  const marks: Line = [
    span(entry.departures.length > 0 ? '  ≠' : '', 'accent'),
    span(entry.irreversible === undefined ? '' : "  can't be undone", 'warn'),
    span(
      excluded
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
        : paragraph(`Can't be undone: ${entry.irreversible}`, width - 6, 'warn'),
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

/** Kept while the width is the same: every key would wrap all open diffs again. */
const details = new WeakMap<PlanEntry, { readonly columns: number; readonly lines: readonly Line[] }>();

function detailLines(entry: PlanEntry, columns: number): readonly Line[] {
  const before = details.get(entry);
  if (before?.columns === columns) return before.lines;
  const lines =
    entry.diff === undefined
      ? shellLines(entry, columns)
      : diffLines({ kind: 'diff', diff: entry.diff }, columns);
  details.set(entry, { columns, lines });
  return lines;
}

function shellLines({ shell }: PlanEntry, width: number): readonly Line[] {
  return shell.flatMap((each) => wrapText(`$ ${each}`, width, '  ').map((text) => line(text, 'dim')));
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

function folded(state: WizardState): WizardState {
  const { review: shown } = state;
  const row = rowAt(state)?.row;
  if (shown === undefined) return state;
  const toggled = (set: ReadonlySet<string>, id: string) =>
    new Set(set.has(id) ? [...set].filter((each) => each !== id) : [...set, id]);
  if (row?.entry) return withReview(state, { opened: toggled(shown.opened, row.entry.operation) });
  if (row?.section !== undefined) return withReview(state, { folded: toggled(shown.folded, row.section) });
  return state;
}

function fromHere(state: WizardState, _: Key, want: Want): WizardState {
  const row = rowAt(state)?.row;
  const from = state.sections.findIndex(({ id }) => id === (row?.section ?? row?.entry?.section));
  if (from < 0) return { ...state, notice: 'Choose a section, or a change of it, first.' };
  want({ type: 'review', names: state.sections.slice(from).map(({ id }) => id) });
  return { ...state, notice: 'From this section on; what it needs is looked at first.' };
}

function withReview(state: WizardState, change: Partial<ReviewState>): WizardState {
  return state.review === undefined ? state : { ...state, review: { ...state.review, ...change } };
}
