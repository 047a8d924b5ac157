import type { ReadStream } from 'node:tty';
import { TerminalInput } from './terminal-input.ts';

/**
 * @param stdin the terminal @returns the same stream, which gives away only what a person types or pastes; to be read as Ink
 *   does, by `read()` at each `readable`
 */
export function keyboard(stdin: ReadStream): ReadStream {
  const input = new TerminalInput();
  let givenUp = '';
  let timer: NodeJS.Timeout | undefined;

  const wait = () => {
    clearTimeout(timer);
    const { patience } = input;
    if (patience === undefined) return;
    timer = setTimeout(() => {
      givenUp = input.giveUp();
      if (givenUp !== '') stdin.emit('readable');
    }, patience);
    timer.unref();
  };
  const read = (): string | null => {
    const text: string | null = stdin.read();
    if (text === null && givenUp === '') return null;
    const typed = givenUp + input.push(text ?? '');
    givenUp = '';
    wait();
    return typed;
  };
  const setRawMode = (mode: boolean): ReadStream => {
    if (!mode) input.reset();
    return stdin.setRawMode(mode);
  };
  const own: Readonly<Record<PropertyKey, unknown>> = { read, setRawMode };
  return new Proxy(stdin, {
    get(target, name) {
      if (Object.hasOwn(own, name)) return own[name];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
