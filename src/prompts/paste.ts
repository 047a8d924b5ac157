import { StoppedError } from '../output/problem.ts';

const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const ERASE = ['\u007f', '\b'];

interface HiddenOptions {
  /** Where the message and the dots go. */
  readonly output: NodeJS.WritableStream;
  readonly signal: AbortSignal;
  /** Whether a dot stands for each character; where nothing may be taken back from the screen none does. */
  readonly dots: boolean;
  /** Whether these lines are all; when absent, those of a key. */
  readonly isWhole?: (lines: readonly string[]) => boolean;
}

/**
 * Reads a text of several lines from the terminal without showing it. A PEM key
 * ends with its own last line, a path (absolute) with its line, all else with an empty one.
 * Not by one prompt after another: what is pasted comes in one piece, and each prompt would drop what follows its line.
 * @param message shown, as it is, once nothing typed is echoed any more
 * @throws StoppedError on Ctrl-C, or when `signal` ends the waiting
 */
export function readHiddenLines(
  message: string,
  { output, signal, dots, isWhole = isWholeKey }: HiddenOptions,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const { stdin } = process;
  const lines: string[] = [];
  let line = '';
  const stopped = () => reject(new StoppedError('Stopped by the operator'));
  const take = (chunk: Buffer) => {
    for (const character of chunk.toString().replaceAll('\r\n', '\n').replaceAll('\r', '\n')) {
      if (character === CTRL_C || character === CTRL_D) return stopped();
      if (ERASE.includes(character)) {
        if (dots && line !== '') output.write('\b \b');
        line = line.slice(0, -1);
      } else if (character !== '\n') {
        line += character;
        if (dots) output.write('•');
      } else {
        output.write('\n');
        lines.push(line);
        if (isWhole(lines)) return resolve(lines.join('\n').trim());
        line = '';
      }
    }
  };
  stdin.setRawMode(true);
  stdin.on('data', take);
  stdin.on('end', stopped);
  signal.addEventListener('abort', stopped, { once: true });
  stdin.resume();
  // Last: whoever pastes on seeing it must not meet a terminal that still echoes.
  output.write(message);
  return promise.finally(() => {
    signal.removeEventListener('abort', stopped);
    stdin.off('data', take);
    stdin.off('end', stopped);
    stdin.pause();
    stdin.setRawMode(false);
  });
}

function isWholeKey(lines: readonly string[]): boolean {
  const [first = ''] = lines;
  const last = lines.at(-1) ?? '';
  // An encrypted key has an empty line inside.
  if (first.startsWith('-----BEGIN ')) return last.startsWith('-----END ');
  return last.trim() === '' || first.startsWith('/');
}
