import type { Key } from '../kit/key.ts';
import { type Line, line, paragraph } from '../kit/line.ts';
import { wrapText } from '../kit/width.ts';
import { textWindow } from '../kit/window.ts';
import { namedFile } from '../state/named-file.ts';
import { goBack } from '../state/navigation.ts';
import type { OutcomeState, Want, WizardState } from '../state/state.ts';
import type { FailedStep } from '../state/task.ts';
import { asked, openFile, openLog } from './actions.ts';
import { findInText, type Scroll, scrolling } from './long-text.ts';
import type { Screen } from './screen.ts';

const SCROLL: Scroll = {
  get: (state) => state.outcome?.scroll ?? 0,
  set: (state, scroll) => (state.outcome ? { ...state, outcome: { ...state.outcome, scroll } } : state),
};

/** How a task ended: how the site is now, what was proved, what was changed, and what went wrong. */
export const outcomeScreen: Screen = {
  title: ({ outcome: shown }) => shown?.outcome.title ?? '',

  lines: (state, size) => textWindow(linesOf(state, size.columns), state.outcome?.scroll ?? 0, size.rows),

  bindings: [
    { on: ['enter'], does: 'overview', press: goBack },
    { on: ['escape'], does: 'overview', hint: 'never', press: goBack },
    {
      on: ['r'],
      does: ({ outcome: shown }) => (shown?.again === 'finish' ? 'go on with it' : 'try again'),
      when: ({ outcome: shown }) => shown !== undefined && shown.outcome.end !== 'well',
      press: again,
    },
    {
      on: ['!'],
      does: 'shell',
      hint: ifFailed,
      press: (state, _, want) => asked(state, want, { type: 'shell' }),
    },
    {
      on: ['l'],
      does: 'log',
      hint: ifFailed,
      press: (state) => openLog(state, state.outcome?.outcome.failed.at(-1)?.operation),
    },
    {
      on: ['o'],
      does: 'edit the file',
      hint: ({ outcome: shown }) => (fileAt(shown) === undefined ? 'never' : 'rare'),
      press: (state, _, want) => openFile(state, fileAt(state.outcome), want),
    },
    {
      on: ['d'],
      does: 'is the site well?',
      press: (state, _, want) => asked(state, want, { type: 'check' }),
    },
    scrolling(linesOf, SCROLL),
  ],

  find: findInText(linesOf, SCROLL),
};

function ifFailed({ outcome: shown }: WizardState): 'always' | 'never' {
  return shown?.outcome.failed.length ? 'always' : 'never';
}

function again(state: WizardState, _: Key, want: Want): WizardState {
  if (state.outcome === undefined) return state;
  const request = state.outcome.again;
  return asked(state, want, request === 'finish' ? { type: 'finish' } : { type: 'task', request });
}

function fileAt(shown: OutcomeState | undefined): string | undefined {
  return shown?.outcome.failed.map(({ problem }) => namedFile(problem)).find((path) => path !== undefined);
}

function linesOf(state: WizardState, columns: number): readonly Line[] {
  if (state.outcome === undefined) return [];
  const { end, said, proved, changes, restarts, irreversible, failed, log } = state.outcome.outcome;
  return [
    ...said.flatMap((each) =>
      paragraph(each, columns, end === 'well' ? 'good' : end === 'failed' ? 'bad' : 'strong'),
    ),
    ...proved.flatMap((each) => paragraph(`✓ Proved: ${each}`, columns, 'good', '  ')),
    ...failed.flatMap((each) => [[], ...failedLines(each, columns)]),
    ...(changes.length === 0 ? [] : [[], line('What was done', 'strong')]),
    ...changes.flatMap((each) => paragraph(`✓ ${each}`, columns, 'plain', '  ')),
    ...(restarts.length === 0 ? [] : paragraph(`Restarted: ${restarts.join(', ')}`, columns, 'plain', '  ')),
    ...(irreversible.length === 0 ? [] : [[], line('Stays, as it can’t be undone', 'strong')]),
    ...irreversible.flatMap(({ what, why }) => paragraph(`· ${what}: ${why}`, columns, 'plain', '  ')),
    [],
    ...(log === '' ? [] : paragraph(`Log: ${log}`, columns, 'dim')),
  ];
}

function failedLines({ at, problem, logLine }: FailedStep, columns: number): readonly Line[] {
  return [
    ...paragraph(`✗ ${at}`, columns, 'bad', '  '),
    ...paragraph(`  ${problem.what}`, columns, 'plain', '  '),
    ...(problem.command === undefined ? [] : paragraph(`  $ ${problem.command}`, columns, 'strong', '    ')),
    ...(problem.detail ?? []).flatMap((each) =>
      wrapText(`    ${each}`, columns, '    ').map((text) => line(text, 'dim')),
    ),
    ...paragraph(`  What to do: ${problem.remedy}`, columns, 'accent', '  '),
    ...(logLine === undefined ? [] : [line(`  Log, line ${logLine}`, 'dim')]),
  ];
}
