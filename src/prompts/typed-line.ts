import { StoppedError } from '../output/problem.ts';

/**
 * Reads one line as the terminal itself lets it be typed and fixed: it echoes, and this program draws nothing.
 * @throws StoppedError on Ctrl-D, or when `signal` ends the waiting (Ctrl-C is a signal here, no character)
 */
export function readTypedLine(signal: AbortSignal): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const { stdin } = process;
  let typed = '';
  const stopped = () => reject(new StoppedError('Stopped by the operator'));
  const take = (chunk: Buffer) => {
    typed += chunk.toString();
    const end = typed.search(/[\r\n]/);
    if (end < 0) return;
    // What was typed ahead belongs to the next question.
    const ahead = typed.slice(end).replace(/^\r?\n|^\r/, '');
    if (ahead !== '') stdin.unshift(Buffer.from(ahead));
    resolve(typed.slice(0, end));
  };
  if (signal.aborted) stopped();
  stdin.on('data', take);
  stdin.on('end', stopped);
  signal.addEventListener('abort', stopped, { once: true });
  stdin.resume();
  return promise.finally(() => {
    signal.removeEventListener('abort', stopped);
    stdin.off('data', take);
    stdin.off('end', stopped);
    stdin.pause();
  });
}
