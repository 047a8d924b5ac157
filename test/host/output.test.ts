import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter, Tail } from '../../src/host/output.ts';

function linesOf(...chunks: (string | Uint8Array)[]): string[] {
  const lines: string[] = [];
  const splitter = new LineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  splitter.end();
  return lines;
}

describe('LineSplitter', () => {
  it.each([
    ['whole lines', ['one\ntwo\n'], ['one', 'two']],
    ['a line across chunks', ['on', 'e\ntw', 'o'], ['one', 'two']],
    ['carriage returns of a progress bar', ['10%\r20%\r', '30%\n'], ['10%', '20%', '30%']],
    ['a line end of two characters cut in half', ['one\r', '\ntwo\r\n'], ['one', 'two']],
    ['empty lines, which say nothing', ['\n\none\n\n'], ['one']],
    ['a last line without its end', ['one'], ['one']],
    ['nothing', [], []],
  ])('%s', (_, chunks, expected) => {
    expect(linesOf(...chunks)).toEqual(expected);
  });

  it('a character cut in half stays whole', () => {
    const bytes = Buffer.from('größe\n');
    expect(linesOf(bytes.subarray(0, 3), bytes.subarray(3))).toEqual(['größe']);
  });

  it('megabytes without a newline come out in bounded pieces', () => {
    const lines = linesOf(...Array.from({ length: 200 }, () => 'x'.repeat(10_000)));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(4097);
  });
});

describe('Tail', () => {
  it('keeps all while it is short, and exactly the last part of what is longer, however it comes', () => {
    const text = fc.string({ minLength: 0, maxLength: 30, unit: 'grapheme-ascii' });
    fc.assert(
      fc.property(fc.array(text, { maxLength: 60 }), (parts) => {
        const tail = new Tail(10);
        for (const part of parts) tail.push(Buffer.from(part));
        expect(tail.text()).toBe(parts.join('').slice(-10));
      }),
    );
  });

  it('does not keep hold of what it was given', () => {
    const tail = new Tail(10);
    const chunk = Buffer.from('abc');
    tail.push(chunk);
    chunk.fill('x');
    expect(tail.text()).toBe('abc');
  });
});
