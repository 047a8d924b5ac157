/**
 * `npm run bench`: measures the product on throwaway hosts, prints the numbers beside their targets, keeps them in
 * `test/bench/results/` and writes `docs/benchmarks.md` from all that is kept, and its median installation into the product.
 * Needs root, and a machine that has nothing else to do: some twenty minutes.
 *
 * --runs N        fresh hosts for each way to install; 3 when not given
 * --link-runs N   the same over a slow link; 2 when not given, 0 keeps the numbers of an earlier time
 * --only-link     measures nothing else, and keeps the other numbers
 * --print         keeps nothing and writes no page
 */
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { productExecutable } from '../rehearsal/product.ts';
import { onInstalledHost, planOnBareHost, seconds } from './commands.ts';
import { product, putNode, putProduct, unattended, withFreshHost } from './fresh-host.ts';
import { type Install, install, type Way, ways } from './installs.ts';
import { type LinkFigures, measuredLink, slowLink } from './link.ts';
import { withMeasured } from './measured.ts';
import { millionLines } from './million-lines.ts';
import { noOps } from './no-op.ts';
import { ofTheDocument, type Results, verdicts } from './results.ts';
import { sample } from './sample.ts';
import { median } from './statistics.ts';
import { store } from './stored.ts';
import { firstFrames, wizardFigures } from './wizard.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    'link-runs': { type: 'string', default: '2' },
    'only-link': { type: 'boolean', default: false },
    print: { type: 'boolean', default: false },
  },
});
const say = (line: string) => console.error(line);

/** In turn, so that other work on the machine meets every way. */
async function installsBy(given: readonly Way[], rounds: number, executable: string, link = false) {
  const installs: Install[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const way of given) {
      const done = await install(way, executable, link ? slowLink : undefined);
      installs.push(done);
      const over = link ? ' over the slow link' : '';
      say(`${round}: ${ways[way]}${over}: ${done.seconds.toFixed(1)} s, load ${done.load.toFixed(1)}`);
    }
  }
  return installs;
}

async function overLink(rounds: number, executable: string): Promise<LinkFigures> {
  const measured = await withFreshHost((host) => measuredLink(host, slowLink), slowLink);
  const installs = await installsBy(['document', 'product'], rounds, executable, true);
  return { asked: slowLink, measured, installs };
}

async function everythingElse(rounds: number, executable: string): Promise<Results> {
  const installs = await installsBy(Object.keys(ways) as Way[], rounds, executable);
  const onHost = await withFreshHost(async (host) => {
    await putProduct(host, executable);
    await putNode(host);
    say('plan on a bare host');
    const planBare = seconds(await planOnBareHost(host));
    await sample(host, [...product, 'run', ...unattended]);
    say('starts, plan, second run and doctor on the installed host');
    const commands = { ...(await onInstalledHost(host)), planBare };
    say('first frames of the wizard');
    const firstFrame = await firstFrames(host);
    say('Ansible and pyinfra');
    const beside = await noOps(host);
    say('a million lines');
    return { commands, firstFrame, noOps: beside, talk: await millionLines(host) };
  });
  say('the wizard');
  const { firstFrame, ...rest } = onHost;
  return { installs, ...rest, wizard: { ...(await wizardFigures()), firstFrame } };
}

function printResults(results: Results): void {
  for (const { what, measured, target, met } of verdicts(results))
    console.log(`${met ? '✓' : '✗'} ${what.padEnd(66)} ${measured.padStart(8)}   ${target}`);
  for (const { tool, version, seconds, items } of results.noOps)
    console.log(`${tool} ${version}, nothing to do: ${median(seconds).toFixed(2)} s for ${items}`);
}

// The same executable for all, also when the sources change meanwhile.
const scratch = await mkdtemp(join(tmpdir(), 'studio-setup-bench-'));
try {
  const executable = join(scratch, 'studio-setup');
  await copyFile(await productExecutable(say), executable);
  const results = values['only-link'] ? undefined : await everythingElse(Number(values.runs), executable);
  if (results) printResults(results);
  const linkRounds = Number(values['link-runs']);
  const link = linkRounds > 0 ? await overLink(linkRounds, executable) : undefined;
  if (link)
    console.log(`Over the slow link, of the document's time: ${ofTheDocument(link.installs).toFixed(2)}`);
  if (!values.print) {
    if (link) await store('link', link);
    if (results) {
      await store('bench', results);
      const figures = join(import.meta.dirname, '..', '..', 'src', 'app', 'measured-install.ts');
      await writeFile(figures, withMeasured(await readFile(figures, 'utf8'), results, cpus().length));
    }
    console.log('wrote test/bench/results, docs/benchmarks.md and src/app/measured-install.ts');
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}
