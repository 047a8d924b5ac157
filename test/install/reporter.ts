import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Rehearsal } from '../rehearsal/rehearsal.ts';

/** A Python program of this folder at work on the host: it says a line once it is ready, and ends with its standard input. */
export interface Reporter {
  readonly input: NonNullable<ChildProcess['stdin']>;
  /** Settles with its first line. */
  readonly ready: Promise<unknown>;
  /** @returns every line that it said */
  stop(): Promise<readonly string[]>;
}

/** Starts one. @param name of its file @param args what it takes */
export async function startReporter(
  host: Rehearsal,
  name: string,
  args: readonly string[] = [],
): Promise<Reporter> {
  const program = await readFile(join(import.meta.dirname, name), 'utf8');
  const { stdin, stdout, stderr } = host.spawn(['python3', '-c', program, ...args]);
  if (!stdin || !stdout) throw new Error('Its streams are pipes.');
  stderr?.pipe(process.stderr);
  const said: string[] = [];
  const lines = createInterface(stdout);
  lines.on('line', (line) => said.push(line));
  const ended = once(lines, 'close');
  return {
    input: stdin,
    ready: once(lines, 'line'),
    async stop() {
      stdin.end();
      await ended;
      return said;
    },
  };
}
