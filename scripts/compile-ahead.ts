/**
 * `node --random-seed=1 scripts/compile-ahead.ts PROGRAM OUTPUT`: what V8 compiles of a program that has not run yet, for
 * the kind of processor and the version of Node that this runs under. The same program makes the same bytes.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { Script } from 'node:vm';

const [program, output] = process.argv.slice(2);
if (program === undefined || output === undefined)
  throw new Error('Two files are needed: program and output.');
await writeFile(output, new Script(await readFile(program, 'latin1')).createCachedData());
