import { stoppingWords } from '../../app/signals.ts';
import type { SectionOutline } from '../../engine/events.ts';
import { count, duration } from '../../output/duration.ts';
import { spinner } from '../kit/glyphs.ts';
import { type Key, motionOf, moved } from '../kit/key.ts';
import type { Tone } from '../kit/line.ts';
import { goTo } from '../state/navigation.ts';
import { isOver, progressOf, RunModel, type RunStep } from '../state/run-model.ts';
import type { WizardState } from '../state/state.ts';
import type { Block, TreeBlock, TreeRow } from '../view/block.ts';
import { asked, openLog } from './actions.ts';
import type { Screen } from './screen.ts';

interface RunState {
  readonly model: RunModel;
  /** What the run is about. */
  readonly heading: string;
  readonly selected: string | undefined;
  /** The selection goes with what is at work until the operator moves it. */
  readonly follow: boolean;
  readonly unfolded: ReadonlySet<string>;
  /** Milliseconds that the whole run takes by earlier ones. */
  readonly estimate: number | undefined;
  /** Whether it downloads what the estimate has no time for. */
  readonly downloads: boolean;
  readonly stopping: boolean;
}

declare module '../state/state.ts' {
  interface ScreenParts {
    run: { readonly run: RunState };
  }
}

interface Row {
  readonly section: SectionOutline;
  readonly step?: RunStep;
}

const MARKS: Readonly<Record<Exclude<RunStep['state'], 'working'>, readonly [string, Tone]>> = {
  waiting: ['○', 'dim'],
  changed: ['✓', 'good'],
  unchanged: ['✓', 'dim'],
  failed: ['✗', 'bad'],
  skipped: ['○', 'warn'],
};

/** What the marks say. */
const WORDS: Readonly<Record<string, string>> = { '○': 'Not done', '✓': 'Done', '✗': 'Failed' };
/** Steps that are told; those before were told when they ended. */
const TOLD = 20;

export const runScreen: Screen<'run'> = {
  initial: () => ({
    run: {
      model: new RunModel(),
      heading: 'Running',
      selected: undefined,
      follow: true,
      unfolded: new Set(),
      estimate: undefined,
      downloads: false,
      stopping: false,
    },
  }),

  title(state) {
    const { model, stopping, heading } = state.run;
    if (stopping) return stoppingWords(model.atWork());
    const { done, of, changes } = progressOf([...model.steps.values()]);
    return `${heading}: ${done} of ${count(of, changes ? 'change' : 'step')} · ${duration(elapsed(state))}`;
  },

  view(state) {
    const { model, estimate, downloads, stopping } = state.run;
    const rows = rowsOf(state.run);
    const at = Math.max(0, selectedAt(state.run, rows));
    const step = rows[at]?.step;
    const { warnings } = model;
    const { done, of } = progressOf([...model.steps.values()]);
    const progress: Block = {
      kind: 'progress',
      done,
      of,
      left: estimate === undefined ? undefined : Math.max(0, estimate - elapsed(state)),
      downloads,
      warnings,
      stopping: stopping ? stoppingWords(model.atWork()) : undefined,
    };
    const tree: Block = {
      kind: 'tree',
      name: 'Steps',
      rows: rows.map((row) => treeRow(state, row)),
      selected: at,
      chosen: !state.run.follow,
      told: toldOf(model),
    };
    const tail: Block = {
      kind: 'tail',
      title: step?.title ?? (model.log === '' ? '' : `Log: ${model.log}`),
      tall: isWide(state),
      last: (lines) => step?.log.last(lines) ?? [],
    };
    return {
      blocks: isWide(state)
        ? [progress, { kind: 'columns', left: tree, right: tail }]
        : [progress, tree, tail],
    };
  },

  bindings: [
    {
      on: ['ctrl c'],
      does: ({ run }) => (run.stopping ? 'stop now' : 'stop after this step'),
      press: (state, _, dispatch) => asked(state, dispatch, { type: 'interrupt' }),
    },
    {
      on: ['l', 'enter'],
      does: 'log',
      press(state) {
        const row = rowAt(state);
        return openLog(state, row && keyOf(row));
      },
    },
    {
      on: [' '],
      does: (state) => (state.run.unfolded.has(rowAt(state)?.section.id ?? '') ? 'collapse' : 'expand'),
      press: folded,
    },
    {
      on: ['w'],
      does: 'warnings',
      when: ({ run }) => run.model.warnings.length > 0,
      press: (state) => goTo({ ...state, warnings: { scroll: 0 } }, 'warnings'),
    },
    {
      on: ['f'],
      does: 'follow',
      hint: 'rare',
      press: (state) => ({ ...state, run: { ...state.run, follow: true } }),
    },
    { on: ['move'], keys: '↑ ↓ j k', does: 'move', hint: 'rare', press: moveIn },
    {
      on: ['q'],
      does: 'not available during a run',
      hint: 'rare',
      press: (state) => ({
        ...state,
        notice:
          'A run is in progress. Ctrl-C stops after this step, twice stops now; you can resume either way.',
      }),
    },
  ],

  find: {
    texts: (state) => rowsOf(state.run).map(({ section, step }) => step?.title ?? section.title),
    at: (state) => selectedAt(state.run, rowsOf(state.run)),
    go: (state, index) => select(state, rowsOf(state.run)[index]),
  },
};

/** Columns from which what a step says stands beside the steps, from top to bottom. */
const WIDE = 110;

function isWide({ size }: WizardState): boolean {
  return size.columns >= WIDE;
}

function rowAt(state: WizardState): Row | undefined {
  const rows = rowsOf(state.run);
  return rows[Math.max(0, selectedAt(state.run, rows))];
}

function moveIn(state: WizardState, key: Key): WizardState {
  const rows = rowsOf(state.run);
  const at = Math.max(0, selectedAt(state.run, rows));
  const motion = motionOf(key);
  return motion === undefined ? state : select(state, rows[moved(at, motion, rows.length - 1, 10)]);
}

function folded(state: WizardState): WizardState {
  const id = rowAt(state)?.section.id;
  if (id === undefined) return state;
  const { unfolded } = state.run;
  const toggled = unfolded.has(id) ? [...unfolded].filter((each) => each !== id) : [...unfolded, id];
  return { ...state, run: { ...state.run, unfolded: new Set(toggled) } };
}

function select(state: WizardState, row: Row | undefined): WizardState {
  return row === undefined ? state : { ...state, run: { ...state.run, follow: false, selected: keyOf(row) } };
}

function keyOf({ section, step }: Row): string {
  return step?.id ?? section.id;
}

/** A section shows its steps while one of them is at work or failed, and when it was unfolded. */
function rowsOf({ model, unfolded }: RunState): readonly Row[] {
  return model.sections.flatMap((section): readonly Row[] => {
    const steps = section.operations.flatMap(({ id }) => model.steps.get(id) ?? []);
    const open = unfolded.has(section.id);
    const shown = steps.filter(({ state }) => open || state === 'working' || state === 'failed');
    return [{ section }, ...shown.map((step) => ({ section, step }))];
  });
}

function selectedAt(state: RunState, rows: readonly Row[]): number {
  const [oldest] = state.model.working;
  const wanted = state.follow ? oldest : state.selected;
  const at = rows.findIndex((row) => keyOf(row) === wanted);
  if (at >= 0 || wanted === undefined) return at;
  // Its section was folded over it when it ended.
  return rows.findIndex(({ section }) => section.id === state.model.steps.get(wanted)?.section);
}

function elapsed(state: WizardState): number {
  const { startedAt } = state.run.model;
  return startedAt === 0 ? 0 : Math.max(0, state.now - startedAt);
}

function treeRow(state: WizardState, row: Row): TreeRow {
  const [sign, tone] = row.step ? stepMark(state, row.step) : sectionMark(state, row.section);
  const [title, note] = row.step ? stepWords(state, row.step) : sectionWords(state, row.section);
  return { title, sign, tone, note, word: WORDS[sign] ?? 'Working', below: row.step !== undefined };
}

/** What began, what ended and how, as it happened; what is at work is not told each second. */
function toldOf({ steps, sections }: RunModel): TreeBlock['told'] {
  const titles = new Map(sections.map(({ id, title }) => [id, title]));
  return [...steps.values()]
    .filter((step) => step.state !== 'waiting' && step.state !== 'unchanged')
    .sort((one, other) => one.startedAt - other.startedAt)
    .slice(-TOLD)
    .map((step) => ({
      text: `${titles.get(step.section) ?? step.section}, ${step.title}: ${howOf(step)}`,
      busy: step.state === 'working',
    }));
}

function howOf(step: RunStep): string {
  if (step.state === 'working') return 'running';
  if (step.state === 'failed') return `failed. ${step.problem?.what ?? ''}`;
  return step.state === 'skipped' ? 'not done' : `done, ${duration(step.ms)}`;
}

function stepMark(state: WizardState, step: RunStep): readonly [string, Tone] {
  return step.state === 'working' ? [spinner(state.now), 'accent'] : MARKS[step.state];
}

function stepWords(state: WizardState, step: RunStep): readonly [string, string] {
  if (step.state === 'working') return [step.title, `${duration(state.now - step.startedAt)}  ${step.last}`];
  if (step.state === 'skipped') return [step.title, 'not done'];
  if (step.state === 'waiting') return [step.title, ''];
  return [step.title, step.state === 'unchanged' ? 'up to date' : duration(step.ms)];
}

function stepsOf(state: WizardState, section: SectionOutline): readonly RunStep[] {
  return section.operations.flatMap(({ id }) => state.run.model.steps.get(id) ?? []);
}

function sectionMark(state: WizardState, section: SectionOutline): readonly [string, Tone] {
  const steps = stepsOf(state, section);
  if (steps.some((step) => step.state === 'working')) return [spinner(state.now), 'accent'];
  if (steps.some((step) => step.state === 'failed')) return MARKS.failed;
  if (steps.some((step) => step.state === 'skipped')) return MARKS.skipped;
  if (steps.every((step) => step.state === 'waiting')) return MARKS.waiting;
  return steps.some((step) => step.state === 'waiting') ? ['○', 'accent'] : MARKS.changed;
}

function sectionWords(state: WizardState, section: SectionOutline): readonly [string, string] {
  const steps = stepsOf(state, section);
  const waiting = steps.every((step) => step.state === 'waiting');
  if (waiting) {
    const needs = state.sections.find(({ id }) => id === section.id)?.needs ?? [];
    const titles = state.run.model.sections.filter(({ id }) =>
      needs.some((need) => need.split('/')[0] === id),
    );
    return [section.title, titles.length === 0 ? '' : `needs ${titles.map(({ title }) => title).join(', ')}`];
  }
  if (!steps.every(isOver)) {
    const { done, of } = progressOf([...state.run.model.steps.values()], steps);
    return [section.title, of === 0 ? '' : `${done} of ${of}`];
  }
  const changed = steps.filter((step) => step.state === 'changed');
  const ms = changed.reduce((sum, step) => sum + step.ms, 0);
  return [section.title, changed.length === 0 ? 'up to date' : `${changed.length} changed, ${duration(ms)}`];
}
