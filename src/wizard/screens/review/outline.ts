import { fullLabel } from '../../../answers/question.ts';
import { changeFacts } from '../../../app/change-facts.ts';
import type { SectionOutline } from '../../../engine/events.ts';
import type { Conflict } from '../../../engine/operation.ts';
import { clean } from '../../../output/clean.ts';
import { count } from '../../../output/duration.ts';
import type { Fact } from '../../../output/fact.ts';
import { effectsOf, isLoss } from '../../../reporters/effects.ts';
import { counted, type PlanEntry } from '../../../reporters/plan-view.ts';
import type { Tone } from '../../kit/line.ts';
import { bodyOf } from '../../kit/window.ts';
import type { WizardState } from '../../state/state.ts';
import {
  factsBlock,
  type InsideBlock,
  type OutlineBlock,
  type OutlineItem,
  type Paragraph,
  text,
} from '../../view/block.ts';
import { outlineRows } from '../../view/outline-lines.ts';
import { applied, type ConflictAt, type ReviewState } from './state.ts';

/** How a change is marked, and what the mark says. */
const SIGNS: Readonly<Record<PlanEntry['kind'], readonly [string, Tone, string]>> = {
  create: ['+', 'good', 'New'],
  update: ['~', 'warn', 'Changed'],
  run: ['▸', 'accent', 'Would run'],
  later: ['▸', 'dim', 'Would run'],
};

/** What Enter does on the row that is no change: the first, where the review begins. */
type Action = 'apply' | 'decide' | 'check';

/** A thing of the outline, and what it is about. */
interface Thing {
  readonly item: OutlineItem;
  readonly action?: Action;
  readonly section?: string;
  readonly entry?: PlanEntry;
  readonly conflict?: ConflictAt;
}

/** @returns the operator's files that are still to be decided on */
export function unresolved({ conflicts, excluded }: ReviewState): readonly ConflictAt[] {
  return conflicts.filter(({ operation }) => !excluded.has(operation));
}

export function actionOf(shown: ReviewState): Action {
  if (unresolved(shown).length > 0) return 'decide';
  if (shown.task?.mayDoNothing) return 'apply';
  return applied(shown).length === 0 ? 'check' : 'apply';
}

const ACTIONS: Readonly<Record<Action, (shown: ReviewState) => string>> = {
  apply: (shown) =>
    applied(shown).length === 0 && shown.task ? shown.task.nothing : `Apply all: ${counted(applied(shown))}`,
  decide: (shown) => {
    const files = unresolved(shown);
    const edited = files.every(({ conflict }) => isEdited(conflict));
    return `Decide on ${count(files.length, 'file')}${edited ? ' edited by hand' : ''}`;
  },
  check: ({ entries, task }) =>
    task
      ? `${task.nothing} Check the site`
      : entries.length === 0
        ? 'Everything is up to date: nothing to change. Check the site'
        : 'Nothing will be changed. Check the site',
};

const ACTION_TONES: Readonly<Record<Action, Tone>> = { apply: 'strong', decide: 'warn', check: 'good' };

/** The selected row, and the thing that it is a row of. */
export function rowAt(state: WizardState) {
  const { review: shown } = state;
  if (shown === undefined) return undefined;
  const { things, items } = madeOnce(state, shown);
  const rows = outlineRows(items, bodyOf(state.size).columns);
  const at = Math.min(shown.selected, rows.length - 1);
  const item = rows[at]?.item;
  return { rows, at, item, thing: item === undefined ? undefined : things[item] };
}

export function outlineOf(state: WizardState, shown: ReviewState): OutlineBlock {
  return {
    kind: 'outline',
    name: 'Changes',
    items: madeOnce(state, shown).items,
    selected: shown.selected,
    told: shown.problems.length > 0,
  };
}

interface Made {
  readonly shown: ReviewState;
  readonly sections: WizardState['sections'];
  readonly trials: WizardState['answered']['trials'];
  readonly things: readonly Thing[];
  readonly items: readonly OutlineItem[];
}

const memory = new WeakMap<ReviewState['entries'], Made>();

/** The same as long as no more than the selection changes: hints of one frame ask for it several times, and keys move often. */
function madeOnce(state: WizardState, shown: ReviewState): Made {
  const { sections } = state;
  const { trials } = state.answered;
  const before = memory.get(shown.entries);
  if (before?.sections === sections && before.trials === trials && isSame(before.shown, shown)) return before;
  const things = madeThings(state, shown);
  const made = { shown, sections, trials, things, items: things.map(({ item }) => item) };
  memory.set(shown.entries, made);
  return made;
}

function isSame(one: ReviewState, other: ReviewState): boolean {
  const keys = [...Object.keys(one), ...Object.keys(other)] as readonly (keyof ReviewState)[];
  return keys.every((key) => key === 'selected' || one[key] === other[key]);
}

function madeThings(state: WizardState, shown: ReviewState): readonly Thing[] {
  const warnings = shown.task?.notices ?? failedTrials(state, shown);
  const notices = warnings.map((each) => text(each, { mark: 'warning', tone: 'warn' }));
  const facts = factsOf(shown);
  const told: readonly InsideBlock[] = [...(facts.length === 0 ? [] : [factsBlock(facts)]), ...notices];
  return [
    ...(shown.problems.length > 0 ? shown.problems.map(problemThing) : [actionThing(shown)]),
    ...told.map((block): Thing => ({ item: { below: false, whole: false, inside: [block] } })),
    ...(shown.task?.sections ?? state.sections).flatMap((section) => sectionThings(shown, section)),
  ];
}

/** What the operator goes on with although it failed when it was tried: the run may well fail there. */
function failedTrials({ sections, answered }: WizardState, { names }: ReviewState): readonly string[] {
  const asked = sections.filter(({ id }) => names.length === 0 || names.includes(id));
  return asked.flatMap(({ questions }) =>
    questions.flatMap((question) => {
      const trial = answered.trials.get(question.id);
      if (trial === undefined || trial === 'trying' || trial.ok) return [];
      const [said = ''] = trial.message.split('\n');
      return [`${fullLabel(question)} failed its test: ${clean(said)}`];
    }),
  );
}

/** What the server will be, and what applying the changes means for it: before the changes themselves. */
function factsOf(shown: ReviewState): readonly Fact[] {
  const { site, estimate, downloads, problems } = shown;
  const changes = problems.length > 0 ? [] : changeFacts(applied(shown), estimate, downloads);
  return [...site, ...departureFacts(shown), ...changes, ...staysFacts(shown)];
}

function departureFacts({ entries }: ReviewState): readonly Fact[] {
  const departing = entries.some(({ departures }) => departures.length > 0);
  return departing
    ? [{ label: 'Departures', value: 'marked ≠, not as in the document: Enter on one says why' }]
    : [];
}

/** Of a run that is undone: what undo leaves, each on a line of its own. */
function staysFacts({ task }: ReviewState): readonly Fact[] {
  const stays = task?.irreversible ?? [];
  return stays.map(({ what, why }) => ({ label: 'Stays', value: `${what} (${why})` }));
}

const HEAD = { look: 'plain', note: '', marks: [] } as const;

function problemThing({ at, problem }: ReviewState['problems'][number]): Thing {
  const paragraphs: readonly Paragraph[] = [
    ...(at === undefined ? [] : [{ text: problem.what, level: 1 }]),
    ...(problem.detail ?? []).map((each): Paragraph => ({ text: each, level: 2, tone: 'dim' })),
    { text: `What to do: ${problem.remedy}`, level: 1 },
  ];
  const head = {
    ...HEAD,
    sign: '✗',
    tone: 'bad',
    word: 'Failed',
    title: at ?? problem.what,
    look: 'bad',
  } as const;
  return { item: { head, below: false, whole: false, inside: [{ kind: 'text', paragraphs }] } };
}

function actionThing(shown: ReviewState): Thing {
  const action = actionOf(shown);
  const tone = ACTION_TONES[action];
  const head = { ...HEAD, sign: '', tone, word: '', title: ACTIONS[action](shown), look: tone };
  return { action, item: { head, below: false, whole: false, inside: [] } };
}

/** A section with its changes, unless it is folded over them; nothing where it has none. */
function sectionThings(
  shown: ReviewState,
  { id, title }: Pick<SectionOutline, 'id' | 'title'>,
): readonly Thing[] {
  const own = shown.entries.filter((entry) => entry.section === id);
  if (own.length === 0) return [];
  const open = !shown.folded.has(id);
  const head = {
    ...HEAD,
    sign: '',
    tone: 'dim',
    word: '',
    title,
    look: 'strong',
    note: open ? counted(own) : `${counted(own)}, closed`,
    open,
  } as const;
  const section: Thing = { section: id, item: { head, below: false, whole: false, inside: [] } };
  return [section, ...(open ? own.map((entry) => entryThing(shown, entry)) : [])];
}

function entryThing(shown: ReviewState, entry: PlanEntry): Thing {
  const conflict = shown.conflicts.find(({ operation }) => operation === entry.operation);
  const kept = shown.excluded.has(entry.operation);
  const open = shown.opened.has(entry.operation);
  const before = things.get(entry);
  // The same thing as long as nothing of it is other: its rows are wrapped once.
  if (before?.conflict === conflict && before?.kept === kept && before.open === open) return before.thing;
  const item: OutlineItem = {
    head: headOf(entry, kept ? 'your file is kept' : conflict && decisionOn(conflict)),
    below: true,
    whole: open,
    inside: open ? insideOf(shown, entry) : [],
  };
  const thing = { section: entry.section, entry, item, ...(conflict ? { conflict } : {}) };
  things.set(entry, { conflict, kept, open, thing });
  return thing;
}

const things = new WeakMap<
  PlanEntry,
  {
    readonly conflict: ConflictAt | undefined;
    readonly kept: boolean;
    readonly open: boolean;
    readonly thing: Thing;
  }
>();

function decisionOn({ conflict }: ConflictAt): string {
  if (conflict.doubts) return 'needs your decision';
  return conflict.changedBy === undefined ? 'edited by hand: decide' : 'changed since: decide';
}

/** Whether it is a person's own work that stands there. */
function isEdited({ doubts, changedBy }: Conflict): boolean {
  return doubts === undefined && changedBy === undefined;
}

/** @param decision what is decided, or to be decided, on a file of the operator's */
function headOf(entry: PlanEntry, decision: string | undefined): NonNullable<OutlineItem['head']> {
  const { kind, summary, title, after, departures } = entry;
  const [sign, tone, word] = SIGNS[kind];
  const named = summary.startsWith(title) ? summary : `${title}: ${summary}`;
  return {
    sign,
    tone,
    word,
    title: kind === 'run' || kind === 'later' ? named : summary,
    look: 'plain',
    note: after === undefined ? '' : `(${waitingOf(after)[0]})`,
    marks: [
      ...(departures.length > 0 ? [{ text: '≠', tone: 'accent' } as const] : []),
      ...(decision === undefined ? [] : [{ text: decision, tone: 'warn' } as const]),
    ],
  };
}

/** What a change waits for; and why that is not there, which may be as long as an error is: `needs X (error)`. */
function waitingOf(after: string): readonly [string, string?] {
  const [, what, why] = /^(.*?) \((.*)\)$/s.exec(after) ?? [];
  return what === undefined || why === undefined ? [after] : [what, why];
}

function insideOf(shown: ReviewState, entry: PlanEntry): OutlineItem['inside'] {
  const { irreversible, diff, shell, after = '' } = entry;
  const [waits, why] = waitingOf(after);
  return [
    ...(why === undefined ? [] : [text(`${waits}: ${why}`, { tone: 'dim', hanging: 2 })]),
    ...(shown.departures.get(entry.operation) ?? []).flatMap(({ document, instead, why }) => [
      text(`≠ The document: ${document}`, { tone: 'accent', hanging: 2 }),
      text(`Instead: ${instead}`, { hanging: 2 }),
      text(`Why: ${why}`, { tone: 'dim', hanging: 2 }),
    ]),
    ...(irreversible === undefined ? [] : [text(`Can't be undone: ${irreversible}`)]),
    ...(hasEffects(entry) ? [text(effectsOf([entry]), { tone: 'dim' })] : []),
    diff === undefined ? text(shell, { mark: 'command', tone: 'dim' }) : { kind: 'diff', diff },
  ];
}

function hasEffects(entry: PlanEntry): boolean {
  const { starts, restarts, reloads } = entry;
  return starts.length + restarts.length + reloads.length > 0 || isLoss(entry);
}
