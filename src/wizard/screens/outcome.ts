import { motionOf } from '../kit/key.ts';
import { type Line, line, paragraph, wrapText } from '../kit/line.ts';
import { bodyOf, textMoved, textWindow } from '../kit/window.ts';
import { namedFile } from '../state/named-file.ts';
import type { OutcomeState, WizardState } from '../state/state.ts';
import type { FailedStep } from '../state/task.ts';
import { findInText } from './find-in-text.ts';
import type { Screen } from './screen.ts';

/** How a task ended: how the site is now, what was proved, what was changed, and what went wrong. */
export const outcomeScreen: Screen = {
  title: ({ outcome: shown }) => shown?.outcome.title ?? '',

  lines: (state, size) => textWindow(linesOf(state, size.columns), state.outcome?.scroll ?? 0, size.rows),

  hints: ({ outcome: shown }) => [
    { keys: 'Enter', does: 'overview' },
    ...(shown?.outcome.end === 'well' ? [] : [{ keys: 'r', does: againWords(shown) }]),
    ...(shown?.outcome.failed.length
      ? [
          { keys: '!', does: 'shell' },
          { keys: 'l', does: 'log' },
          ...(fileAt(shown) === undefined ? [] : [{ keys: 'o', does: 'edit the file', rare: true }]),
        ]
      : []),
    { keys: 'd', does: 'is the site well?' },
  ],

  press(state, key, want) {
    const shown = state.outcome;
    if (shown === undefined || key.name === 'escape' || key.name === 'enter')
      return { ...state, screen: 'overview' };
    const motion = motionOf(key);
    if (motion !== undefined) {
      const { columns, rows } = bodyOf(state.size);
      const { length } = linesOf(state, columns);
      return { ...state, outcome: { ...shown, scroll: textMoved(shown.scroll, motion, length, rows) } };
    }
    switch (key.text) {
      case 'r':
        if (shown.outcome.end !== 'well')
          want(shown.again === 'finish' ? { type: 'finish' } : { type: 'task', request: shown.again });
        return state;
      case 'd':
        want({ type: 'check' });
        return state;
      case '!':
        want({ type: 'shell' });
        return state;
      case 'o': {
        const path = fileAt(shown);
        if (path !== undefined) want({ type: 'open-file', path });
        return path === undefined ? { ...state, notice: 'It names no file that could be edited.' } : state;
      }
      case 'l': {
        const operation = shown.outcome.failed.at(-1)?.operation;
        return operation === undefined
          ? state
          : { ...state, screen: 'log', log: { operation, back: 'outcome', from: undefined } };
      }
      default:
        return state;
    }
  },

  find: findInText(linesOf, {
    get: (state) => state.outcome?.scroll ?? 0,
    set: (state, scroll) => (state.outcome ? { ...state, outcome: { ...state.outcome, scroll } } : state),
  }),
};

function againWords(shown: OutcomeState | undefined): string {
  return shown?.again === 'finish' ? 'go on with it' : 'try again';
}

function fileAt({ outcome: { failed } }: OutcomeState): string | undefined {
  return failed.map(({ problem }) => namedFile(problem)).find((path) => path !== undefined);
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
