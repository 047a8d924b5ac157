/** Lines of one task's output that are kept on the screen; all of them stand in the log file. */
const LINES = 1000;
/** Characters of one line that are kept. */
const LONGEST = 400;

/** The last lines of an output, bounded whatever comes. */
export class Ring {
  readonly #lines: string[] = [];
  #next = 0;
  #total = 0;

  push(text: string): void {
    const kept = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
    if (this.#lines.length < LINES) this.#lines.push(kept);
    else this.#lines[this.#next] = kept;
    this.#next = (this.#next + 1) % LINES;
    this.#total += 1;
  }

  /** How many lines are kept. */
  get length(): number {
    return this.#lines.length;
  }

  /** How many came before those that are kept. */
  get dropped(): number {
    return this.#total - this.#lines.length;
  }

  /** @returns the kept lines from one on, oldest first */
  slice(from: number, to: number): readonly string[] {
    const first = this.#lines.length < LINES ? 0 : this.#next;
    const lines: string[] = [];
    for (let index = Math.max(0, from); index < Math.min(to, this.#lines.length); index += 1) {
      lines.push(this.#lines[(first + index) % LINES] ?? '');
    }
    return lines;
  }

  last(number: number): readonly string[] {
    return this.slice(this.length - number, this.length);
  }
}
