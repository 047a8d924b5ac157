import { count } from '../../output/duration.ts';
import { motionOf } from '../kit/key.ts';
import { type Line, line, paragraph } from '../kit/line.ts';
import { bodyOf, textMoved, textWindow } from '../kit/window.ts';
import type { WizardState } from '../state/state.ts';
import { findInText } from './find-in-text.ts';
import type { Screen } from './screen.ts';

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

  hints: ({ finish: shown }) => [
    { keys: 'q', does: 'quit' },
    ...(shown?.results.some(({ result }) => !result.ok) ? [{ keys: 'm', does: 'mend' }] : []),
    { keys: '↑ ↓', does: 'scroll' },
    { keys: 'd', does: 'check again' },
    { keys: 'Esc', does: 'overview' },
  ],

  press(state, key, want) {
    if (state.finish === undefined || key.name === 'escape') return { ...state, screen: 'overview' };
    if (key.text === 'd') want({ type: 'check' });
    if (key.text === 'm') want({ type: 'task', request: { kind: 'fix' } });
    if (key.name === 'enter') return { ...state, notice: 'All is done. q quits.' };
    const motion = motionOf(key);
    if (motion === undefined) return state;
    const { columns, rows } = bodyOf(state.size);
    const { length } = linesOf(state, columns);
    return {
      ...state,
      finish: { ...state.finish, scroll: textMoved(state.finish.scroll, motion, length, rows) },
    };
  },

  find: findInText(linesOf, {
    get: (state) => state.finish?.scroll ?? 0,
    set: (state, scroll) => (state.finish ? { ...state, finish: { ...state.finish, scroll } } : state),
  }),
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
