import type { Reporter, TestModule } from 'vitest/node';

/** Milliseconds; files that take longer are named at the end. */
const LONG_MS = 20_000;

/**
 * The last lines of a run, below vitest's own coloured summary: the files that took longest, with seconds, and at the very end the
 * result in words that any program understands: `1376 passed, 0 failed`.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const number = (state: string) => tests.filter((test) => test.result().state === state).length;
    // A file that can't be read has no tests, and is no success.
    const broken = modules.filter(
      (module) => module.state() === 'failed' && module.errors().length > 0,
    ).length;
    const long = modules
      .map((module) => ({ file: module.relativeModuleId, ms: module.diagnostic().duration }))
      .filter(({ ms }) => ms > LONG_MS)
      .sort((a, b) => b.ms - a.ms);
    if (long.length > 0) console.log('\nThe longest files, in seconds:');
    for (const { file, ms } of long) console.log(`${(ms / 1000).toFixed(0).padStart(6)}  ${file}`);
    console.log(`\n${number('passed')} passed, ${number('failed') + broken} failed`);
  }
}
