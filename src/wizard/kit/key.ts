import type { Key as InkKey } from 'ink';
import { HELP } from './terminal-input.ts';
import { characters } from './width.ts';

type Name =
  | 'up'
  | 'down'
  | 'left'
  | 'right'
  | 'pageup'
  | 'pagedown'
  | 'home'
  | 'end'
  | 'enter'
  | 'escape'
  | 'tab'
  | 'backtab'
  | 'backspace'
  | 'delete'
  /** F1, or Ctrl-/ in most terminals. */
  | 'help';

/** One key, or one paste. */
export type Key =
  | { readonly name: Name; readonly text: '' }
  /** A character that was typed; `text` is that character. */
  | { readonly name: 'char'; readonly text: string }
  /** With Ctrl; `text` is the letter. */
  | { readonly name: 'ctrl'; readonly text: string }
  /** `text` as pasted, newlines and all. */
  | { readonly name: 'paste'; readonly text: string };

const NAMED: readonly (readonly [keyof InkKey, Name])[] = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'pageup'],
  ['pageDown', 'pagedown'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['backspace', 'backspace'],
  ['delete', 'delete'],
];

/** @returns the keys in what Ink gives at once: fast typing arrives as one text */
export function keysOf(input: string, key: InkKey): readonly Key[] {
  if (key.tab) return [{ name: key.shift ? 'backtab' : 'tab', text: '' }];
  for (const [flag, name] of NAMED) if (key[flag] === true) return [{ name, text: '' }];
  // Ink's name of the character in which F1 arrives.
  if (key.ctrl) return input === '_' ? [{ name: 'help', text: '' }] : [{ name: 'ctrl', text: input }];
  // Alt with a key means nothing here; taken for the key alone it could apply or quit.
  if (key.meta) return [];
  return characters(input).flatMap((character): readonly Key[] => {
    if (/^[\r\n]/.test(character)) return [{ name: 'enter', text: '' }];
    if (character === '\t') return [{ name: 'tab', text: '' }];
    if (character === '\u007f' || character === '\b') return [{ name: 'backspace', text: '' }];
    if (character === HELP) return [{ name: 'help', text: '' }];
    // Ctrl-A to Ctrl-Z, when they come in one piece with what was typed around them.
    const code = character.charCodeAt(0);
    if (code >= 1 && code <= 26) return [{ name: 'ctrl', text: String.fromCharCode(code + 96) }];
    return /^\p{Control}/u.test(character) ? [] : [{ name: 'char', text: character }];
  });
}

/** @returns what a table of keys calls it: its name, its character, `ctrl u`, or `paste` */
export function idOf(key: Key): string {
  if (key.name === 'char') return key.text;
  return key.name === 'ctrl' ? `ctrl ${key.text}` : key.name;
}

/** The keys of {@link motionOf}, as they are written. */
export const MOTION_KEYS = '↑ ↓ j k PgUp PgDn g G';

/** A step in a list, by arrows or as in vi. */
export type Motion = 'up' | 'down' | 'pageup' | 'pagedown' | 'home' | 'end';

const VI: Readonly<Record<string, Motion>> = { k: 'up', j: 'down', g: 'home', G: 'end' };

export function motionOf(key: Key): Motion | undefined {
  if (key.name === 'char') return VI[key.text];
  if (key.name === 'ctrl') return key.text === 'f' ? 'pagedown' : key.text === 'b' ? 'pageup' : undefined;
  switch (key.name) {
    case 'up':
    case 'down':
    case 'pageup':
    case 'pagedown':
    case 'home':
    case 'end':
      return key.name;
    default:
      return undefined;
  }
}

/** @param page rows of a page @returns where the selection then is, within `0` and `last` */
export function moved(at: number, motion: Motion, last: number, page: number): number {
  const to = {
    up: at - 1,
    down: at + 1,
    pageup: at - page,
    pagedown: at + page,
    home: 0,
    end: last,
  }[motion];
  return Math.max(0, Math.min(last, to));
}
