/**
 * `npm run bench`: measures the product on throwaway hosts, prints the numbers beside their targets and writes
 * `docs/benchmarks.md`, and its median installation into the product. Needs root, and a machine that has nothing else to do: some ten minutes.
 *
 * --runs N   fresh hosts for each way to install; 3 when not given
 * --print    writes no page
 */
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { productExecutable } from '../rehearsal/product.ts';
import { onInstalledHost, planOnBareHost, seconds } from './commands.ts';
import { product, putNode, putProduct, unattended, withFreshHost } from './fresh-host.ts';
import { type Install, install, type Way, ways } from './installs.ts';
import { machineFacts } from './machine.ts';
import { withMeasured } from './measured.ts';
import { millionLines } from './million-lines.ts';
import { page } from './page.ts';
import { type Results, verdicts } from './results.ts';
import { sample } from './sample.ts';
import { firstFrames, wizardFigures } from './wizard.ts';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, print: { type: 'boolean', default: false } },
});
const say = (line: string) => console.error(line);

// The same executable for all, also when the sources change meanwhile.
const scratch = await mkdtemp(join(tmpdir(), 'studio-setup-bench-'));
try {
  const executable = join(scratch, 'studio-setup');
  await copyFile(await productExecutable(say), executable);

  const installs: Install[] = [];
  for (let round = 1; round <= Number(values.runs); round++) {
    for (const way of Object.keys(ways) as Way[]) {
      const done = await install(way, executable);
      installs.push(done);
      say(`${round}: ${ways[way]}: ${done.seconds.toFixed(1)} s, load ${done.load.toFixed(1)}`);
    }
  }

  const { commands, talk, firstFrame } = await withFreshHost(async (host) => {
    await putProduct(host, executable);
    await putNode(host);
    say('plan on a bare host');
    const planBare = seconds(await planOnBareHost(host));
    await sample(host, [...product, 'run', ...unattended]);
    say('starts, plan and second run on the installed host');
    const installed = await onInstalledHost(host);
    say('first frames of the wizard');
    const firstFrame = await firstFrames(host);
    say('a million lines');
    const talk = await millionLines(host);
    return { commands: { ...installed, planBare }, talk, firstFrame };
  });
  say('the wizard');
  const wizard = { ...(await wizardFigures()), firstFrame };

  const results: Results = { installs, commands, talk, wizard };
  for (const { what, measured, target, met } of verdicts(results)) {
    console.log(`${met ? '✓' : '✗'} ${what.padEnd(52)} ${measured.padStart(8)}   ${target}`);
  }
  if (!values.print) {
    const at = (...names: readonly string[]) => join(import.meta.dirname, '..', '..', ...names);
    const day = new Date().toISOString().slice(0, 10);
    await writeFile(at('docs', 'benchmarks.md'), page(results, machineFacts(), day));
    const figures = at('src', 'app', 'measured-install.ts');
    await writeFile(figures, withMeasured(await readFile(figures, 'utf8'), results, cpus().length));
    console.log('wrote docs/benchmarks.md and src/app/measured-install.ts');
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
