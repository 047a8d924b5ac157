import type { Commands } from './commands.ts';
import type { Install, Way } from './installs.ts';
import type { MillionLines } from './million-lines.ts';
import { median, percentile } from './statistics.ts';
import type { WizardFigures } from './wizard.ts';

export interface Results {
  readonly installs: readonly Install[];
  readonly commands: Commands;
  readonly talk: MillionLines;
  readonly wizard: WizardFigures;
}

export interface Verdict {
  readonly what: string;
  readonly measured: string;
  readonly target: string;
  readonly met: boolean;
}

/**
 * What memory may grow by, in megabytes, over the second half of a million lines. The first half lets the heap find its
 * size; lines that were kept would be 40 MB and more in each.
 */
const stillFlat = 10;

/** @returns each measured number beside its target */
export function verdicts({ installs, commands, talk, wizard }: Results): readonly Verdict[] {
  const ratio = took(installs, 'product') / took(installs, 'document');
  const saved = took(installs, 'one at a time') / took(installs, 'product');
  const bare = median(commands.node);
  const start = (values: readonly number[]) => median(values) / bare;
  const peak = megabytes(Math.max(commands.peakKb, talk.peakKb, ...installs.map(ownPeak)));
  const growth = megabytes(Math.max(...talk.tenths.slice(5)) - (talk.tenths[5] ?? 0));
  return [
    verdict(
      'Installation, of the time that the document takes',
      ratio.toFixed(2),
      'at most 0.8',
      ratio <= 0.8,
    ),
    verdict('Side by side: one at a time would take', `${saved.toFixed(2)} ×`, 'more than 1 ×', saved > 1),
    limit('Second run, nothing to do', median(commands.secondRun), 3),
    limit('`plan` on a bare host', median(commands.planBare), 2),
    limit('`plan` on the installed host', median(commands.planInstalled), 2),
    times('`--version`, of `node -e 0`', start(commands.version)),
    times('First line of `plan`, of `node -e 0`', start(commands.firstLine)),
    verdict('Highest memory of the product', `${peak.toFixed(0)} MB`, 'at most 200 MB', peak <= 200),
    verdict(
      'Growth of memory from half a million lines of output to a million',
      `${growth.toFixed(0)} MB`,
      `at most ${stillFlat} MB`,
      growth <= stillFlat,
    ),
    ...wizardVerdicts(wizard, start(wizard.firstFrame)),
  ];
}

/** @param first seconds to the first frame, as a multiple of `node -e 0` */
function wizardVerdicts({ keys, idle, memory }: WizardFigures, first: number): readonly Verdict[] {
  const answered = percentile(keys, 0.99);
  const grown = megabytes(memory[1] - memory[0]);
  return [
    times('Wizard: first frame, of `node -e 0`', first),
    verdict(
      'Wizard: key to frame at 10,000 lines a second, p99',
      `${answered.toFixed(0)} ms`,
      'at most 50 ms',
      answered <= 50,
    ),
    verdict('Wizard: a processor while idle', `${(100 * idle).toFixed(1)} %`, 'at most 1 %', idle <= 0.01),
    verdict(
      'Wizard: growth of memory over a million lines',
      `${grown.toFixed(0)} MB`,
      `at most ${stillFlat} MB`,
      grown <= stillFlat,
    ),
  ];
}

/** @returns the median seconds of a way to install */
export function took(installs: readonly Install[], way: Way): number {
  return median(installs.filter((each) => each.way === way).map(({ seconds }) => seconds));
}

export function megabytes(kilobytes: number): number {
  return kilobytes / 1024;
}

function ownPeak({ way, peakKb }: Install): number {
  return way === 'document' ? 0 : peakKb;
}

function limit(what: string, seconds: number, most: number): Verdict {
  return verdict(what, `${seconds.toFixed(2)} s`, `at most ${most} s`, seconds <= most);
}

function times(what: string, factor: number): Verdict {
  return verdict(what, `${factor.toFixed(1)} ×`, 'at most 8 ×', factor <= 8);
}

function verdict(what: string, measured: string, target: string, met: boolean): Verdict {
  return { what, measured, target, met };
}
