import { hintsOf } from '../frame.ts';
import type { Line } from '../../kit/line.ts';
import { overlayOf } from '../overlay.ts';
import { screenOf } from '../press.ts';
import type { Hint } from '../../screens/screen.ts';
import type { ScreenName, State } from '../../state/state.ts';
import { domainSaid, domainTypingSaid } from './domain.ts';
import { formSaid, typingSaid } from './form.ts';
import { logSaid } from './log.ts';
import { overviewSaid } from './overview.ts';
import { reviewSaid } from './review.ts';
import { runSaid } from './run.ts';
import { EVERYTHING, type Said, saidLines } from './item.ts';
import { keyWords, wordsOf } from './words.ts';

/** Lines of a long text that are said at once; with arrows it is read on. */
const PAGE = 30;

const SCREENS: Partial<Readonly<Record<ScreenName, (state: State) => readonly Said[]>>> = {
  overview: overviewSaid,
  questions: formSaid,
  review: reviewSaid,
  run: runSaid,
  log: logSaid,
  domain: domainSaid,
};

/**
 * A whole screen as a screen reader says it. Its first line names the screen: another one means that all is said; else what
 * changed. What is typed stands last, so that a character that is typed follows the one before.
 */
export function spokenOf(state: State): readonly Said[] {
  const overlay = overlayOf(state, screenOf(state), EVERYTHING.columns);
  if (overlay !== undefined)
    return [
      { text: state.alert ? 'This did not work' : 'Help' },
      ...(state.alert ? saidLines(overlay) : helpSaid(overlay)),
      toolbar([{ keys: 'Esc', does: 'back' }]),
    ];
  return [
    { text: headingOf(state) },
    ...(SCREENS[state.screen] ?? textSaid)(state),
    ...(state.notice === '' ? [] : [{ text: `Note: ${wordsOf(state.notice)}` }]),
    ...(state.busy === '' ? [] : [{ text: `Working: ${state.busy}`, states: ['busy' as const] }]),
    ...toolbars(state),
    ...typingOf(state),
  ];
}

/** Without what counts on by itself: it would be said at each change. */
function headingOf(state: State): string {
  if (state.screen === 'overview') return 'Overview';
  if (state.screen === 'run') return wordsOf(state.run.heading);
  return wordsOf(screenOf(state).title(state));
}

function typingOf(state: State): readonly Said[] {
  if (state.search.typing) return [{ role: 'textbox', text: `Search: ${wordsOf(state.search.text)}` }];
  if (state.screen === 'domain') return domainTypingSaid(state);
  return state.screen === 'questions' ? typingSaid(state) : [];
}

/** A screen that is one long text. */
function textSaid(state: State): readonly Said[] {
  const { lines } = screenOf(state);
  const from = lines(state, { columns: EVERYTHING.columns, rows: PAGE });
  const isLonger = lines(state, EVERYTHING).length > PAGE;
  return [
    ...saidLines(from).filter(({ text }) => !/^\d+ more (above|below)$/.test(text)),
    ...(isLonger ? [{ text: 'It is longer: Down and PgDn read on.' }] : []),
  ];
}

/** Keys of the screen change from row to row; those that work everywhere are said once. */
function toolbars(state: State): readonly Said[] {
  const hints = hintsOf(state);
  const everywhere = hints.filter(({ keys }) => keys === '?' || keys === 'q');
  const own = hints.filter((hint) => !everywhere.includes(hint));
  return [
    ...(own.length === 0 ? [] : [toolbar(own)]),
    toolbar([...everywhere, { keys: 'Ctrl-L', does: 'say all of it again' }]),
  ];
}

/** Each key with what it does; no legend of marks, none is said. */
function helpSaid(lines: readonly Line[]): readonly Said[] {
  return lines.flatMap((line): readonly Said[] => {
    const [keys, does] = line;
    if (keys?.tone === 'strong' && does !== undefined)
      return [{ text: `${keyWords(keys.text.trim())}: ${wordsOf(does.text)}` }];
    return keys?.text.startsWith('✓') ? [] : saidLines([line]);
  });
}

function toolbar(hints: readonly Hint[]): Said {
  return {
    role: 'toolbar',
    text: hints.map(({ keys, does }) => `${keyWords(keys)}: ${wordsOf(does)}`).join('; '),
  };
}
