import { Answers, type AnswerValue } from '../../src/answers/answers.ts';
import type { Section } from '../../src/engine/section.ts';
import { cleaned } from '../../src/output/clean.ts';
import { Secret } from '../../src/output/secret.ts';
import type { PlanEntry } from '../../src/reporters/plan-view.ts';
import type { Size } from '../../src/wizard/kit/line.ts';
import { askedFor } from '../../src/wizard/screens/asking.ts';
import { initialState } from '../../src/wizard/shell/initial-state.ts';
import { RunModel } from '../../src/wizard/state/run-model.ts';
import type { WizardState } from '../../src/wizard/state/state.ts';
import { sampleSections } from '../commands/sample/sections.ts';

/** What a terminal must never be sent, and what makes columns move: all of it may come out of a program or a paste. */
export const HOSTILE = [
  `\u001b]0;renamed\u0007\u001b[2J\u001b[H${'\u001b[31m'}red`,
  '漢字のとても長い名前'.repeat(12),
  '👩‍👩‍👧‍👦🏳️‍🌈'.repeat(30),
  'سلام'.repeat(40),
  `${'e\u0301'.repeat(60)}`,
  'a.very.long.domain.name.'.repeat(8),
  'x'.repeat(10_000),
  'tab\tand\u0000null\u202eturned round',
];

/** The sample's sections, and enough others that the list is taller than a small terminal. */
const sections: readonly Section[] = [
  ...sampleSections('/srv/sample'),
  ...Array.from(
    { length: 20 },
    (_, index): Section => ({
      id: `more-${index}`,
      title: index % 3 === 0 ? `${HOSTILE[1]}` : `Section ${index} ${'with a long title '.repeat(index % 5)}`,
      heading: 'Configuration files › Something',
      summary: 'A summary that is long enough to be wrapped in every terminal that there is. '.repeat(3),
      needs: ['site'],
      questions: [],
      operations: () => [],
    }),
  ),
];

/** @returns the wizard's state as it begins */
export function beginning(size: Size): WizardState {
  return initialState(sections, { version: '1.2.3', place: `${HOSTILE[5]} · debian 12` }, size);
}

/** @returns a state with the given answers in place, all else missing */
export function answered(state: WizardState, values: Readonly<Record<string, AnswerValue>>): WizardState {
  let answers = new Answers();
  for (const [id, value] of Object.entries(values)) answers = answers.with(id, value, 'default');
  const missing = new Set(['site.domain', 'site.key'].filter((id) => !answers.has(id)));
  return { ...state, answered: { ...state.answered, ready: true, answers, missing } };
}

function entry(index: number): PlanEntry {
  return {
    type: 'planned',
    section: sections[index % 7]?.id ?? '',
    operation: `more/${index}`,
    title: `operation ${index}`,
    kind: (['create', 'update', 'run', 'later'] as const)[index % 4] ?? 'run',
    summary: `/etc/${HOSTILE[index % HOSTILE.length]}`,
    diff: HOSTILE.map((text) => `+${text}\n-${text}`).join('\n'),
    shell: HOSTILE,
    departures: index % 5 === 0 ? ['one'] : [],
    starts: index % 3 === 0 ? [`${HOSTILE[5]}.service`] : [],
    restarts: [`unit-${index}.service`],
    reloads: [],
    ...(index % 6 === 0 ? { irreversible: `${HOSTILE[6]}` } : {}),
  };
}

const problem = cleaned({
  what: `It failed: ${HOSTILE[0]}`,
  remedy: `Fix it. ${HOSTILE[1]}`,
  detail: HOSTILE,
  command: `nginx -t ${HOSTILE[6]}`,
  exitCode: 1,
});

/** Every screen with the worst that it may have to show, by name. */
export function worst(size: Size): Readonly<Record<string, WizardState>> {
  const first = answered(beginning(size), {
    'site.domain': `${HOSTILE[5]}`,
    'site.key': new Secret('never-on-any-screen'),
    'site.names': HOSTILE,
  });
  const entries = cleaned(Array.from({ length: 50 }, (_, index) => entry(index)));
  const conflict = cleaned({
    operation: 'more/1',
    at: `Site › ${HOSTILE[1]}`,
    conflict: { path: `/etc/${HOSTILE[5]}`, diff: entries[0]?.diff ?? '', edited: entries[0]?.diff ?? '' },
  });
  const review = {
    names: [],
    entries,
    departures: new Map([
      ['more/0', [{ id: 'one', document: 'cp', instead: `${HOSTILE[5]}`, why: `${HOSTILE[1]}` }]],
    ]),
    problems: [],
    conflicts: [conflict],
    excluded: new Set<string>(),
    estimate: { ms: 123_456, measured: { ms: 123_456, processors: 2 } },
    site: HOSTILE.map((text) => cleaned({ label: 'Address', value: text })),
    downloads: cleaned(HOSTILE.join(', ')),
    folded: new Set<string>(),
    opened: new Set(entries.map(({ operation }) => operation)),
    selected: 20,
  };
  const model = new RunModel();
  const ids = Array.from({ length: 60 }, (_, index) => `site/${index}`);
  model.feed({
    type: 'run-started',
    at: Date.now(),
    run: '0001',
    log: `/var/log/${HOSTILE[5]}.log`,
    sections: [
      {
        id: 'site',
        title: `${HOSTILE[1]}`,
        operations: ids.map((id) => ({ id, title: `${HOSTILE[5]} ${id}` })),
      },
    ],
  });
  for (const [index, id] of ids.entries()) {
    model.feed({ type: 'operation-started', at: Date.now(), operation: id });
    for (const text of HOSTILE) model.feed(cleaned({ type: 'output', at: 0, operation: id, line: text }));
    if (index % 2 === 0)
      model.feed({ type: 'operation-finished', at: 0, operation: id, outcome: 'failed', ms: 1000, problem });
  }
  const run = { ...first.run, model, selected: 'site/31', follow: false, estimate: 100_000 };
  const failed = [{ operation: 'site/0', at: `Site › ${HOSTILE[1]}`, problem, logLine: 1832 }];
  const result = cleaned({ ok: false, said: `${HOSTILE[0]} ${HOSTILE[6]}`, remedy: `${HOSTILE[1]}` });
  const results = Array.from({ length: 30 }, () => ({
    title: `${HOSTILE[1]}`,
    group: `${HOSTILE[5]}`,
    result,
  }));
  const form = { ...first.form, section: 1 };
  const edit = (text: string) => ({
    ...first,
    screen: 'questions' as const,
    form: { ...form, focus: 'site.domain', edit: { id: 'site.domain', before: text, after: text } },
  });
  const status = new Map(
    sections.map(({ id }) => [
      id,
      {
        state: 'blocked' as const,
        operations: HOSTILE.map((text) => cleaned({ title: text, state: 'blocked' as const, note: text })),
      },
    ]),
  );
  return {
    overview: { ...first, status, observing: true, notice: cleaned(HOSTILE.join(' ')) },
    questions: { ...first, screen: 'questions', form },
    ...Object.fromEntries(HOSTILE.map((text, index) => [`typing ${index}`, edit(text)])),
    review: { ...first, screen: 'review', review },
    'a review that is blocked': {
      ...first,
      screen: 'review',
      review: { ...review, problems: [{ at: `${HOSTILE[1]}`, problem }] },
    },
    confirm: { ...first, screen: 'confirm', review },
    conflict: { ...first, screen: 'conflict', review, conflict: { at: conflict, scroll: 3 } },
    run: { ...first, screen: 'run', run },
    log: { ...first, screen: 'log', run, log: { id: 'site/31', from: undefined } },
    failure: {
      ...first,
      screen: 'failure',
      run,
      failure: { failed, selected: 0, scroll: 0, notDone: 3, conflict: true, log: '/var/log/x' },
    },
    finish: {
      ...first,
      screen: 'finish',
      finish: {
        results,
        run: {
          changed: 50,
          restarts: HOSTILE.map(cleaned),
          reloads: [],
          warnings: HOSTILE.map(cleaned),
          notDone: HOSTILE.map(cleaned),
          skipped: HOSTILE.map((text) => cleaned({ what: text, consequence: text })),
          ms: 123_456,
          log: `/var/log/${HOSTILE[5]}.log`,
          facts: HOSTILE.map((text) => cleaned({ label: 'Address', value: text })),
          next: HOSTILE.map((text) => ({ text: cleaned(text), secret: new Secret('never-on-any-screen') })),
          revealed: false,
        },
        scroll: 0,
      },
    },
    'the site checked': { ...first, screen: 'finish', finish: { results, scroll: 2 } },
    'an overview with something pending': { ...first, status, pending: HOSTILE.map(cleaned), site: true },
    menu: { ...first, screen: 'menu', menu: { selected: 3 } },
    domain: {
      ...first,
      screen: 'domain',
      domain: {
        now: `${HOSTILE[5]}`,
        name: { id: 'name', before: HOSTILE.join(' '), after: `${HOSTILE[1]}`, refused: `${HOSTILE[0]}` },
        old: 'remove',
        extra: { id: 'extra', before: HOSTILE.join(' '), after: '' },
        focus: 'name',
      },
    },
    runs: {
      ...first,
      screen: 'runs',
      runs: {
        rows: HOSTILE.flatMap((command, index) =>
          (['done', 'undone', 'cut off'] as const).map((how) => ({
            record: {
              number: String(index),
              command,
              at: '2026-01-02T03:04:05.678Z',
              procedure: index % 2 === 0,
              complete: true,
              entries: [],
            },
            state: how,
            changes: 10 ** index,
          })),
        ),
        selected: 12,
      },
    },
    services: {
      ...first,
      screen: 'services',
      services: {
        purpose: 'logs',
        rows: HOSTILE.map(cleaned).map((text) => ({ name: text, about: text })),
        selected: 4,
      },
    },
    journal: {
      ...first,
      screen: 'journal',
      journal: { services: ['studio'], lines: HOSTILE.map(cleaned), from: undefined },
    },
    asking: {
      ...first,
      screen: 'asking',
      asking: {
        ...askedFor('admin', cleaned(HOSTILE.join(' ')), {
          username: HOSTILE.join(' '),
          password: 'never-on-any-screen',
          how: 'typed',
        }),
        focus: 'password',
      },
    },
    'asking whether to write a script': { ...first, screen: 'asking', asking: askedFor('script', 'A file.') },
    result: {
      ...first,
      screen: 'result',
      result: {
        ...cleaned({
          title: `${HOSTILE[1]}`,
          values: HOSTILE.map((value) => ({ label: `${HOSTILE[1]}`, value })),
          said: HOSTILE,
        }),
        scroll: 2,
      },
    },
    outcome: {
      ...first,
      screen: 'outcome',
      outcome: {
        outcome: cleaned({
          end: 'failed' as const,
          title: `${HOSTILE[1]}`,
          said: HOSTILE,
          proved: HOSTILE,
          fixed: HOSTILE,
          passed: HOSTILE,
          changes: HOSTILE,
          restarts: HOSTILE,
          reloads: [],
          irreversible: HOSTILE.map((text) => ({ what: text, why: text })),
          failed,
          log: `/var/log/${HOSTILE[5]}.log`,
        }),
        again: 'finish',
        scroll: 3,
      },
    },
    'the review of a task': {
      ...first,
      screen: 'review',
      review: {
        ...review,
        selected: 0,
        task: cleaned({
          request: { kind: 'fix' as const },
          title: `${HOSTILE[5]}`,
          sections: [{ id: sections[1]?.id ?? '', title: `${HOSTILE[1]}` }],
          notices: HOSTILE,
          irreversible: HOSTILE.map((text) => ({ what: text, why: text })),
          mayKeep: false,
          nothing: `${HOSTILE[1]}`,
          mayDoNothing: false,
        }),
      },
    },
    help: { ...first, help: true },
    alert: { ...first, alert: problem },
    searching: { ...first, search: { text: `${HOSTILE[1]}`, typing: true } },
    'too small': { ...first, size: { columns: Math.min(size.columns, 59), rows: size.rows } },
  };
}
