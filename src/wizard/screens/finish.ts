import { count } from '../../output/duration.ts';
import { type Line, line, paragraph } from '../kit/line.ts';
import { textWindow } from '../kit/window.ts';
import { goBack } from '../state/navigation.ts';
import type { WizardState } from '../state/state.ts';
import { asked } from './actions.ts';
import { findInText, type Scroll, scrolling } from './long-text.ts';
import type { Screen } from './screen.ts';

const SCROLL: Scroll = {
  get: (state) => state.finish?.scroll ?? 0,
  set: (state, scroll) => (state.finish ? { ...state, finish: { ...state.finish, scroll } } : state),
};

/** The scorecard, and what comes next. */
export const finishScreen: Screen = {
  title: ({ finish: shown }) => {
    if (shown === undefined) return '';
    const failed = shown.results.filter(({ result }) => !result.ok).length;
    if (failed === 0) return `The site is well: ${count(shown.results.length, 'check')} passed`;
    return `${failed} of ${count(shown.results.length, 'check')} failed`;
  },

  lines(state, size) {
    return textWindow(linesOf(state, size.columns), state.finish?.scroll ?? 0, size.rows);
  },

  bindings: [
    {
      on: ['enter'],
      does: 'say what to press',
      hint: 'never',
      press: (state) => ({ ...state, notice: 'All is done. q quits.' }),
    },
    {
      on: ['m'],
      does: 'mend',
      hint: ({ finish: shown }) => (shown?.results.some(({ result }) => !result.ok) ? 'always' : 'never'),
      press: (state, _, want) => asked(state, want, { type: 'task', request: { kind: 'fix' } }),
    },
    { ...scrolling(linesOf, SCROLL), hint: 'always' },
    { on: ['d'], does: 'check again', press: (state, _, want) => asked(state, want, { type: 'check' }) },
    { on: ['escape'], does: 'back', press: goBack },
  ],

  find: findInText(linesOf, SCROLL),
};

function linesOf(state: WizardState, columns: number): readonly Line[] {
  const shown = state.finish;
  if (shown === undefined) return [];
  const warnings = shown.warnings.flatMap((each) => paragraph(`! ${each}`, columns, 'warn', '  '));
  const head =
    shown.changed === 0 && shown.restarts.length === 0
      ? []
      : paragraph(
          `${count(shown.changed, 'change')}${shown.restarts.length === 0 ? ', nothing restarted.' : `. Restarted: ${shown.restarts.join(', ')}`}`,
          columns,
          'dim',
        );
  return [
    ...head,
    ...shown.results.flatMap(({ title, result }) => [
      ...paragraph(
        `${result.ok ? '✓' : '✗'} ${title}: ${result.said}`,
        columns,
        result.ok ? 'good' : 'bad',
        '    ',
      ),
      ...(result.ok || result.remedy === undefined
        ? []
        : paragraph(`    What to do: ${result.remedy}`, columns, 'plain', '    ')),
    ]),
    ...warnings,
    ...shown.notDone.flatMap((each) => paragraph(`○ Not done: ${each}`, columns, 'warn', '  ')),
    ...state.answered.skipped.flatMap(({ what, consequence }) =>
      paragraph(`○ Not set up: ${what}. ${consequence}`, columns, 'dim', '  '),
    ),
    [],
    line('What next', 'strong'),
    ...NEXT.flatMap((each) => paragraph(`· ${each}`, columns, 'plain', '  ')),
  ];
}

const NEXT = [
  'Look at the site in a browser and log in to /admin/.',
  'Set up backups: the database, /var/www and /etc/letsencrypt. Nothing here makes them.',
  'Reboot once while nobody visits, then run studio-setup doctor: all of it comes back by itself.',
  'The certificate renews itself; the renewal was tried.',
  'Start studio-setup again at any time: it shows what drifted and what was left out.',
];
