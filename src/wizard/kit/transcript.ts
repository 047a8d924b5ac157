import { Writable } from 'node:stream';
import { harmless } from '../../output/clean.ts';
import { changeOf, whereOne } from './transcript-change.ts';

/** After a key: as long as its consequence may take to be drawn. */
const KEY_MS = 60;
/** After a key that changed nothing: what it asked for may take a moment. */
const NOTHING_MS = 300;
/** What changes by itself is said together, at most this often. */
const FRAME_MS = 700;

/** Ink switches on that pastes are marked as such; nothing of it is seen, and a paste must not be taken for keys. */
const PASTES = /^\u001b\[\?2004[hl]$/;

/**
 * Takes Ink's frames (`debug`: each is written whole) and prints what changed since the last, line after line. What stands
 * there is never touched again, so that a screen reader reads each line once, and scrolling back shows all that happened.
 */
export class Transcript extends Writable {
  readonly #print: (text: string) => void;
  #frame: readonly string[] = [];
  #said: readonly string[] = [];
  /** The line that was printed last; the cursor stands behind it. */
  #open = '';
  #timer: NodeJS.Timeout | undefined;
  #due = Number.POSITIVE_INFINITY;
  #nothing: NodeJS.Timeout | undefined;

  /** @param print writes to the terminal */
  constructor(print: (text: string) => void) {
    super({ decodeStrings: false });
    this.#print = print;
  }

  /** Ink's types want a terminal; of one it uses here no more than the writing. */
  asTerminal(): NodeJS.WriteStream {
    return this as unknown as NodeJS.WriteStream;
  }

  override _write(chunk: unknown, _: unknown, done: () => void): void {
    const text = String(chunk);
    if (PASTES.test(text)) this.#print(text);
    else if (harmless(text) !== '') {
      this.#frame = harmless(text).split('\n');
      this.#within(FRAME_MS);
    }
    done();
  }

  /** To be told of each key: what it changes is said at once, and where one is when it changes nothing. */
  key(): void {
    clearTimeout(this.#nothing);
    this.#nothing = setTimeout(() => {
      this.flush();
      const here = whereOne(this.#said).join('\n');
      if (here !== this.#open) this.#say(here);
    }, NOTHING_MS);
    this.#within(KEY_MS);
  }

  /** Says the whole screen again. */
  again(): void {
    this.#said = [];
    this.flush();
  }

  /** Says now what has changed. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = Number.POSITIVE_INFINITY;
    const change = changeOf(this.#said, this.#frame, this.#open);
    this.#said = this.#frame;
    if (change?.continues) {
      clearTimeout(this.#nothing);
      this.#print(change.text);
      this.#open += change.text;
    } else if (change) this.#say(change.text);
  }

  /** Says the rest, and leaves the cursor on a line of its own. */
  close(): void {
    this.flush();
    clearTimeout(this.#nothing);
    if (this.#open !== '') this.#print('\n');
    this.#open = '';
  }

  #say(text: string): void {
    clearTimeout(this.#nothing);
    if (text === '') return;
    this.#print(this.#open === '' ? text : `\n${text}`);
    this.#open = text.slice(text.lastIndexOf('\n') + 1);
  }

  #within(ms: number): void {
    const due = Date.now() + ms;
    if (due >= this.#due) return;
    this.#due = due;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), ms);
  }
}
