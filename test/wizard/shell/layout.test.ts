import { describe, expect, it } from 'vitest';
import { Answers } from '../../../src/answers/answers.ts';
import { applies } from '../../../src/answers/applies.ts';
import type { Key } from '../../../src/wizard/kit/key.ts';
import type { Size } from '../../../src/wizard/kit/line.ts';
import { formOf } from '../../../src/wizard/screens/questions/rows.ts';
import { frameOf } from '../../../src/wizard/shell/frame.ts';
import { initialState } from '../../../src/wizard/shell/initial-state.ts';
import { press } from '../../../src/wizard/shell/press.ts';
import { Store } from '../../../src/wizard/shell/store.ts';
import { goTo, startAt } from '../../../src/wizard/state/navigation.ts';
import type { ScreenName, WizardState } from '../../../src/wizard/state/state.ts';
import { sections } from '../../../steps/index.ts';
import { worst } from '../states.ts';

/** Of every section as it is shipped: a text that is added later must fit too. */
const questions = sections.flatMap((section, at) =>
  section.questions.filter((each) => each.hidden !== true).map((question) => ({ at, question })),
);
const SIZES: readonly Size[] = [
  { columns: 60, rows: 16 },
  { columns: 80, rows: 24 },
  { columns: 160, rows: 50 },
];

function beginning(size: Size): WizardState {
  const state = initialState(sections, { version: '1.2.3', place: 'studio.example.org · debian 12' }, size);
  return { ...state, observing: false, answered: { ...state.answered, ready: true, answers: new Answers() } };
}

/** The form with a question focused, all integrations wanted. */
function formAt(size: Size, { at, question }: (typeof questions)[number]): WizardState {
  const state = beginning(size);
  const missing = new Set(questions.map((each) => each.question.id));
  const wanted = new Map(
    questions.flatMap(({ question: { group } }) => (group ? [[group, true] as const] : [])),
  );
  return {
    ...state,
    screen: 'questions',
    answered: { ...state.answered, missing, wanted },
    form: { ...state.form, section: at, focus: question.id },
  };
}

function linesOf(state: WizardState): readonly string[] {
  return frameOf(state).map((line) => line.map(({ text }) => text).join(''));
}

/** A text's words as they stand in a frame, whatever the line breaks, marks and the columns beside them. */
function squeezed(text: string): string {
  return text.replace(/\s+/g, '');
}

/** What the help shows from its first to its last line. */
function helpOf(state: WizardState): string {
  let shown = press(state, { name: 'help', text: '' }, () => {});
  const seen: string[] = [];
  for (let step = 0; step < 100; step += 1) {
    for (const each of linesOf(shown).slice(2, -3)) if (!seen.includes(each)) seen.push(each);
    const next = press(shown, { name: 'down', text: '' }, () => {});
    if (!next.help || next.overlay === shown.overlay) break;
    shown = next;
  }
  return squeezed(seen.filter((each) => !/[↑↓] \d+ more/.test(each)).join(''));
}

describe.each(SIZES)('the questions in a terminal of $columns by $rows', (size) => {
  it.each(questions.map((each) => [each.question.id, each] as const))(
    '%s: the focused one is named in full, and its help is all there or says where it is',
    (_, each) => {
      const state = formAt(size, each);
      if (!applies(each.question, state.answered.answers)) return;
      const { rows, at } = formOf(state);
      expect(rows[at]?.key).toBe(each.question.id);
      const lines = linesOf(state);
      const [, help] = lines
        .slice(2, -3)
        .join('\n')
        .split(/\n ─+\n/);
      const all = squeezed(each.question.help);
      if (!squeezed(help ?? '').includes(all)) expect(help).toMatch(/….*\? shows all/);
      // The label stands in the left column, over as many rows as it needs.
      const from = lines.findIndex((text) => text.startsWith(' › '));
      const label = lines.slice(from).map((text) => text.slice(5, 5 + Math.floor((size.columns - 2) * 0.42)));
      expect(squeezed(label.slice(0, 5).join(' '))).toContain(squeezed(each.question.label).slice(0, 18));
      const page = helpOf(state);
      expect(page).toContain(squeezed(each.question.label));
      expect(page).toContain(all);
    },
  );

  it.each(sections.map((section, at) => [section.id, at] as const))(
    'overview, %s: its title and what it is for are read in full',
    (_, selected) => {
      const state = beginning(size);
      const shown = linesOf({ ...state, overview: { selected, details: undefined } });
      const right = squeezed(shown.map((text) => text.split('│')[1] ?? '').join(' '));
      const section = sections[selected];
      expect(right).toContain(squeezed(`${section?.title}${section?.summary}`));
    },
  );

  it('an overview or a form that goes on says how much', () => {
    const all = linesOf(beginning(size)).join('\n');
    for (const { title } of size.rows >= 24 ? sections : [])
      if (title.length < 25) expect(all).toContain(title);
    if (size.rows < 24) expect(all).toMatch(/↓ \d+ more/);
  });
});

describe('keys at the foot', () => {
  it.each(SIZES)('$columns by $rows: none is cut in its words', (size) => {
    for (const each of questions) {
      const foot = linesOf(formAt(size, each)).at(-1) ?? '';
      expect(foot).not.toContain('…');
      expect(foot).toMatch(/(\?|F1) help/);
      expect(foot.trimEnd().length).toBeLessThan(size.columns);
    }
  });
});

describe('a terminal that changes its size', () => {
  const steps: readonly Size[] = [
    { columns: 80, rows: 24 },
    { columns: 60, rows: 16 },
    { columns: 59, rows: 15 },
    { columns: 160, rows: 50 },
    { columns: 80, rows: 24 },
  ];

  it('the review stays at the change that was selected, also among open differences', () => {
    const state = worst(steps[0] as Size).review;
    if (state?.review === undefined) throw new Error('review');
    const store = new Store({
      ...state,
      review: { ...state.review, selected: 0, site: [], downloads: undefined },
    });
    for (let step = 0; step < 400; step += 1) store.keys([{ name: 'down', text: '' }]);
    const wanted = selectedEntry(store.get());
    expect(wanted).toBeDefined();
    for (const size of steps) {
      store.resize(size);
      if (size.columns < 60) continue;
      expect(selectedEntry(store.get())).toBe(wanted);
      expect(linesOf(store.get()).filter((text) => text.startsWith(' ›'))).toHaveLength(1);
    }
    store.end();
  });

  it.each(['overview', 'questions', 'run'] as const)('%s: the selected row stays in sight', (name) => {
    const state = worst(steps[0] as Size)[name];
    if (state === undefined) throw new Error(name);
    const store = new Store(state);
    store.keys([{ name: 'end', text: '' }]);
    for (const size of steps) {
      store.resize(size);
      if (size.columns < 60) expect(linesOf(store.get()).join(' ')).toContain('too small');
      else expect(linesOf(store.get()).filter((text) => text.startsWith(' ›'))).toHaveLength(1);
    }
    store.end();
  });
});

/** The change that the selection belongs to: Space closes its difference, and it is the only one that is closed then. */
function selectedEntry(state: WizardState): string | undefined {
  const { review } = press(state, { name: 'char', text: ' ' }, () => {});
  return [...(state.review?.opened ?? [])].find((id) => review?.opened.has(id) !== true);
}

describe('what warns of a change', () => {
  it('is not cut off by a long summary', () => {
    const state = worst({ columns: 60, rows: 16 }).review;
    if (state?.review === undefined) throw new Error('review');
    const review = {
      ...state.review,
      opened: new Set<string>(),
      selected: 0,
      site: [],
      downloads: undefined,
    };
    const store = new Store({ ...state, review });
    const seen: string[] = [];
    for (let step = 0; step < 500; step += 1) {
      seen.push(...linesOf(store.get()));
      store.keys([{ name: 'down', text: '' }]);
    }
    store.end();
    expect(seen.join('\n')).toMatch(/x… {2}≠$/m);
    expect(seen.join('\n')).toMatch(/… {2}edited by hand: decide/);
  });
});

describe('the log of a step', () => {
  it('long lines are read in full, and each comes into view', () => {
    const state = worst({ columns: 60, rows: 16 }).log;
    if (state === undefined) throw new Error('log');
    const { model } = state.run;
    for (let line = 0; line < 40; line += 1)
      model.feed({
        type: 'output',
        at: 0,
        operation: 'site/31',
        line: `begin-${line} ${'word '.repeat(20)} end-${line}`,
      });
    const store = new Store(state);
    const seen = new Set<string>();
    for (let step = 0; step < 60; step += 1) {
      for (const text of linesOf(store.get())) for (const word of text.split(' ')) seen.add(word);
      store.keys([{ name: 'up', text: '' }]);
    }
    for (let line = 0; line < 40; line += 1) {
      expect(seen).toContain(`begin-${line}`);
      expect(seen).toContain(`end-${line}`);
    }
    for (let step = 0; step < 60; step += 1) store.keys([{ name: 'down', text: '' }]);
    expect(store.get().log.from).toBeUndefined();
    expect(linesOf(store.get()).join('\n')).toContain('end-39');
    store.end();
  });
});

describe('what is said below a screen', () => {
  it.each(SIZES)('$columns by $rows: every notice is read in full', (size) => {
    const notice =
      'Select the section whose answers you want to change, then press e. Enter resumes the run.';
    const lines = linesOf({ ...beginning(size), notice });
    expect(lines).toHaveLength(size.rows);
    expect(lines.slice(-4).join('').replace(/\s+/g, ' ')).toContain(notice);
  });
});

describe('a failure in a small terminal', () => {
  it('says what to do before all that the command said, and the command once', () => {
    const state = worst({ columns: 60, rows: 16 }).failure;
    if (state?.failure === undefined) throw new Error('failure');
    const command = 'git clone --branch nowhere -- https://git.example.test/site.git /var/www/blender-studio';
    const problem = {
      what: `The command failed: ${command}`,
      remedy: 'Correct the branch.',
      command,
      detail: ['fatal: Remote branch nowhere not found', ...Array(30).fill('more of it')],
    };
    const failed = [{ operation: 'a/b', at: 'A › b', problem, logLine: 1 }];
    const lines = linesOf({ ...state, failure: { ...state.failure, failed } }).join('\n');
    expect(lines).toContain('What to do: Correct the branch.');
    expect(lines.split('--branch nowhere')).toHaveLength(2);
  });
});

describe('Esc', () => {
  const esc: Key = { name: 'escape', text: '' };
  const from = (...screens: readonly ScreenName[]): WizardState =>
    screens.reduce((state, screen) => goTo(state, screen), beginning({ columns: 80, rows: 24 }));

  it.each([
    [['menu', 'domain', 'review'], 'domain'],
    [['menu', 'review'], 'menu'],
    [['menu', 'runs', 'review'], 'runs'],
    [['questions', 'review'], 'questions'],
    [['review', 'confirm'], 'review'],
    [['review', 'conflict'], 'review'],
    [['run', 'log'], 'run'],
    [['menu', 'finish'], 'menu'],
  ] as const)('after %o goes back to where it came from', (screens, screen) => {
    expect(press(from(...screens), esc, () => {}).screen).toBe(screen);
  });

  it('in a review that a file was decided on in goes back to where the review was asked for', () => {
    const again = goTo(from('menu', 'review', 'conflict'), 'review');
    expect(press(again, esc, () => {}).screen).toBe('menu');
  });

  it('after a run goes to the overview: what led to it is over', () => {
    const over = startAt(from('questions', 'review', 'confirm', 'run'), 'failure');
    expect(press(over, esc, () => {}).screen).toBe('overview');
  });
});
