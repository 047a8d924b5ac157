/** Longest line kept; a program that prints megabytes without a newline must not fill memory. */
const LONGEST_LINE = 4096;

/**
 * Splits a byte stream into lines, at carriage returns too (progress bars), across chunk and character
 * boundaries. Holds at most one line.
 */
export class LineSplitter {
  readonly #decoder = new TextDecoder('utf-8');
  readonly #onLine: (line: string) => void;
  #rest = '';

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    const parts = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r/);
    this.#rest = parts.pop() ?? '';
    for (const part of parts) this.#emit(part);
    if (this.#rest.length > LONGEST_LINE) {
      this.#emit(this.#rest);
      this.#rest = '';
    }
  }

  end(): void {
    this.#emit(this.#rest + this.#decoder.decode());
    this.#rest = '';
  }

  #emit(line: string): void {
    if (line !== '') this.#onLine(line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line);
  }
}

/**
 * Keeps the last part of an output: whole while it is short, bounded for ever after. Copies what it is given: a chunk
 * that is kept grows old, and what is old is freed late, so that a talkative program would cost tens of megabytes.
 */
export class Tail {
  readonly #limit: number;
  #bytes = Buffer.alloc(0);
  #end = 0;

  /** @param limit bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Buffer): void {
    const part = chunk.subarray(-this.#limit);
    if (this.#end + part.length > this.#bytes.length) this.#makeRoom(part.length);
    part.copy(this.#bytes, this.#end);
    this.#end += part.length;
  }

  text(): string {
    return this.#bytes.toString('utf8', Math.max(0, this.#end - this.#limit), this.#end);
  }

  /** Grows to twice the limit, then moves the last part to the front: each byte is moved about once. */
  #makeRoom(needed: number): void {
    const size = Math.min(2 * this.#limit, Math.max(2 * this.#bytes.length, this.#end + needed, 4096));
    const kept = Math.min(this.#end, size - needed, this.#limit);
    const source = this.#bytes;
    if (size > source.length) this.#bytes = Buffer.allocUnsafeSlow(size);
    source.copy(this.#bytes, 0, this.#end - kept, this.#end);
    this.#end = kept;
  }
}
