import type { Span } from './critical-path.ts';
import { type Install, type Way, ways } from './installs.ts';
import { lines } from './million-lines.ts';
import { megabytes, type Results, took, verdicts } from './results.ts';
import { median, percentile } from './statistics.ts';

/** @param facts about the machine, one a line @param day of the measurement, `2026-01-31` */
export function page(results: Results, facts: readonly string[], day: string): string {
  const { installs, commands, talk, wizard } = results;
  return `${[
    '# Benchmarks',
    '',
    'Written by `npm run bench`; do not edit. It compares and measures, it is no test: nothing fails by a number here.',
    '',
    ...facts.map((fact) => `- ${fact}`),
    `- ${day}`,
    '',
    table(
      ['', 'Measured', 'Target', ''],
      verdicts(results).map(({ what, measured, target, met }) => [what, measured, target, met ? '✓' : '✗']),
    ),
    '',
    '## The installation against the document',
    '',
    'A bare throwaway host each time (`test/rehearsal/`), the three ways in turn, the same packages from the same local',
    'mirrors. The document is `test/bench/document.sh`: its own commands in its order, one after the other, with no time for',
    'reading or typing. What had to be changed to make them work is marked there. Afterwards every host has to prove the same:',
    'HTTPS by name with a page from the database, a search through `/s/`, each service and timer now and at the next boot',
    '(`test/bench/proofs.sh`).',
    '',
    table(
      ['', 'Median', 'Each', 'Processor time', 'Load before each'],
      (Object.keys(ways) as Way[]).map((way) => installRow(installs, way)),
    ),
    '',
    'Seconds. Processor time is that of the programs that were waited for: services, PostgreSQL among them, are not in it.',
    'The load is how many processes wanted one of the processors in the minute before: on a machine that has other work the',
    'times of one row are not those of another, and only a table with low loads says much. Processor time holds then too.',
    '',
    'What the product does in this time and the document does not: it checks the host first, tries the certificate and its',
    "renewal with `--dry-run`, starts each timer's service once, makes the Site record and an administrator, looks at everything",
    'again after changing it, and runs the scorecard.',
    '',
    '## What decides the time',
    '',
    'The chain of operations of the quickest run, each waiting for the one before; all others ran beside these. apt allows one',
    'installation at a time, so its calls stand in a row.',
    '',
    ...chain(installs),
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
      ],
    ),
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
          wizard.firstFrame.map((seconds) => 1000 * seconds),
        ),
        percentiles('key to frame at 10,000 lines a second, ms', wizard.keys),
      ],
    ),
    '',
    `- Idle, the overview on the screen: ${(100 * wizard.idle).toFixed(1)} % of a processor.`,
    `- Memory after 200,000 lines: ${megabytes(wizard.memory[0]).toFixed(0)} MB; after a million more: ${megabytes(wizard.memory[1]).toFixed(0)} MB.`,
    '',
    '## Memory',
    '',
    'Resident memory of the product itself, without its children, from `/proc`; the pages of its executable that are in memory',
    'count too.',
    '',
    `- Installation: at most ${peakOf(installs)} MB. \`plan\` and second run: ${megabytes(commands.peakKb).toFixed(0)} MB.`,
    `- While \`manage.py migrate\` prints ${lines.toLocaleString('en')} lines, all of them shown and logged`,
    `  (${talk.seconds.toFixed(0)} s): ${talk.tenths.map((kb) => megabytes(kb).toFixed(0)).join(', ')} MB at the tenths of the time.`,
  ].join('\n')}\n`;
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

function chain(installs: readonly Install[]): string[] {
  const own = installs.filter(({ way }) => way === 'product');
  const [quickest] = own.toSorted((a, b) => a.seconds - b.seconds);
  const path = quickest?.path ?? [];
  const length = ({ start, end }: Span) => end - start;
  const rest = path.filter((span) => length(span) < 0.3);
  const shown = path.filter((span) => length(span) >= 0.3);
  return [
    table(
      ['Operation', 'From', 'Seconds'],
      shown.map((span) => [span.operation, span.start.toFixed(1), length(span).toFixed(1)]),
    ),
    '',
    `And ${rest.length} shorter ones, ${rest.reduce((sum, span) => sum + length(span), 0).toFixed(1)} s.`,
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

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
