/**
 * What the single executable starts with. It compiles the program, whose text is in the executable, with what V8 compiled of it
 * before: what a run or the wizard kept on this server, else what was compiled at the build. Kept code has every
 * function that was called there; that of the build only those that V8 compiles before anything runs.
 */
import path from 'node:path';
import { getAssetKeys, getRawAsset } from 'node:sea';
import { Script } from 'node:vm';
import { EXIT } from '../app/exit-code.ts';
import { HOST_PATHS } from '../app/product.ts';
import { keepCode, keptCode } from './kept-code.ts';

/** Put in at the build: a digest of all that the code depends on. */
declare const BUILD: string;

/** A start that has one of these compiles less than it would have to read. */
const SHORT = ['--help', '-h', '--version', '-V', 'complete', 'completion', 'help', 'manual', 'version'];

const words = process.argv.slice(2);
const [command = 'run'] = words;
// Separate files: code for Ink would only slow down commands that never draw.
const wizard = words.length === 0 && hasTerminal();
const file = path.join(HOST_PATHS.state, wizard ? 'compiled-wizard' : 'compiled-commands');
const kept = words.some((word) => SHORT.includes(word)) ? undefined : keptCode(file, BUILD);

const script = new Script(asset('program').toString('latin1'), {
  filename: 'studio-setup.cjs',
  // A build for another kind of processor than the builder's has none.
  cachedData: kept ?? (getAssetKeys().includes('compiled') ? asset('compiled') : undefined),
});
const good = kept !== undefined && script.cachedDataRejected === false;
// Commands that only look promise to write nothing. A run uses most of what any command does.
if (command === 'run' && !good) process.once('exit', keep);
script.runInThisContext()(module.exports, require, module, __filename, __dirname);

/** @returns an asset, not copied out of the executable */
function asset(key: string): Buffer {
  return Buffer.from(getRawAsset(key));
}

function hasTerminal(): boolean {
  // Loaded only by starts that ask.
  const { isatty } = process.getBuiltinModule('node:tty');
  return isatty(0) && isatty(1);
}

function keep(code: number): void {
  // What failed or was stopped has not used all. A wizard that is left before its run ends as if it were stopped.
  if (code !== EXIT.asWanted && !(wizard && code === EXIT.interrupted)) return;
  keepCode(file, BUILD, () => {
    // The wizard sets it, and V8 refuses what was compiled under other flags than those at the start.
    process.getBuiltinModule('node:v8').setFlagsFromString('--no-optimize-for-size');
    return script.createCachedData();
  });
}
