import type { RunResult } from '../app/execute-run.ts';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { runAndDraw } from '../app/run-and-draw.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { isWhole } from '../app/transact.ts';
import {
  aboutUndo,
  forgetUndone,
  nothingToUndo,
  previewUndo,
  type UndoPreview,
  undoWarnings,
} from '../app/undo.ts';
import { withLock } from '../app/with-lock.ts';
import { clean } from '../output/clean.ts';
import { count, duration } from '../output/duration.ts';
import { writeRecord } from '../output/json.ts';
import { localTime } from '../output/local-time.ts';
import { print, styled } from '../output/print.ts';
import { showProblems } from '../output/show-problems.ts';
import { wrap } from '../output/wrap.ts';
import { planText } from '../reporters/plan-text.ts';
import { changesIn, entriesOf, problemsOf } from '../reporters/plan-view.ts';
import { reportText } from '../reporters/report.ts';
import { undoConflictsOf } from '../undo/conflicts.ts';
import type { Irreversible } from '../undo/irreversible.ts';
import type { Target } from '../undo/target.ts';
import { finishOpen } from './procedure.ts';
import { agreed } from './reviewed.ts';

/**
 * Puts back what a run changed: files, links, what starts at boot, what runs. It is a run itself, with a number, so it
 * can be undone.
 * @param asked number of the run; the last one in effect when absent
 * @param dryRun shows it only
 */
export async function undoCommand(
  session: Session,
  asked: string | undefined,
  dryRun: boolean,
  stop: Stop,
): Promise<ExitCode> {
  if (dryRun) {
    const found = await previewUndo(session, asked);
    const over = ready(session, found, 'This is a dry run: nothing is noted.');
    return (
      over ??
      (found.planned.every(({ observation }) => observation === undefined) ? EXIT.asWanted : EXIT.pending)
    );
  }
  return withLock(session, `undo ${asked ?? ''}`.trim(), async () => {
    if (!isWhole(await finishOpen(session, stop))) return EXIT.failed;
    const found = await previewUndo(session, asked);
    const over = ready(session, found, 'It counts as undone from now on.');
    if (over !== undefined) return over;
    // Nothing to agree to: only that it is undone is noted, so that the next undo goes further back.
    const nothing = found.planned.every(({ observation }) => observation === undefined);
    if (!nothing && !(await isAgreed(session))) return session.interactive ? EXIT.interrupted : EXIT.waiting;
    return undo(session, found, stop);
  });
}

/** Shows what it is about. @param then what comes of it where nothing is to change @returns the exit code when it ends here: something is in the way */
function ready(session: Session, found: UndoPreview, then: string): ExitCode | undefined {
  const { target, sections, planned, irreversible } = found;
  const { json } = session.options;
  const entries = entriesOf(planned);
  const problems = problemsOf(planned);
  const conflicts = undoConflictsOf(planned, target);
  if (json) {
    entries.forEach(writeRecord);
    for (const each of irreversible) writeRecord({ type: 'stays', ...each });
  } else {
    print(...heading(target));
    print(...planText(entries, sections, { diff: true }));
    if (irreversible.length > 0) print('', ...irreversibleText(irreversible));
    for (const each of undoWarnings(found))
      print(...wrap(clean(each), { first: `${styled('yellow', '!')} `, rest: '  ' }));
    print('');
  }
  if (problems.length > 0) {
    showProblems(problems, json, 'Nothing was changed.');
    return EXIT.failed;
  }
  if (conflicts.length > 0) {
    showProblems(
      conflicts.map((problem) => ({ problem })),
      json,
    );
    return EXIT.waiting;
  }
  if (!json)
    print(entries.length > 0 ? `${count(entries.length, 'change')}.` : `${nothingToUndo(found)} ${then}`);
  return undefined;
}

async function isAgreed(session: Session): Promise<boolean> {
  if (session.options.yes) return true;
  if (!session.interactive) {
    showProblems(
      [
        {
          problem: {
            what: 'undo asks for a yes, and there is no terminal to ask in. Nothing was changed.',
            remedy: 'See what it would do (studio-setup undo --dry-run), then run it with --yes.',
          },
        },
      ],
      session.options.json,
    );
    return false;
  }
  return agreed(session, 'Undo it now?');
}

async function undo(session: Session, found: UndoPreview, stop: Stop): Promise<ExitCode> {
  const { target, nodes, irreversible } = found;
  const { number } = target.run;
  let itself = '';
  const about = { ...aboutUndo(target), planned: changesIn(entriesOf(found.planned)) };
  const carried = await runAndDraw(session, nodes, stop, about, (event) => {
    if (event.type === 'run-started') itself = event.run;
  });
  const { report } = carried;
  forgetUndone(session, found);
  if (!session.options.json) {
    if (irreversible.length > 0) print('', ...irreversibleText(irreversible));
    print(
      ...reportText({
        ...carried,
        warnings: session.warnings,
        skipped: [],
        closing: closing(carried, number, itself),
      }),
    );
  }
  if (report.stopped) return EXIT.interrupted;
  if (report.problems.size > 0) return report.conflict ? EXIT.waiting : EXIT.failed;
  return EXIT.asWanted;
}

function heading({ run, entries }: Target): readonly string[] {
  const operations = new Set(entries.map(({ operation }) => operation)).size;
  return wrap(
    `Run ${run.number} (${run.command}) of ${localTime(run.at)}, ${count(operations, 'change')}: to be undone.`,
  );
}

function irreversibleText(irreversible: readonly Irreversible[]): readonly string[] {
  return [
    styled('bold', "Stays, as it can't be undone"),
    ...irreversible.flatMap(({ what, why }) =>
      wrap(clean(`${what}: ${why}`), { first: '  · ', rest: '    ' }),
    ),
  ];
}

function closing(
  { report, restarts, ms, log }: RunResult,
  number: string,
  itself: string,
): readonly string[] {
  const done = `${count(report.changes.length, 'change')}, ${count(restarts.length, 'restart')}, ${duration(ms)}`;
  const again = `Run it again: it resumes from here (studio-setup undo ${Number(number)}).`;
  if (report.stopped) return [`Stopped: ${done}.`, ...wrap(again), `Log: ${log}`];
  if (report.problems.size > 0)
    return [
      styled('red', `Not finished: ${done}.`),
      ...wrap(`Fix what is named above. ${again}`),
      `Log: ${log}`,
    ];
  return [
    styled('green', `Run ${number} is undone: ${done}.`),
    // An undo that changed nothing can't be undone in its turn.
    ...(report.changes.length === 0 ? [] : wrap(`To undo that: studio-setup undo ${Number(itself)}`)),
    `Log: ${log}`,
  ];
}
