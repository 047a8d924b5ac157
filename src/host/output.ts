/** Bytes of each output stream that are kept, from its end, of a program that is asked for its answer. */
export const KEPT = 8 * 1024 * 1024;
/** The same of one whose output is heard line by line: the log has all of it, a failure shows the end. */
const KEPT_OF_LINES = 512 * 1024;
/** The same of both streams as they came, for the last lines that a failure shows. */
const KEPT_IN_ORDER = 64 * 1024;

export const STREAMS = ['stdout', 'stderr'] as const;
export type Stream = (typeof STREAMS)[number];

/** What a program prints, as far as it is kept. */
export class ProgramOutput {
  readonly #kept: Readonly<Record<Stream, Tail>>;
  readonly #lines: Readonly<Record<Stream, LineSplitter>> | undefined;
  readonly #both: Tail | undefined;

  /** @param onLine told of each line, as it comes */
  constructor(onLine?: (line: string) => void) {
    const kept = onLine ? KEPT_OF_LINES : KEPT;
    this.#kept = { stdout: new Tail(kept), stderr: new Tail(kept) };
    if (onLine === undefined) return;
    this.#lines = { stdout: new LineSplitter(onLine), stderr: new LineSplitter(onLine) };
    this.#both = new Tail(KEPT_IN_ORDER);
  }

  push(stream: Stream, chunk: Buffer): void {
    this.#kept[stream].push(chunk);
    this.#both?.push(chunk);
    this.#lines?.[stream].push(chunk);
  }

  /** A last line may have no end. */
  end(stream: Stream): void {
    this.#lines?.[stream].end();
  }

  get stdout(): string {
    return this.#kept.stdout.text();
  }

  get stderr(): string {
    return this.#kept.stderr.text();
  }

  /** Of one whose output is heard line by line. */
  get inOrder(): { readonly inOrder?: string } {
    return this.#both === undefined ? {} : { inOrder: this.#both.text() };
  }
}

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
