import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { refuseUnknownRun } from '../app/known-run.ts';
import { runsOf } from '../app/listed-runs.ts';
import type { Session } from '../app/session.ts';
import { dropCopies, runsWithCopies } from '../host/copies.ts';
import { count } from '../output/duration.ts';
import { writeRecord } from '../output/json.ts';
import { localTime } from '../output/local-time.ts';
import { print } from '../output/print.ts';
import { wrap } from '../output/wrap.ts';
import { isUndoable } from '../undo/target.ts';

/** Prints them. */
export function listRuns(session: Session): ExitCode {
  const runs = runsOf(session);
  const kept = runsWithCopies(session.product.paths.copies);
  if (session.options.json) {
    for (const { record, state, changes } of runs) {
      const { number, at, command, undoes } = record;
      writeRecord({
        type: 'run',
        ...{ run: number, at, command, changes, state, copies: kept.includes(number) },
        ...(undoes === undefined ? {} : { undoes }),
      });
    }
    return EXIT.asWanted;
  }
  if (runs.length === 0) print('No run has changed anything on this server yet.');
  else print('Run   Started       Changes  Command');
  for (const { record: run, state, changes } of runs) {
    const at = localTime(run.at).padEnd(12);
    const notes = { done: '', undone: ', undone', 'cut off': ', not finished' }[state];
    const line = `${run.command}${notes}${isUndoable(run) ? '' : ' (not undoable)'}`;
    print(
      ...wrap(line, {
        first: `${run.number}  ${at}  ${String(changes).padStart(7)}  `,
        rest: ' '.repeat(29),
      }),
    );
  }
  if (runs.length > 0) print('', 'To undo one: studio-setup undo RUN');
  return EXIT.asWanted;
}

/** Removes the copies of old contents: whoever just changed a leaked password does not want the old one to lie about. */
export function forgetCopies(session: Session, asked: string | undefined): ExitCode {
  const { copies } = session.product.paths;
  const all = runsWithCopies(copies);
  if (asked !== undefined)
    refuseUnknownRun(asked, [...runsOf(session).map(({ record }) => record.number), ...all]);
  const runs = all.filter((run) => asked === undefined || Number(run) === Number(asked));
  dropCopies(copies, runs);
  if (session.options.json) writeRecord({ type: 'forgotten', ...{ runs } });
  else if (runs.length === 0) print('There are no copies of earlier file contents.');
  else
    print(
      ...wrap(
        `Deleted the copies of earlier file contents of ${count(runs.length, 'run')} (${runs.join(', ')}). These files can no longer be put back.`,
      ),
    );
  return EXIT.asWanted;
}
