import { count } from '../../src/output/duration.ts';
import type { Span } from './critical-path.ts';
import { type GrowthFigures, ofLinear } from './growth-figures.ts';
import { type Install, type Way, ways } from './installs.ts';
import type { LinkFigures } from './link.ts';
import { table } from './markdown.ts';
import type { Measurement, Measurements } from './measurements.ts';
import { lines } from './million-lines.ts';
import { growthVerdict, megabytes, ofTheDocument, type Results, took, verdicts } from './results.ts';
import { median, percentile } from './statistics.ts';

/** @param measurements of which each makes its own sections; a part that was never measured has none */
export function page(measurements: Measurements): string {
  const { bench, link, growth } = measurements;
  const all = [...(bench ? verdicts(bench.figures) : []), ...(growth ? [growthVerdict(growth.figures)] : [])];
  return `${[
    '# Benchmarks',
    '',
    'Written by `npm run bench` and `npm run bench:growth`; do not edit. They compare and measure, they are no test: nothing fails',
    'by a number here. What each measured is kept in `test/bench/results/`.',
    '',
    ...measuredOn(measurements),
    '',
    table(
      ['', 'Measured', 'Target', ''],
      all.map(({ what, measured, target, met }) => [what, measured, target, met ? '✓' : '✗']),
    ),
    ...(bench ? installation(bench) : []),
    ...(link ? slowLink(link) : []),
    ...(bench ? [...chain(bench), ...starts(bench), ...noOp(bench)] : []),
    ...(growth ? grown(growth) : []),
    ...(bench ? [...wizard(bench), ...memory(bench)] : []),
  ].join('\n')}\n`;
}

/** The machine, once for all days on which it was the same. */
function measuredOn(measurements: Measurements): string[] {
  const days = new Map<string, Set<string>>();
  for (const measurement of Object.values(measurements)) {
    if (measurement === undefined) continue;
    const facts = measurement.facts.map((fact) => `- ${fact}`).join('\n');
    days.set(facts, (days.get(facts) ?? new Set()).add(measurement.day));
  }
  return [...days].flatMap(([facts, on]) => [facts, `- ${[...on].sort().join(', ')}`]);
}

/** Stands below a table. */
function dated({ day }: Measurement<unknown>, words = ''): string {
  return `${words && `${words} `}Measured on ${day}.`;
}

function installation(bench: Measurement<Results>): string[] {
  const { installs } = bench.figures;
  return [
    '',
    '## The installation against the document',
    '',
    'A bare throwaway host each time (`test/rehearsal/`), the three ways in turn, the same packages from the same local',
    'mirrors. The document is `test/bench/document.sh`: its own commands in its order, one after the other, with no time for',
    'reading or typing. What had to be changed to make them work is marked there. Afterwards every host has to prove the same:',
    'HTTPS by name with a page from the database, a search through `/s/`, each service and timer now and at the next boot',
    '(`test/bench/proofs.sh`).',
    '',
    installTable(installs),
    '',
    dated(bench),
    '',
    'Seconds. Processor time is that of the programs that were waited for: services, PostgreSQL among them, are not in it.',
    'The load is how many processes wanted one of the processors in the minute before: on a machine that has other work the',
    'times of one row are not those of another, and only a table with low loads says much. Processor time holds then too.',
    '',
    'What the product does in this time and the document does not: it checks the host first, tries the certificate and its',
    "renewal with `--dry-run`, starts each timer's service once, makes the Site record and an administrator, looks at everything",
    'again after changing it, and runs the scorecard.',
  ];
}

function slowLink(link: Measurement<LinkFigures>): string[] {
  const { asked, measured, installs } = link.figures;
  return [
    '',
    '### Over a slower link',
    '',
    `The same, where everything that is downloaded comes over ${asked.mbit} Mbit/s in each direction and ${asked.roundTripMs} ms there and back: the`,
    "kernel's token bucket limits the rate, and a program between the two ends of the cable delays the packets",
    `(\`test/rehearsal/cable.sh\`). Downloads of a large package had ${measured.mbit.toFixed(1)} Mbit/s, and their connections took ${measured.roundTripMs.toFixed(1)} ms.`,
    '',
    installTable(installs),
    '',
    dated(link, `Seconds. The product takes ${ofTheDocument(installs).toFixed(2)} of the document's time.`),
  ];
}

function installTable(installs: readonly Install[]): string {
  return table(
    ['', 'Median', 'Each', 'Processor time', 'Load before each'],
    (Object.keys(ways) as Way[])
      .filter((way) => installs.some((each) => each.way === way))
      .map((way) => installRow(installs, way)),
  );
}

function installRow(installs: readonly Install[], way: Way): string[] {
  const own = installs.filter((each) => each.way === way);
  const list = (pick: (install: Install) => number) => own.map((each) => pick(each).toFixed(1)).join(', ');
  const cpu = median(own.map((each) => each.cpu)).toFixed(1);
  return [
    ways[way],
    took(installs, way).toFixed(1),
    list(({ seconds }) => seconds),
    cpu,
    list(({ load }) => load),
  ];
}

function chain(bench: Measurement<Results>): string[] {
  const own = bench.figures.installs.filter(({ way }) => way === 'product');
  const [quickest] = own.toSorted((a, b) => a.seconds - b.seconds);
  const path = quickest?.path ?? [];
  const length = ({ start, end }: Span) => end - start;
  const rest = path.filter((span) => length(span) < 0.3);
  const shown = path.filter((span) => length(span) >= 0.3);
  const short = rest.reduce((sum, span) => sum + length(span), 0).toFixed(1);
  return [
    '',
    '## What decides the time',
    '',
    'The chain of operations of the quickest run, each waiting for the one before; all others ran beside these. apt allows one',
    'installation at a time, so its calls stand in a row. PostgreSQL is used as soon as it answers, while apt is still at its end.',
    '',
    table(
      ['Operation', 'From', 'Seconds'],
      shown.map((span) => [span.operation, span.start.toFixed(1), length(span).toFixed(1)]),
    ),
    '',
    dated(bench, `And ${count(rest.length, 'shorter one')}, ${short} s.`),
  ];
}

function starts(bench: Measurement<Results>): string[] {
  const { commands } = bench.figures;
  return [
    '',
    '## Starts and commands without changes',
    '',
    `Seconds, medians of ${commands.version.length}, on the throwaway host, after one that does not count.`,
    '',
    table(
      ['', 'Median', 'Each'],
      [
        row('`node -e 0`', commands.node),
        row('`studio-setup --version`', commands.version),
        row('first line of `studio-setup plan`', commands.firstLine),
        row('`studio-setup plan`, bare host', commands.planBare),
        row('`studio-setup plan`, installed host', commands.planInstalled),
        row('`studio-setup run`, installed host', commands.secondRun),
        row('`studio-setup doctor`, installed host', commands.doctor),
      ],
    ),
    '',
    dated(bench),
  ];
}

function noOp(bench: Measurement<Results>): string[] {
  const { noOps } = bench.figures;
  const list = (values: readonly number[]) => values.map((value) => value.toFixed(1)).join(', ');
  return [
    '',
    '## Nothing to do, beside Ansible and pyinfra',
    '',
    'The state that the document asks for, described for each of the three, on the host that the product installed: the packages,',
    'the account, the checkout on its branch, the virtualenv, the settings, the database and its migrations, the static files, the',
    'units, the configuration with its owners, Meilisearch, the certificate, nginx, every service and timer now and at the next',
    'boot. The playbook is `test/bench/no-op/site.yml`, of builtin modules only, with pipelining and without facts; the deploy is',
    '`test/bench/no-op/site.py`. All three run as root on the host itself, in turn, after a round that does not count, and a round',
    'in which one of them changes something fails.',
    '',
    table(
      ['', 'Median', 'Each', 'Processor time', 'Looked at'],
      noOps.map(({ tool, version, items, seconds, cpu }) => [
        `${tool} ${version}`,
        median(seconds).toFixed(2),
        list(seconds),
        median(cpu).toFixed(1),
        String(items),
      ]),
    ),
    '',
    dated(
      bench,
      'Seconds. Looked at are items as each counts them: operations and checks, results of modules, operations.',
    ),
    '',
    'What the product looks at in this time and the two others do not: the requirements of the host, such as memory, disk, clock,',
    'ports and DNS; each value of `settings.py` (they compare the whole file), and that the site can import it; whether the lock',
    'file or the packages in the virtualenv have changed (they look for Django); the login to the database; the keys and indexes of',
    'Meilisearch; the Site record and the administrator; the names, the dates and the renewal of the certificate (they look for its',
    'file); whether each service, and nginx, runs what its files say now; and the scorecard: HTTPS by name, a page from the database,',
    'a search through `/s/`.',
  ];
}

function grown(growth: Measurement<GrowthFigures>): string[] {
  const { none, growths } = growth.figures;
  const cells = (cost: typeof none) =>
    [cost.plan, cost.planCpu, cost.doctor, cost.doctorCpu].map((each) => each.toFixed(2));
  const rows = growths.flatMap(({ what, sizes }) =>
    sizes.map((size, index) => {
      const before = sizes[index - 1];
      const part = before === undefined ? '' : ofLinear(before, size).toFixed(2);
      return [`${size.size.toLocaleString('en')} ${what}`, ...cells(size.cost), part];
    }),
  );
  return [
    '',
    '## More of everything',
    '',
    'The installed host with more and more of one thing at a time. Of linear growth: how many times longer the slower of the two',
    'commands takes than in the row before, as a part of how many times more there are. Above 1 it would be worse than linear.',
    '',
    table(
      ['There are', '`plan`', 'Processor time', '`doctor`', 'Processor time', 'Of linear growth'],
      [['none of these', ...cells(none), ''], ...rows],
    ),
    '',
    dated(
      growth,
      "Seconds, medians of 3. Half of a large checkout is in git's own store, half are tracked files.",
    ),
  ];
}

function wizard(bench: Measurement<Results>): string[] {
  const { firstFrame, keys, idle, memory } = bench.figures.wizard;
  return [
    '',
    '## The wizard',
    '',
    'In a pseudo-terminal of 80 by 24, from outside: the time from writing a key to reading the frame that answers it. The first',
    'frame is that of the executable on the throwaway host, all else over sample sections (`node test/bench/wizard.ts`).',
    '',
    table(
      ['', 'Median', 'p90', 'p99', 'Longest'],
      [
        percentiles(
          'first frame, ms',
          firstFrame.map((seconds) => 1000 * seconds),
        ),
        percentiles('key to frame at 10,000 lines a second, ms', keys),
      ],
    ),
    '',
    dated(bench),
    '',
    `- Idle, the overview on the screen: ${(100 * idle).toFixed(1)} % of a processor.`,
    `- Memory after 200,000 lines: ${megabytes(memory[0]).toFixed(0)} MB; after a million more: ${megabytes(memory[1]).toFixed(0)} MB.`,
  ];
}

function memory(bench: Measurement<Results>): string[] {
  const { installs, commands, talk } = bench.figures;
  return [
    '',
    '## Memory',
    '',
    'Resident memory of the product itself, without its children, from `/proc`; the pages of its executable that are in memory',
    'count too.',
    '',
    `- Installation: at most ${peakOf(installs)} MB. \`plan\`, second run and \`doctor\`: ${megabytes(commands.peakKb).toFixed(0)} MB.`,
    `- While \`manage.py migrate\` prints ${lines.toLocaleString('en')} lines, all of them shown and logged`,
    `  (${talk.seconds.toFixed(0)} s): ${talk.tenths.map((kb) => megabytes(kb).toFixed(0)).join(', ')} MB at the tenths of the time.`,
    '',
    dated(bench),
  ];
}

function peakOf(installs: readonly Install[]): string {
  return megabytes(
    Math.max(...installs.filter(({ way }) => way !== 'document').map(({ peakKb }) => peakKb)),
  ).toFixed(0);
}

function row(what: string, values: readonly number[]): string[] {
  return [what, median(values).toFixed(3), values.map((value) => value.toFixed(2)).join(', ')];
}

function percentiles(what: string, values: readonly number[]): string[] {
  return [what, ...[0.5, 0.9, 0.99, 1].map((part) => percentile(values, part).toFixed(1))];
}
