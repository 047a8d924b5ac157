import type { SectionOutline } from '../engine/events.ts';
import type { RunReport } from '../engine/run.ts';
import { clean } from '../output/clean.ts';
import { count, duration } from '../output/duration.ts';
import { styled } from '../output/print.ts';
import { problemText } from '../output/problem-text.ts';
import { wrap } from '../output/wrap.ts';
import { servicedFacts } from './effects.ts';

export interface Ended {
  readonly report: RunReport;
  readonly sections: readonly SectionOutline[];
  readonly restarts: readonly string[];
  /** Those of the restarts that were no more than a reload. */
  readonly reloads: readonly string[];
  readonly warnings: readonly string[];
  /** Left out by the operator: what does not work without it. */
  readonly skipped: readonly { readonly what: string; readonly consequence: string }[];
  readonly ms: number;
  readonly log: string;
  /** The log's line at which each failed operation ended. */
  readonly logLines: ReadonlyMap<string, number>;
  /** The scorecard follows, and says the rest. */
  readonly proved?: boolean;
  /** What stands at the very end in place of the usual words. */
  readonly closing?: readonly string[];
}

/** @returns what stands at the end of a run: changes by section, restarts, warnings, what went wrong, what is next */
export function reportText(ended: Ended): readonly string[] {
  const { report, sections, log } = ended;
  const lines: string[] = [''];
  for (const { title, operations } of sections) {
    const own = report.changes.filter((change) => operations.some(({ id }) => id === change.operation));
    if (own.length === 0) continue;
    lines.push(`${styled('bold', title)}  ${styled('dim', count(own.length, 'change'))}`);
    for (const { summary } of own) lines.push(...wrap(clean(summary), { first: '  ✓ ', rest: '    ' }));
  }
  for (const { label, value } of servicedFacts(ended))
    lines.push(...wrap(`${label}: ${value}`, { first: '', rest: '  ' }));
  for (const { what, consequence } of ended.skipped)
    lines.push(...wrap(`Not set up: ${what}. ${consequence}`, { first: '○ ', rest: '  ' }));
  for (const warning of ended.warnings)
    lines.push(...wrap(clean(warning), { first: `${styled('yellow', '!')} `, rest: '  ' }));
  for (const { title, operations } of sections) {
    for (const operation of operations) {
      const problem = report.problems.get(operation.id);
      if (problem === undefined) continue;
      const line = ended.logLines.get(operation.id);
      lines.push(
        '',
        ...problemText(problem, {
          at: `${title} › ${operation.title}`,
          log: line === undefined ? log : `${log}, line ${line}`,
        }),
      );
    }
  }
  lines.push('', ...(ended.closing ?? closing(ended)));
  return lines;
}

function closing({ report, restarts, ms, log, proved }: Ended): string[] {
  const outcomes = [...report.outcomes.values()];
  const left = outcomes.filter((outcome) => outcome === 'failed' || outcome === 'skipped').length;
  const done = `${count(report.changes.length, 'change')}, ${count(restarts.length, 'restart')}, ${duration(ms)}`;
  if (report.stopped) {
    return [
      `Stopped: ${done}; ${count(left, 'step')} not done.`,
      ...next('Start again with the same command: it resumes from here.', log),
    ];
  }
  if (left > 0) {
    return [
      styled('red', `Not finished: ${done}; ${count(left, 'step')} not done.`),
      ...next('Fix what is named above and run the same command: it resumes from here.', log),
    ];
  }
  if (proved) return [styled('green', `Everything is up to date: ${done}.`), ''];
  return [
    styled('green', `Everything is up to date: ${done}.`),
    ...next('Check that the site works: studio-setup doctor', log),
  ];
}

function next(what: string, log: string): string[] {
  return [...wrap(what), `Log: ${log}`];
}
