import type { Reporter, TestModule } from 'vitest/node';

/**
 * The last line of a run in words that any program understands: `1376 passed, 0 failed`. vitest's own summary stands
 * above it, coloured.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const number = (state: string) => tests.filter((test) => test.result().state === state).length;
    // A file that can't be read has no tests, and is no success.
    const broken = modules.filter(
      (module) => module.state() === 'failed' && module.errors().length > 0,
    ).length;
    console.log(`\n${number('passed')} passed, ${number('failed') + broken} failed`);
  }
}
