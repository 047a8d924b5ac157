import type { Commands } from './commands.ts';
import { type GrowthFigures, worstOfLinear } from './growth-figures.ts';
import type { Install, Way } from './installs.ts';
import type { MillionLines } from './million-lines.ts';
import type { NoOp } from './no-op.ts';
import { median, percentile } from './statistics.ts';
import type { WizardFigures } from './wizard.ts';

export interface Results {
  readonly installs: readonly Install[];
  readonly commands: Commands;
  readonly noOps: readonly NoOp[];
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

/** The most memory that the wizard may hold after a million lines, in megabytes. */
const wizardMemory = 120;

/** @returns each measured number beside its target */
export function verdicts({ installs, commands, talk, wizard }: Results): readonly Verdict[] {
  const ratio = ofTheDocument(installs);
  const saved = took(installs, 'one at a time') / took(installs, 'product');
  const bare = median(commands.node);
  const start = (values: readonly number[]) => median(values) / bare;
  const peak = megabytes(Math.max(commands.peakKb, talk.peakKb, ...installs.map(ownPeak)));
  const growth = megabytes(Math.max(...talk.tenths.slice(5)) - (talk.tenths[5] ?? 0));
  return [
    verdict(
      'Installation, of the time that the document takes',
      ratio.toFixed(2),
      'at most 0.6',
      ratio <= 0.6,
    ),
    verdict('Side by side: one at a time would take', `${saved.toFixed(2)} ×`, 'more than 1 ×', saved > 1),
    limit('Second run, nothing to do', median(commands.secondRun), 1),
    limit('`plan` on a bare host', median(commands.planBare), 2),
    limit('`plan` on the installed host', median(commands.planInstalled), 0.7),
    limit('`doctor` on the installed host', median(commands.doctor), 0.7),
    times('`--version`, of `node -e 0`', start(commands.version), 8),
    times('First line of `plan`, of `node -e 0`', start(commands.firstLine), 8),
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
  const held = megabytes(memory[1]);
  return [
    times('Wizard: first frame, of `node -e 0`', first, 4.5),
    verdict(
      'Wizard: key to frame at 10,000 lines a second, p99',
      `${answered.toFixed(0)} ms`,
      'at most 25 ms',
      answered <= 25,
    ),
    verdict('Wizard: a processor while idle', `${(100 * idle).toFixed(1)} %`, 'at most 1 %', idle <= 0.01),
    verdict(
      'Wizard: growth of memory over a million lines',
      `${grown.toFixed(0)} MB`,
      `at most ${stillFlat} MB`,
      grown <= stillFlat,
    ),
    verdict(
      'Wizard: memory after a million lines',
      `${held.toFixed(0)} MB`,
      `at most ${wizardMemory} MB`,
      held <= wizardMemory,
    ),
  ];
}

/** @returns whether more of anything costs at most as many times more */
export function growthVerdict(growth: GrowthFigures): Verdict {
  const worst = worstOfLinear(growth);
  return verdict(
    '`plan` and `doctor` with more of anything, of linear growth',
    worst.toFixed(2),
    'at most 1',
    worst <= 1,
  );
}

/** @returns what the product takes, as a part of what the document takes */
export function ofTheDocument(installs: readonly Install[]): number {
  return took(installs, 'product') / took(installs, 'document');
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

function times(what: string, factor: number, most: number): Verdict {
  return verdict(what, `${factor.toFixed(1)} ×`, `at most ${most} ×`, factor <= most);
}

function verdict(what: string, measured: string, target: string, met: boolean): Verdict {
  return { what, measured, target, met };
}
