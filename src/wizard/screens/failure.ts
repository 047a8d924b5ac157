import { count } from '../../output/duration.ts';
import type { Problem } from '../../output/problem.ts';
import { motionOf } from '../kit/key.ts';
import { type Line, line, paragraph, wrapText } from '../kit/line.ts';
import { bodyOf, textMoved, textWindow } from '../kit/window.ts';
import { namedFile } from '../state/named-file.ts';
import type { FailureState, WizardState } from '../state/state.ts';
import { findInText } from './find-in-text.ts';
import type { Screen } from './screen.ts';

/** Why a run stopped, and what the operator can do about it. */
export const failureScreen: Screen = {
  title: ({ failure: shown }) => {
    if (shown === undefined) return '';
    if (shown.failed.length === 0) return 'Stopped';
    const which =
      shown.failed.length > 1 ? ` (${shown.selected + 1} of ${shown.failed.length}; Tab for the next)` : '';
    return `${shown.failed.length === 1 ? 'A step' : `${shown.failed.length} steps`} failed${which}`;
  },

  lines(state, size) {
    return textWindow(linesOf(state, size.columns), state.failure?.scroll ?? 0, size.rows);
  },

  hints: ({ failure: shown }) =>
    shown?.failed.length === 0
      ? [
          { keys: 'Enter', does: 'go on from here' },
          { keys: 'Esc', does: 'overview' },
        ]
      : [
          ...(shown?.conflict ? [{ keys: 'd', does: 'decide' }] : []),
          { keys: 'r', does: 'retry' },
          { keys: 's', does: 'skip' },
          { keys: 'e', does: 'edit answers' },
          { keys: '!', does: 'shell' },
          { keys: 'l', does: 'log' },
          ...(fileAt(shown) === undefined ? [] : [{ keys: 'o', does: `edit ${fileAt(shown)}`, rare: true }]),
          { keys: 'Esc', does: 'overview', rare: true },
        ],

  press(state, key, want) {
    const shown = state.failure;
    if (shown === undefined || key.name === 'escape') return { ...state, screen: 'overview' };
    const motion = motionOf(key);
    if (motion !== undefined) {
      const { columns, rows } = bodyOf(state.size);
      const { length } = linesOf(state, columns);
      return { ...state, failure: { ...shown, scroll: textMoved(shown.scroll, motion, length, rows) } };
    }
    if (key.name === 'tab' && shown.failed.length > 1)
      return {
        ...state,
        failure: { ...shown, selected: (shown.selected + 1) % shown.failed.length, scroll: 0 },
      };
    if (key.text === 'r' || (key.name === 'enter' && shown.failed.length === 0)) want({ type: 'retry' });
    if (key.text === '!') want({ type: 'shell' });
    if (key.text === 'd' && shown.conflict) want({ type: 'review', names: state.review?.names ?? [] });
    const failed = shown.failed[shown.selected];
    if (failed === undefined) return state;
    if (key.name === 'enter')
      return { ...state, notice: 'r tries it again, s goes on without it, e edits answers.' };
    if (key.text === 's') want({ type: 'skip' });
    if (key.text === 'o') {
      const path = fileAt(shown);
      if (path === undefined) return { ...state, notice: 'It names no file that could be edited.' };
      want({ type: 'open-file', path });
    }
    if (key.text === 'l')
      return {
        ...state,
        screen: 'log',
        log: { operation: failed.operation, back: 'failure', from: undefined },
      };
    if (key.text === 'e') {
      const selected = state.sections.findIndex(({ id }) => id === failed.operation.split('/')[0]);
      const notice = 'Choose the section whose answers you want to change, then e. Enter goes on from here.';
      return {
        ...state,
        screen: 'overview',
        overview: { selected: Math.max(0, selected), details: undefined },
        notice,
      };
    }
    return state;
  },

  find: findInText(linesOf, {
    get: (state) => state.failure?.scroll ?? 0,
    set: (state, scroll) => (state.failure ? { ...state, failure: { ...state.failure, scroll } } : state),
  }),
};

function fileAt(shown: FailureState | undefined): string | undefined {
  const failed = shown?.failed[shown.selected];
  return failed === undefined ? undefined : namedFile(failed.problem);
}

function linesOf(state: WizardState, columns: number): readonly Line[] {
  const shown = state.failure;
  if (shown === undefined) return [];
  const failed = shown.failed[shown.selected];
  const rest = `${count(shown.notDone, 'step')} not done. What was done stays done: it goes on from here.`;
  if (failed === undefined)
    return [
      line('Stopped, as you asked.', 'strong'),
      ...paragraph(rest, columns),
      [],
      ...paragraph(`Log: ${shown.log}`, columns, 'dim'),
    ];
  const { problem } = failed;
  return [
    ...paragraph(`✗ ${failed.at}`, columns, 'bad', '  '),
    ...paragraph(withoutCommand(problem), columns - 2).map(indented),
    // Above all that the command said: in a small terminal that would push it out of sight.
    ...paragraph(`What to do: ${problem.remedy}`, columns - 2, 'accent').map(indented),
    [],
    ...(problem.command === undefined
      ? []
      : paragraph(`$ ${problem.command}`, columns - 2, 'strong', '  ').map(indented)),
    ...(problem.detail ?? []).flatMap((each) =>
      wrapText(each, columns - 4).map((text) => line(`    ${text}`, 'dim')),
    ),
    ...(problem.exitCode === undefined ? [] : [line(`  exit code ${problem.exitCode}`)]),
    [],
    ...(fileAt(shown) === undefined
      ? []
      : paragraph(`o opens ${fileAt(shown)} in your editor; then r tries it again.`, columns - 2, 'dim').map(
          indented,
        )),
    ...paragraph(rest, columns - 2, 'dim').map(indented),
    ...paragraph(
      `Log: ${shown.log}${failed.logLine === undefined ? '' : `, line ${failed.logLine}`}`,
      columns - 2,
      'dim',
    ).map(indented),
  ];
}

/** The command stands below it, as it can be typed. */
function withoutCommand({ what, command }: Problem): string {
  return command !== undefined && what.endsWith(`: ${command}`)
    ? `${what.slice(0, -command.length - 2)}.`
    : what;
}

function indented(text: Line): Line {
  return [{ text: '  ', tone: 'plain' }, ...text];
}
