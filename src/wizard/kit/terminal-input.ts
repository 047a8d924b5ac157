/** How long what began with one Alt key's bytes is waited for, in milliseconds: a person may have pressed Alt with that key. */
const PERHAPS_ALT_MS = 500;
/** How long the rest of a reply is waited for that has begun: a connection may stall in the middle of it. */
const REPLY_MS = 5000;
/** How long a lone ESC may still be the beginning of something: terminals send a sequence in one piece. */
const ESCAPE_MS = 25;

const ESC = '\u001b';
const PASTE_BEGINS = `${ESC}[200~`;
const PASTE_ENDS = `${ESC}[201~`;
/** What F1 sends: xterm's and VT220's, the Linux console's, and kitty's. */
const F1: ReadonlySet<string> = new Set([`${ESC}OP`, `${ESC}[11~`, `${ESC}[[A`, `${ESC}[P`]);
/** What F1 is turned into: Ctrl-/ in most terminals, and no key of an editor. Ink has no name for F1. */
export const HELP = '\u001f';

/**
 * Takes out of what a terminal sends all that it says by itself: control strings (APC, DCS, OSC, PM, SOS) and reports of an
 * old-style mouse. In a field they would be typed, elsewhere their letters would be keys. Grammar: ECMA-48, 5.6 and 8.3; how a
 * string is cut off: DEC's VT500 parser; BEL at the end of OSC: xterm's control sequences. Other replies (cursor position,
 * device attributes, focus) are CSI sequences, which Ink leaves out itself; here they are kept in one piece.
 */
export class TerminalInput {
  /** The beginning of what is not complete yet. */
  #held = '';
  #pasting = false;

  /** How long the rest of what is held may take, in milliseconds; `undefined` while nothing is held. */
  get patience(): number | undefined {
    if (this.#held === '') return undefined;
    if (this.#held === ESC) return ESCAPE_MS;
    return this.#held.length <= 2 ? PERHAPS_ALT_MS : REPLY_MS;
  }

  /** @param text what was read @returns what of it, and of what was held before, a person has typed or pasted */
  push(text: string): string {
    let rest = this.#held + text;
    let typed = '';
    this.#held = '';
    while (rest !== '') {
      const part = this.#pasting ? pasted(rest) : next(rest);
      if (part === undefined) {
        this.#held = rest;
        break;
      }
      if (part.paste !== undefined) this.#pasting = part.paste;
      typed += part.typed;
      rest = rest.slice(part.length);
    }
    return typed;
  }

  /** Gives up waiting. @returns what was typed of it: a lone ESC is the key; the beginning of anything else means nothing */
  giveUp(): string {
    const held = this.#held;
    this.#held = '';
    return held === ESC || this.#pasting ? held : '';
  }

  /** Forgets what was held: another program has the terminal. */
  reset(): void {
    this.#held = '';
    this.#pasting = false;
  }
}

interface Part {
  /** UTF-16 units of the input that it takes. */
  readonly length: number;
  readonly typed: string;
  /** Whether a paste begins or ends with it. */
  readonly paste?: boolean;
}

/** @returns the text up to the next sequence, or that sequence; `undefined` when it is not complete */
function next(input: string): Part | undefined {
  const at = input.search(/[\u001b\u0090\u0098\u009d-\u009f]/);
  if (at < 0) return { length: input.length, typed: input };
  if (at > 0) return { length: at, typed: input.slice(0, at) };
  if (input[0] !== ESC) return controlString(input, 1);
  switch (input[1]) {
    case undefined:
      return undefined;
    case 'P':
    case 'X':
    case '^':
    case '_':
    case ']':
      return controlString(input, 2);
    case '[':
    case 'O':
      return sequence(input);
    default:
      // Alt with a key, or Esc before something else.
      return { length: 1, typed: ESC };
  }
}

/** A string ends with ST or BEL; ESC with anything else, and each other control character, cut it off. */
function controlString(input: string, from: number): Part | undefined {
  const length = input.slice(from).search(/[\u0000-\u001f\u009c]/);
  if (length < 0) return undefined;
  const end = from + length;
  if (/[\u0007\u0018\u001a\u009c]/.test(input[end] ?? '')) return { length: end + 1, typed: '' };
  if (input[end] !== ESC) return { length: end, typed: '' };
  if (input[end + 1] === undefined) return undefined;
  return { length: input[end + 1] === '\\' ? end + 2 : end, typed: '' };
}

/** CSI and SS3: kept as they are, for Ink to know the key, or that there is none. */
function sequence(input: string): Part | undefined {
  // Three bytes of any kind follow: button, column, row.
  if (input.startsWith(`${ESC}[M`)) return input.length < 6 ? undefined : { length: 6, typed: '' };
  const found = /^\u001b(?:\[\[\d*[A-Z~]|\[[0-?]*[ -/]*[@-Z\\-~]|O[0-9;]*[@-~]|\[[235678]\$)/.exec(
    input,
  )?.[0];
  if (found === undefined) {
    const begun = /^\u001b(?:\[\[?[0-?]*[ -/]*|O[0-9;]*)/.exec(input)?.[0] ?? ESC;
    return begun === input ? undefined : { length: begun.length, typed: '' };
  }
  if (F1.has(found)) return { length: found.length, typed: HELP };
  return { length: found.length, typed: found, ...(found === PASTE_BEGINS ? { paste: true } : {}) };
}

/** What is pasted may have anything in it. */
function pasted(input: string): Part | undefined {
  const end = input.indexOf(PASTE_ENDS);
  if (end >= 0)
    return { length: end + PASTE_ENDS.length, typed: input.slice(0, end) + PASTE_ENDS, paste: false };
  // Its end may be cut in two.
  for (let length = PASTE_ENDS.length - 1; length > 0; length -= 1)
    if (input.endsWith(PASTE_ENDS.slice(0, length)))
      return input.length === length
        ? undefined
        : { length: input.length - length, typed: input.slice(0, -length) };
  return { length: input.length, typed: input };
}
