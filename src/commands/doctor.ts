import type { Answers } from '../answers/answers.ts';
import { checkResults, examineSite } from '../app/examine-site.ts';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import type { Session } from '../app/session.ts';
import type { Check } from '../checks/check.ts';
import { type Examined, failures } from '../checks/examine.ts';
import { count, duration } from '../output/duration.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { wrap } from '../output/wrap.ts';
import { sayPending } from './show-pending.ts';

/**
 * Proves that the site works, all checks side by side. Changes nothing, asks nothing.
 * @param renewal whether certbot tries a renewal as well: that takes seconds, and it writes its log
 */
export async function doctorCommand(session: Session, renewal: boolean): Promise<ExitCode> {
  const started = performance.now();
  const open = await sayPending(session);
  const examined = await examineSite(session, renewal);
  showScorecard(session, examined, performance.now() - started);
  return !open && examined.every(([, { ok }]) => ok) ? EXIT.asWanted : EXIT.pending;
}

/** @returns how many checks failed; shows each with what fixes it. */
export async function scorecard(session: Session, answers: Answers): Promise<number> {
  const started = performance.now();
  const examined = await checkResults(session, answers);
  showScorecard(session, examined, performance.now() - started);
  return failures(examined).length;
}

/**
 * @param ms how long the checks took
 * @param hint whether to say that `--fix` could fix something
 */
export function showScorecard(
  session: Session,
  examined: readonly Examined[],
  ms: number,
  hint = true,
): void {
  const failed = failures(examined);
  if (session.options.json) {
    // The name that programs know since the first version.
    for (const [{ id, title }, { fixes, ...result }] of examined)
      writeRecord({ type: 'check', ...{ id, title, ...result }, ...(fixes ? { mends: fixes } : {}) });
    writeRecord({ type: 'doctor-finished', ...{ checks: examined.length, failed: failed.length } });
    return;
  }
  for (const [check, result] of examined) print(...resultText(check, result));
  const fixable = failed.filter(([, { fixes = [] }]) => fixes.length > 0).length;
  print(
    '',
    failed.length === 0
      ? styled('green', `All checks passed: ${count(examined.length, 'check')} in ${duration(ms)}.`)
      : `${failed.length} of ${count(examined.length, 'check')} failed.`,
    ...(fixable === 0 || !hint
      ? []
      : wrap(
          `To fix ${fixable === failed.length ? 'what failed' : `${fixable} of them`}: studio-setup doctor --fix (shows first what it would do)`,
          { first: '', rest: '' },
        )),
  );
}

function resultText({ title }: Check, { ok, said, remedy }: Examined[1]): readonly string[] {
  const mark = ok ? styled('green', '✓') : styled('red', '✗');
  return [
    ...wrap(`${title}: ${said}`, { first: `${mark} `, rest: '    ' }),
    ...(ok || remedy === undefined ? [] : wrap(remedy, { first: '    What to do: ', rest: '    ' })),
  ];
}
