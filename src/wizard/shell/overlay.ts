import type { Problem } from '../../output/problem.ts';
import { MOTION_KEYS } from '../kit/key.ts';
import type { Hint } from '../screens/binding.ts';
import type { Screen } from '../screens/screen.ts';
import type { WizardState } from '../state/state.ts';
import { type Block, GAP, text } from '../view/block.ts';
import { screenHints } from './bindings.ts';

/** @returns what covers the screen until a key is pressed: what went wrong, or the help */
export function overlayOf(state: WizardState, screen: Screen): readonly Block[] | undefined {
  if (state.alert) return alertBlocks(state.alert);
  return state.help ? helpBlocks(state, screen) : undefined;
}

function alertBlocks({ what, detail = [], remedy }: Problem): readonly Block[] {
  return [
    text(what, { mark: 'failed', tone: 'bad' }),
    text(detail, { tone: 'dim', level: 1, hanging: 2 }),
    GAP,
    text(`What to do: ${remedy}`),
  ];
}

const MARKS = [
  '✓ up to date',
  '○ to do',
  '● drifted or edited by hand',
  '✗ failed',
  '≠ differs from the document',
  '+ new',
  '~ changed',
  '▸ run',
] as const;

/** On the screen of a run, and where letters are typed, it is a key of its own. */
const INTERRUPT = {
  keys: 'Ctrl-C',
  help: 'save and quit; during a run: stop after this step, pressed twice: stop now',
};

/** What a screen's own keys of {@link MOTION_KEYS} do. */
const MOVES: ReadonlySet<string> = new Set(['move', 'scroll']);

/** One row for all keys that move. Where text is typed, letters belong to the text. */
function motionHints(own: readonly Hint[], typing: boolean): readonly Pick<Hint, 'keys' | 'help'>[] {
  const moving = own.find(({ help }) => MOVES.has(help));
  if (typing) return moving === undefined ? [] : [moving];
  return [
    {
      keys: moving?.keys.startsWith('Tab') ? 'Tab ↑ ↓ j k PgUp PgDn' : MOTION_KEYS,
      help: moving?.help ?? 'move',
    },
  ];
}

function helpBlocks(state: WizardState, screen: Screen): readonly Block[] {
  const about = screen.about?.(state) ?? [];
  const own = screenHints(state);
  const keys: readonly Pick<Hint, 'keys' | 'help'>[] = [
    ...own.filter((hint) => hint.keys !== '?' && hint.keys !== 'q' && !MOVES.has(hint.help)),
    ...motionHints(own, screen.typing?.(state) ?? false),
    ...own.filter((hint) => hint.keys === 'q'),
    ...(own.some((hint) => hint.keys === 'Ctrl-C') ? [] : [INTERRUPT]),
  ];
  return [
    ...about,
    ...(about.length === 0 ? [] : [GAP]),
    { kind: 'keys', keys },
    GAP,
    { kind: 'legend', marks: MARKS },
  ];
}
