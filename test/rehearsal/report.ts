const width = 80;

/** What was looked at, line by line as it is found out: `✓` holds, `✗` does not, `·` could not be looked at. */
export class Scorecard {
  readonly #print: (line: string) => void;
  readonly #started = performance.now();
  #lines = 0;
  #failed = 0;

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /**
   * Looks at one thing and prints what came out, with the seconds that it took.
   * @param prove says what it found; throws when the thing does not hold
   * @returns whether it holds
   */
  async line(title: string, prove: () => Promise<string>): Promise<boolean> {
    const started = performance.now();
    this.#lines += 1;
    let mark = '✓';
    let said: string;
    try {
      said = await prove();
    } catch (error) {
      mark = '✗';
      this.#failed += 1;
      said = error instanceof Error ? error.message : String(error);
    }
    const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`;
    this.#print(`${mark} ${title}${seconds.padStart(width - title.length - 2)}`);
    for (const line of wrapped(said)) this.#print(`    ${line}`);
    return mark === '✓';
  }

  /** A thing that can't be looked at because an earlier one does not hold: not good either. */
  without(title: string, why: string): void {
    this.#lines += 1;
    this.#failed += 1;
    this.#print(`· ${title}: not looked at, ${why}`);
  }

  /** Prints the last line. @returns whether everything holds */
  end(): boolean {
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(0);
    const holds = this.#lines - this.#failed;
    this.#print('');
    this.#print(`${holds} of ${this.#lines} hold, after ${seconds} s.`);
    return this.#failed === 0;
  }
}

/** Breaks at spaces; a word that is longer than a line is cut. */
function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    lines.push(...(paragraph.match(new RegExp(`.{1,${width - 4}}(?= |$)|\\S{${width - 4}}`, 'g')) ?? []));
  }
  return lines.map((line) => line.trim());
}
