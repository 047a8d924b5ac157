import { StringDecoder } from 'node:string_decoder';
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
  const stopped = () => reject(new StoppedError('Stopped by the operator'));
  const take = hiddenTyping({ echo: (text) => output.write(text), dots, isWhole, whole: resolve, stopped });
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

interface Typing {
  readonly echo: (text: string) => void;
  readonly dots: boolean;
  readonly isWhole: (lines: readonly string[]) => boolean;
  readonly whole: (text: string) => void;
  readonly stopped: () => void;
}

/** @returns what takes the bytes of a terminal in raw mode, however they are cut into chunks */
export function hiddenTyping({ echo, dots, isWhole, whole, stopped }: Typing): (chunk: Buffer) => void {
  const decoder = new StringDecoder();
  const lines: string[] = [];
  let line = '';
  let ended = false;
  let returned = false;
  const erase = () => {
    if (dots && line !== '') echo('\b \b');
    line = line.slice(0, -1);
  };
  const endLine = () => {
    echo('\n');
    lines.push(line);
    line = '';
    if (!isWhole(lines)) return;
    ended = true;
    whole(lines.join('\n').trim());
  };
  const press = (character: string) => {
    if (character === CTRL_C || character === CTRL_D) {
      ended = true;
      stopped();
    } else if (ERASE.includes(character)) erase();
    else if (character === '\r' || character === '\n') endLine();
    else {
      line += character;
      if (dots) echo('•');
    }
  };
  return (chunk) => {
    for (const character of decoder.write(chunk)) {
      if (ended) return;
      // A line that ends with both is one line, also when the two come apart.
      const second = returned && character === '\n';
      returned = character === '\r';
      if (!second) press(character);
    }
  };
}

function isWholeKey(lines: readonly string[]): boolean {
  const [first = ''] = lines;
  const last = lines.at(-1) ?? '';
  // An encrypted key has an empty line inside.
  if (first.startsWith('-----BEGIN ')) return last.startsWith('-----END ');
  return last.trim() === '' || first.startsWith('/');
}
