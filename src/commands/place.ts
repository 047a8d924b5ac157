import type { Command, Option } from 'commander';

/** Where the cursor is in what was typed. */
export interface Place {
  /** The whole command line until a command was typed. */
  readonly command: Command;
  /** Whose value comes next. */
  readonly option: Option | undefined;
  /** Its values so far: one that takes several takes all that follow. */
  readonly values: readonly string[];
  /** The arguments so far. */
  readonly words: readonly string[];
  /** Behind `--` there are arguments only. */
  readonly ended: boolean;
  /** All that was typed before it. */
  readonly before: readonly string[];
}

/** @param before the words before the one that is completed, without the program's name */
export function placeOf(root: Command, before: readonly string[]): Place {
  const start: Place = { command: root, option: undefined, values: [], words: [], ended: false, before };
  // bash takes the = of --option=value for a word.
  return before.filter((word) => word !== '=').reduce((place, word) => after(place, word, root), start);
}

function after(place: Place, word: string, root: Command): Place {
  const { command, option, values, words } = place;
  if (mayBeOption(place) && word.startsWith('-')) {
    const found = optionCalled(command, word);
    const takes = found?.required && !word.includes('=');
    return { ...place, option: takes ? found : undefined, values: [], ended: word === '--' };
  }
  if (option !== undefined)
    return { ...place, values: [...values, word], option: option.variadic ? option : undefined };
  const named = command === root && words.length === 0 ? commandCalled(root, word) : undefined;
  return named === undefined ? { ...place, words: [...words, word] } : { ...place, command: named };
}

/** @returns whether an option can come: not where a value must, and not behind `--` */
export function mayBeOption({ option, values, ended }: Place): boolean {
  return !ended && (option === undefined || values.length > 0);
}

/** @param word as typed, with its value or without @returns the option of the command, or of all commands */
export function optionCalled(command: Command, word: string): Option | undefined {
  const flag = word.split('=')[0];
  const found = command.options.find(({ long, short }) => flag === long || flag === short);
  return found ?? (command.parent === null ? undefined : optionCalled(command.parent, word));
}

export function commandCalled(root: Command, word: string): Command | undefined {
  return visible(root).find((command) => command.name() === word);
}

/** @returns the commands that the help has */
export function visible(root: Command): readonly Command[] {
  return root.createHelp().visibleCommands(root);
}
