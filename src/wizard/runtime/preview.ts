import type { About, RunResult } from '../../app/execute-run.ts';
import type { Emit, SectionOutline } from '../../engine/events.ts';
import type { Node } from '../../engine/graph.ts';
import type { Planned } from '../../engine/plan.ts';
import type { Problem } from '../../output/problem.ts';
import type { Irreversible } from '../../undo/irreversible.ts';
import type { FailedStep, TaskOutcome } from '../state/task.ts';

/** Draws the runs of a task. */
export interface RunView {
  /** Carries out one run on the run screen. @param heading what it is about @param onEvent hears each event first */
  execute(heading: string, nodes: readonly Node[], about: About, onEvent?: Emit): Promise<RunResult>;
  /** Says what is waited for after a run. */
  waits(what: string): void;
}

/** What a task would do now, for the review; nothing has been changed for it. */
export interface Preview {
  /** As typed, for the lock: `rotate secret-key`. */
  readonly command: string;
  /** `New SECRET_KEY for Django`. */
  readonly title: string;
  /** The headings that the changes stand under. */
  readonly sections: readonly Pick<SectionOutline, 'id' | 'title'>[];
  readonly planned: readonly Planned[];
  /** What to know before, each a whole sentence. */
  readonly notices: readonly string[];
  readonly irreversible: readonly Irreversible[];
  /** What keeps it from being begun. */
  readonly problems: readonly { readonly at?: string | undefined; readonly problem: Problem }[];
  /** Whether it can be done around files that were edited by hand. */
  readonly mayKeep: boolean;
  /** ScreenReaderItem where there is nothing to change. */
  readonly nothing: string;
  /**
   * Does it. The caller holds the lock, and has looked a moment ago.
   * @param excluded ids of operations that are skipped
   */
  executeRun(view: RunView, excluded: ReadonlySet<string>): Promise<TaskOutcome>;
}

/** How a run of a task ended. */
export function endOf({ report: { stopped, problems } }: RunResult): TaskOutcome['end'] {
  return stopped ? 'stopped' : problems.size > 0 ? 'failed' : 'well';
}

/** @param own what the task says of itself; absent: as its one run has it, with nothing to say besides */
export function outcomeOf(
  result: RunResult,
  own: Pick<TaskOutcome, 'title' | 'said'> & Partial<TaskOutcome>,
): TaskOutcome {
  return {
    end: endOf(result),
    proved: [],
    fixed: [],
    passed: [],
    changes: result.report.changes.map(({ summary }) => summary),
    restarts: result.restarts,
    reloads: result.reloads,
    irreversible: [],
    failed: failedSteps(result),
    log: result.log,
    ...own,
  };
}

/** @returns each step that failed, in the order of the sections */
export function failedSteps({ report, sections, logLines }: RunResult): readonly FailedStep[] {
  return sections.flatMap((section) =>
    section.operations.flatMap(({ id, title }) => {
      const problem = report.problems.get(id);
      if (problem === undefined) return [];
      return [{ operation: id, at: `${section.title} › ${title}`, problem, logLine: logLines.get(id) }];
    }),
  );
}
