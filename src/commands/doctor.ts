import type { Answers } from '../answers/answers.ts';
import type { Check, CheckResult } from '../checks/check.ts';
import { type Problem, problemOf } from '../engine/problem.ts';
import { cleaned } from '../front/clean.ts';
import { count } from '../front/duration.ts';
import { writeRecord } from '../front/json.ts';
import { print, styled } from '../front/print.ts';
import { wrap } from '../front/wrap.ts';
import type { Session } from '../session.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** Proves that the site works, all checks side by side. Changes nothing, asks nothing. */
export async function doctorCommand(session: Session): Promise<ExitCode> {
  const { answers } = await session.complete(await session.product.sections(), false);
  return (await scorecard(session, answers)) === 0 ? EXIT.asWanted : EXIT.pending;
}

/** @returns each check with what it found, cleaned, in the scorecard's order; all are made side by side */
export async function checkResults(
  session: Session,
  answers: Answers,
): Promise<readonly (readonly [Check, CheckResult])[]> {
  const checks = await session.product.checks();
  return Promise.all(
    checks.map(
      async (check) =>
        [check, cleaned(await resultOf(check, () => check.run(session.host, answers)))] as const,
    ),
  );
}

/** @returns how many checks failed; shows each with what mends it. */
export async function scorecard(session: Session, answers: Answers): Promise<number> {
  const results = await checkResults(session, answers);
  let failed = 0;
  for (const [{ id, title }, result] of results) {
    if (!result.ok) failed += 1;
    if (session.options.json) writeRecord({ type: 'check', ...{ id, title, ...result } });
    else print(...resultText(title, result));
  }
  if (session.options.json) writeRecord({ type: 'doctor-finished', ...{ checks: results.length, failed } });
  else {
    print(
      '',
      failed === 0
        ? styled('green', `${count(results.length, 'check')}, all well.`)
        : `${failed} of ${count(results.length, 'check')} failed.`,
    );
  }
  return failed;
}

/** A check that can't be made is a failed one: what kept it from being made is what to mend. */
async function resultOf({ title }: Check, run: () => Promise<CheckResult>): Promise<CheckResult> {
  try {
    return await run();
  } catch (error) {
    const { what, remedy }: Problem = problemOf(error);
    return { ok: false, said: `${title}: ${what}`, remedy };
  }
}

function resultText(title: string, { ok, said, remedy }: CheckResult): readonly string[] {
  const mark = ok ? styled('green', '✓') : styled('red', '✗');
  return [
    ...wrap(`${title}: ${said}`, { first: `${mark} `, rest: '    ' }),
    ...(ok || remedy === undefined ? [] : wrap(remedy, { first: '    What to do: ', rest: '    ' })),
  ];
}
