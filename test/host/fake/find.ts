import path from 'node:path';
import type { Entry } from './entries.ts';

/** A file that find(1) looks at, and what an action does there. */
interface Visit {
  readonly file: string;
  readonly entry: Entry;
  print(text: string): void;
  /** Nothing below it is looked at. */
  prune(): void;
  /** Nothing else is looked at. */
  quit(): void;
  /** Has a program started with it, once, at the end. */
  collect(command: readonly string[]): void;
}
type Test = (visit: Visit) => boolean;

const TYPES: Readonly<Record<string, Entry['type']>> = { d: 'directory', f: 'file', l: 'link', s: 'socket' };

/**
 * What find(1) prints, with its grammar as far as the product uses it: `( )`, `!`, `-o`, one after the other for "and", each
 * evaluated only as far as it takes.
 * @param top where it begins
 * @param all what is there: `top` first, and what is below it
 * @param words the expression
 * @param run starts a program that `-exec … {} +` names
 * @throws TypeError for what the product does not use yet
 */
export function found(
  top: string,
  all: readonly (readonly [file: string, entry: Entry])[],
  words: readonly string[],
  run: (argv: readonly string[]) => unknown,
): string {
  const rest = [...words];
  const deepest = rest[0] === '-maxdepth' ? Number(rest.splice(0, 2)[1]) : Number.POSITIVE_INFINITY;
  const test = either(rest);
  if (rest.length > 0) throw new TypeError(`find: ${rest.join(' ')} is not understood`);
  const printed: string[] = [];
  const pruned: string[] = [];
  const collected = new Map<readonly string[], string[]>();
  let over = false;
  for (const [file, entry] of all) {
    if (over) break;
    if (depthOf(file, top) > deepest || pruned.some((folder) => file.startsWith(`${folder}/`))) continue;
    test({
      file,
      entry,
      print: (text) => printed.push(text),
      prune: () => pruned.push(file),
      quit: () => {
        over = true;
      },
      collect: (command) => collected.set(command, [...(collected.get(command) ?? []), file]),
    });
  }
  for (const [command, files] of collected) run([...command, ...files]);
  return printed.join('');
}

function depthOf(file: string, top: string): number {
  return file.slice(top.length).split('/').filter(Boolean).length;
}

function either(rest: string[]): Test {
  let test = all(rest);
  while (rest[0] === '-o') {
    rest.shift();
    const [a, b] = [test, all(rest)];
    test = (visit) => a(visit) || b(visit);
  }
  return test;
}

function all(rest: string[]): Test {
  const tests: Test[] = [];
  while (rest.length > 0 && rest[0] !== '-o' && rest[0] !== ')') tests.push(one(rest));
  return (visit) => tests.every((test) => test(visit));
}

function one(rest: string[]): Test {
  const word = rest.shift() ?? '';
  if (word === '!') {
    const test = one(rest);
    return (visit) => !test(visit);
  }
  if (word === '(') {
    const test = either(rest);
    if (rest.shift() !== ')') throw new TypeError('find: a bracket is not closed');
    return test;
  }
  if (word === '-exec') {
    const command = rest.splice(0, rest.indexOf('{}'));
    if (rest.splice(0, 2).join(' ') !== '{} +') throw new TypeError('find: -exec is not understood');
    return done(({ collect }) => collect(command));
  }
  return ACTIONS[word] ?? tested(word, rest.shift() ?? '');
}

const ACTIONS: Readonly<Record<string, Test>> = {
  '-print': done(({ file, print }) => print(`${file}\n`)),
  '-print0': done(({ file, print }) => print(`${file}\0`)),
  '-prune': done(({ prune }) => prune()),
  '-quit': done(({ quit }) => quit()),
};

function done(act: (visit: Visit) => void): Test {
  return (visit) => {
    act(visit);
    return true;
  };
}

function tested(word: string, value: string): Test {
  if (word === '-user') return ({ entry }) => entry.owner === value;
  if (word === '-group') return ({ entry }) => entry.group === value;
  if (word === '-type') return ({ entry }) => entry.type === TYPES[value];
  if (word === '-name') return ({ file }) => patternOf(value).test(path.basename(file));
  if (word === '-path') return ({ file }) => patternOf(value).test(file);
  if (word === '-printf') return done(({ file, entry, print }) => print(formatted(value, file, entry)));
  if (word === '-perm' && /^-[0-7]+$/.test(value)) {
    const bits = Number.parseInt(value.slice(1), 8);
    return ({ entry }) => (entry.mode & bits) === bits;
  }
  throw new TypeError(`find: ${word} is not understood`);
}

/** fnmatch(3), of which the product uses the star. */
function patternOf(value: string): RegExp {
  return new RegExp(`^${value.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 's');
}

/** As find(1) explains -printf. */
function formatted(format: string, file: string, { owner, group, mode, modified }: Entry): string {
  const words: Readonly<Record<string, string>> = {
    '%u': owner,
    '%g': group,
    '%m': mode.toString(8),
    '%p': file,
    // Seconds with ten digits behind the point, as findutils 4.9 prints them.
    '%T@': (modified / 1000).toFixed(10),
    '\\0': '\0',
    '\\n': '\n',
  };
  return format.replaceAll(/%T@|%[ugmp]|\\[0n]/g, (word) => words[word] ?? word);
}
