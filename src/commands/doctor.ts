import { examineSite } from '../app/examine-site.ts';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import type { Session } from '../app/session.ts';
import { beginDjango } from '../app/survey.ts';
import type { Check } from '../checks/check.ts';
import { type Examined, failures, passedByGroup } from '../checks/examine.ts';
import { count, duration } from '../output/duration.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { wrap } from '../output/wrap.ts';
import { sayMaintenance, sayPending } from './show-pending.ts';

/**
 * Proves that the site works, all checks side by side. Changes nothing, asks nothing.
 * @param renewal whether certbot tries a renewal as well: that takes seconds, and it writes its log
 */
export async function doctorCommand(session: Session, renewal: boolean): Promise<ExitCode> {
  const started = performance.now();
  await beginDjango(session);
  const open = await sayPending(session);
  await sayMaintenance(session);
  const examined = await examineSite(session, renewal, session.host.facts);
  showScorecard(session, examined, { ms: performance.now() - started });
  return !open && examined.every(([, { ok }]) => ok) ? EXIT.asWanted : EXIT.pending;
}

/** How a scorecard is shown. */
interface Shown {
  /** Milliseconds that the checks took. */
  readonly ms: number;
  /** Whether to say that `--fix` could fix something. */
  readonly hint?: boolean;
  /** Whether those that passed are only counted. */
  readonly folded?: boolean;
}

/** What failed comes first: what passed only confirms. */
export function showScorecard(
  session: Session,
  examined: readonly Examined[],
  { ms, hint = true, folded = false }: Shown,
): void {
  const failed = failures(examined);
  if (session.options.json) {
    // The name that programs know since the first version.
    for (const [{ id, title }, { fixes, off: _, ...result }] of examined)
      writeRecord({ type: 'check', ...{ id, title, ...result }, ...(fixes ? { mends: fixes } : {}) });
    writeRecord({ type: 'doctor-finished', ...{ checks: examined.length, failed: failed.length } });
    return;
  }
  for (const [check, result] of failed) print(...resultText(check, result));
  if (folded) print(...passedByGroup(examined).map((each) => `${styled('green', '✓')} ${each}`));
  else for (const [check, result] of examined) if (result.ok) print(...resultText(check, result));
  const fixable = failed.filter(([, { fixes = [] }]) => fixes.length > 0).length;
  print(
    '',
    failed.length === 0
      ? styled('green', `All checks passed: ${count(examined.length, 'check')} in ${duration(ms)}.`)
      : `${failed.length} of ${count(examined.length, 'check')} failed.`,
    ...(fixable === 0 || !hint
      ? []
      : wrap(
          `To fix ${fixable === failed.length ? 'what failed' : `${fixable} of them`}: studio-setup doctor --fix (it shows first what it would do)`,
          { first: '', rest: '' },
        )),
    ...(folded ? ['Each check: studio-setup doctor'] : []),
  );
}

function resultText({ title }: Check, { ok, off, said, remedy }: Examined[1]): readonly string[] {
  const mark = off ? '○' : ok ? styled('green', '✓') : styled('red', '✗');
  return [
    ...wrap(`${title}: ${said}`, { first: `${mark} `, rest: '    ' }),
    ...(ok || remedy === undefined ? [] : wrap(remedy, { first: '    What to do: ', rest: '    ' })),
  ];
}
