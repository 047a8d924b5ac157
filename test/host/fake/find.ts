import type { Entry } from './entries.ts';

type Test = (entry: Entry) => boolean;

const TYPES: Readonly<Record<string, Entry['type']>> = { d: 'directory', f: 'file', l: 'link', s: 'socket' };

/**
 * The tests of find(1) that the product uses, with its grammar: `( )`, `!`, `-o`, and one after the other for "and".
 * @param words what stands between the path and the action
 * @throws TypeError for any other test
 */
export function findTests(words: readonly string[]): Test {
  const rest = [...words];
  const test = either(rest);
  if (rest.length > 0) throw new TypeError(`find: ${rest.join(' ')} is not understood`);
  return test;
}

function either(rest: string[]): Test {
  let test = all(rest);
  while (rest[0] === '-o') {
    rest.shift();
    const [a, b] = [test, all(rest)];
    test = (entry) => a(entry) || b(entry);
  }
  return test;
}

function all(rest: string[]): Test {
  const tests: Test[] = [];
  while (rest.length > 0 && rest[0] !== '-o' && rest[0] !== ')') tests.push(one(rest));
  return (entry) => tests.every((test) => test(entry));
}

function one(rest: string[]): Test {
  const word = rest.shift();
  if (word === '!') {
    const test = one(rest);
    return (entry) => !test(entry);
  }
  if (word === '(') {
    const test = either(rest);
    if (rest.shift() !== ')') throw new TypeError('find: a bracket is not closed');
    return test;
  }
  const value = rest.shift() ?? '';
  if (word === '-user') return ({ owner }) => owner === value;
  if (word === '-group') return ({ group }) => group === value;
  if (word === '-type') return ({ type }) => type === TYPES[value];
  if (word === '-perm' && /^-[0-7]+$/.test(value)) {
    const bits = Number.parseInt(value.slice(1), 8);
    return ({ mode }) => (mode & bits) === bits;
  }
  throw new TypeError(`find: ${word} is not understood`);
}
