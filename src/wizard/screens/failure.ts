import { count } from '../../output/duration.ts';
import type { Problem } from '../../output/problem.ts';
import { type Line, line, paragraph } from '../kit/line.ts';
import { wrapText } from '../kit/width.ts';
import { textWindow } from '../kit/window.ts';
import { namedFile } from '../state/named-file.ts';
import { goBack, goHome } from '../state/navigation.ts';
import type { FailureState, WizardState } from '../state/state.ts';
import type { FailedStep } from '../state/task.ts';
import { asked, openFile, openLog } from './actions.ts';
import { findInText, type Scroll, scrolling } from './long-text.ts';
import type { Screen } from './screen.ts';

const SCROLL: Scroll = {
  get: (state) => state.failure?.scroll ?? 0,
  set: (state, scroll) => (state.failure ? { ...state, failure: { ...state.failure, scroll } } : state),
};

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

  bindings: [
    {
      on: ['enter'],
      does: 'go on from here',
      when: isStopped,
      press: (state, _, want) => asked(state, want, { type: 'retry' }),
    },
    {
      on: ['enter'],
      does: 'say what to press',
      hint: 'never',
      press: (state) => ({ ...state, notice: 'r tries it again, s goes on without it, e edits answers.' }),
    },
    {
      on: ['d'],
      does: 'decide',
      when: ({ failure: shown }) => shown?.conflict === true,
      press: (state, _, want) => asked(state, want, { type: 'review', names: state.review?.names ?? [] }),
    },
    {
      on: ['r'],
      does: 'retry',
      hint: unlessStopped,
      press: (state, _, want) => asked(state, want, { type: 'retry' }),
    },
    {
      on: ['s'],
      does: 'skip',
      when: hasFailed,
      press: (state, _, want) => asked(state, want, { type: 'skip' }),
    },
    { on: ['e'], does: 'edit answers', when: hasFailed, press: editAnswers },
    {
      on: ['!'],
      does: 'shell',
      hint: unlessStopped,
      press: (state, _, want) => asked(state, want, { type: 'shell' }),
    },
    {
      on: ['l'],
      does: 'log',
      when: hasFailed,
      press: (state) => openLog(state, failedAt(state)?.operation),
    },
    {
      on: ['tab'],
      does: 'next failure',
      when: ({ failure: shown }) => (shown?.failed.length ?? 0) > 1,
      press: nextFailure,
    },
    {
      on: ['o'],
      does: ({ failure: shown }) => `edit ${fileAt(shown)}`,
      when: hasFailed,
      hint: ({ failure: shown }) => (fileAt(shown) === undefined ? 'never' : 'rare'),
      press: (state, _, want) => openFile(state, fileAt(state.failure), want),
    },
    {
      on: ['escape'],
      does: 'overview',
      hint: (state) => (isStopped(state) ? 'always' : 'rare'),
      press: goBack,
    },
    scrolling(linesOf, SCROLL),
  ],

  find: findInText(linesOf, SCROLL),
};

function isStopped({ failure: shown }: WizardState): boolean {
  return shown?.failed.length === 0;
}

function unlessStopped(state: WizardState): 'always' | 'never' {
  return isStopped(state) ? 'never' : 'always';
}

function failedAt({ failure: shown }: WizardState): FailedStep | undefined {
  return shown?.failed[shown.selected];
}

function hasFailed(state: WizardState): boolean {
  return failedAt(state) !== undefined;
}

function nextFailure(state: WizardState): WizardState {
  const { failure: shown } = state;
  if (shown === undefined) return state;
  const selected = (shown.selected + 1) % shown.failed.length;
  return { ...state, failure: { ...shown, selected, scroll: 0 } };
}

/** By way of the overview: an answer of another section may be the cause. */
function editAnswers(state: WizardState): WizardState {
  const section = failedAt(state)?.operation.split('/')[0];
  const selected = Math.max(
    0,
    state.sections.findIndex(({ id }) => id === section),
  );
  const notice = 'Choose the section whose answers you want to change, then e. Enter goes on from here.';
  return { ...goHome(state), overview: { selected, details: undefined }, notice };
}

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
