import { styleText } from 'node:util';
import { inWords } from './in-words.ts';
import { outputMode } from './output-mode.ts';
import { redactor } from './redaction.ts';

type Style = Parameters<typeof styleText>[0];

/** @returns `text` in a style, as it is where standard output is no terminal or NO_COLOR is set. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** What stands in the terminal's last line until something is printed. */
let awaited = '';

/**
 * Says what is awaited, on standard error, until the first line is printed; as a line of its own in words. Nothing where nobody
 * watches: standard output and error must both be terminals.
 */
export function awaiting(what: string): void {
  if (!process.stdout.isTTY || !process.stderr.isTTY) return;
  if (outputMode.words) printError(`${what}.`);
  else {
    awaited = `${what} …`;
    process.stderr.write(styleText('dim', awaited, { stream: process.stderr }));
  }
}

function takeAwaitedAway(): void {
  if (awaited !== '') process.stderr.write('\r\u001b[K');
  awaited = '';
}

/** Writes lines to standard output. What others wrote in them has passed `clean` before it was styled. */
export function print(...lines: readonly string[]): void {
  takeAwaitedAway();
  process.stdout.write(`${said(lines)}\n`);
}

/** Writes lines to standard error: what is about the command itself, not its result. */
export function printError(...lines: readonly string[]): void {
  takeAwaitedAway();
  process.stderr.write(`${said(lines)}\n`);
}

function said(lines: readonly string[]): string {
  const text = redactor.redact(lines.join('\n'));
  return outputMode.words ? inWords(text) : text;
}

/** Columns to draw in: the terminal's, 80 where there is none, and never so many that a line is hard to read. */
export function columns(): number {
  return Math.min(process.stdout.columns ?? 80, 120);
}

/**
 * A terminal that went away (ssh lost) must not end a run: writing to it fails from then on, silently.
 * Call once, at the start.
 */
export function surviveLostTerminal(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  }
}
