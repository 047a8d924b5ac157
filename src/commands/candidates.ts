import type { Argument, Command, Option } from 'commander';
import { runsOf } from '../app/listed-runs.ts';
import type { Product } from '../app/product.ts';
import { clean } from '../output/clean.ts';
import { count } from '../output/duration.ts';
import { localTime } from '../output/local-time.ts';
import { DEFAULT_COMMAND } from './definitions/run.ts';
import { commandCalled, mayBeOption, optionCalled, type Place, placeOf, visible } from './place.ts';

/** What can stand where the cursor is, and a few words about it. */
interface Candidate {
  readonly value: string;
  readonly about: string;
}

/** All that can stand there. */
export interface Candidates {
  readonly known: readonly Candidate[];
  /** Whether names of files fit as well: the shell knows them. */
  readonly files: boolean;
}

const NOTHING: Candidates = { known: [], files: false };
const FILES: Candidates = { known: [], files: true };

/** By the placeholder of an option or an argument without choices: what fits. */
export const VALUES: Readonly<Record<string, (product: Product, typed: string) => Promise<Candidates>>> = {
  section: async (product) => only((await product.sections()).map(({ id, title }) => candidate(id, title))),
  run: async (product) =>
    only(
      runsOf({ product }).map(({ record: { number, at, command }, changes }) =>
        candidate(String(Number(number)), `${localTime(at)}  ${command}, ${count(changes, 'change')}`),
      ),
    ),
  file: async () => FILES,
  path: async () => FILES,
  archive: async () => FILES,
  'path-or-id': async (product, typed) => {
    if (typed === '' || /[/~]/.test(typed)) return FILES;
    const questions = (await product.sections()).flatMap((section) => section.questions);
    return { known: questions.map(({ id, label }) => candidate(id, label)), files: true };
  },
  address: async () => NOTHING,
  number: async () => NOTHING,
  key: async () => NOTHING,
  name: async () => NOTHING,
  'branch-or-commit': async () => NOTHING,
  version: async () => NOTHING,
  digest: async () => NOTHING,
  seconds: async () => NOTHING,
};

/**
 * @param root the whole command line, from whose definitions all of it comes
 * @param words what was typed behind the program's name, up to the cursor: the last is begun, or empty
 * @returns what begins as the last word does
 */
export async function candidatesOf(
  root: Command,
  words: readonly string[],
  product: Product,
): Promise<Candidates> {
  const place = placeOf(root, words.slice(0, -1));
  // bash takes the = of --option=value for a word.
  const typed = (words.at(-1) ?? '').replace(/^=$/, '');
  const [, flag, value] = /^(--[\w-]+)=(.*)$/s.exec(typed) ?? [];
  if (flag !== undefined && value !== undefined) {
    const option = optionCalled(place.command, flag);
    const { known, files } = option === undefined ? NOTHING : await valuesOf(option, value, product);
    return {
      known: begun(known, value, []).map((each) => ({ ...each, value: `${flag}=${each.value}` })),
      files,
    };
  }
  if (mayBeOption(place) && typed.startsWith('-')) return only(begun(optionsIn(place), typed, []));
  const { option, words: given, values } = place;
  const found =
    option === undefined
      ? await wordsIn(place, root, typed, product)
      : await valuesOf(option, typed, product);
  return { ...found, known: begun(found.known, typed, option === undefined ? given : values) };
}

/** @returns the commands, or what fits as an argument; where a command takes no further one, its options */
async function wordsIn(place: Place, root: Command, typed: string, product: Product): Promise<Candidates> {
  const { command, words: given } = place;
  if (command === root && given.length === 0) {
    const commands = visible(root).filter((each) => each.name().startsWith(typed));
    if (commands.length > 0) return only(commands.map((each) => candidate(each.name(), textOf(each))));
  }
  const taking = command === root ? commandCalled(root, DEFAULT_COMMAND) : command;
  const taken = taking?.registeredArguments ?? [];
  const argument = taken[given.length] ?? (taken.at(-1)?.variadic ? taken.at(-1) : undefined);
  if (argument !== undefined) return valuesOf(argument, typed, product);
  return only(mayBeOption(place) ? optionsIn(place).filter(isOwnOf(command)) : []);
}

async function valuesOf(taker: Argument | Option, typed: string, product: Product): Promise<Candidates> {
  const { argChoices } = taker;
  if (argChoices !== undefined) return only(argChoices.map((each) => candidate(each, '')));
  return (await VALUES[placeholderOf(taker)]?.(product, typed)) ?? NOTHING;
}

/** @returns `section` of `--section <section...>` and of `[section...]` */
export function placeholderOf(taker: Argument | Option): string {
  return 'flags' in taker ? (/[<[]([^>\].]+)/.exec(taker.flags)?.[1] ?? '') : taker.name();
}

/** @returns the options that can still come, those of the command first */
function optionsIn({ command, before }: Place): readonly Candidate[] {
  const own = command.createHelp().visibleOptions(command);
  const all = [...own, ...(command.parent?.options ?? [])];
  const left = all.filter(
    ({ long, variadic }) => variadic || !before.some((word) => word.split('=')[0] === long),
  );
  return left.flatMap(({ long, description }) => (long === undefined ? [] : [candidate(long, description)]));
}

function isOwnOf(command: Command): (candidate: Candidate) => boolean {
  const own = command.options.map(({ long }) => long);
  return ({ value }) => own.includes(value);
}

function textOf(command: Command): string {
  return command.summary() || command.description();
}

/** @returns those that begin as the word does; what was given is not offered again */
function begun(all: readonly Candidate[], typed: string, given: readonly string[]): readonly Candidate[] {
  return all.filter(({ value }) => value.startsWith(typed) && !given.includes(value));
}

function only(known: readonly Candidate[]): Candidates {
  return { known, files: false };
}

/** @param about its first clause is enough: it stands behind the value, in one line */
function candidate(value: string, about: string): Candidate {
  return { value, about: (clean(about).split(/;|:? \(/)[0] ?? '').replaceAll(/\s+/g, ' ') };
}
