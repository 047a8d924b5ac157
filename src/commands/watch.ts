import { EXIT, type ExitCode } from '../app/exit-code.ts';
import type { Session } from '../app/session.ts';
import type { RoundResult } from '../app/watch/round.ts';
import { runRound, testWays } from '../app/watch/run-round.ts';
import { failures } from '../checks/examine.ts';
import { clean } from '../output/clean.ts';
import { count } from '../output/duration.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { ProblemError } from '../output/problem.ts';
import { wrap } from '../output/wrap.ts';
import { readChannels, waysOf } from '../watch/channels.ts';
import { messageOf } from '../watch/message.ts';

/**
 * One round of the watch, as its timer has it: looks, remembers, and tells what is new. Failed checks are its result, and no
 * failure of it; a way of telling that does not work is.
 */
export async function watchRunCommand(session: Session, deep: boolean): Promise<ExitCode> {
  const result = await runRound(session, deep ? true : undefined);
  const { json } = session.options;
  if ('pid' in result) {
    const message = `Nothing was checked: ${result.command} is at work on this server.`;
    if (json) writeRecord({ type: 'notice', ...{ message: clean(message) } });
    else print(...wrap(clean(message)));
    return EXIT.asWanted;
  }
  if (json) writeRound(result);
  else printRound(result);
  return [...result.answers.values()].every(({ ok }) => ok) ? EXIT.asWanted : EXIT.failed;
}

function writeRound({ examined, events, answers }: RoundResult): void {
  for (const event of events) writeRecord({ type: 'watch-event', ...event });
  for (const [way, answered] of answers) writeRecord({ type: 'watch-told', ...{ way, ...answered } });
  writeRecord({ type: 'watch-round', ...{ checks: examined.length, failed: failures(examined).length } });
}

function printRound({ examined, events, answers, state }: RoundResult): void {
  const failed = failures(examined);
  const deep = state.rounds.at(-1)?.deep === true ? ', the daily ones too' : '';
  print(`${count(examined.length, 'check')}${deep}: ${failed.length} failed.`);
  for (const event of events)
    print(
      '',
      ...messageOf('New', [event])
        .text.split('\n')
        .slice(2)
        .flatMap((line) => wrap(line)),
    );
  printAnswers(answers);
}

/** What each way's other side answered. */
function printAnswers(answers: RoundResult['answers']): void {
  for (const [way, { ok, said }] of answers)
    print(
      ...wrap(clean(`${way}: ${said}`), {
        first: `${ok ? styled('green', '✓') : styled('red', '✗')} `,
        rest: '  ',
      }),
    );
}

/** Sends a message by every way, and says what the other side answered. */
export async function watchTestCommand(session: Session): Promise<ExitCode> {
  const ways = await waysOf(session.host, (await readChannels(session.host)) ?? {});
  if (ways.length === 0)
    throw new ProblemError({
      what: 'There is nothing to test: the watch notifies nobody.',
      remedy: 'Set one up: studio-setup watch enable',
    });
  const answers = await testWays(session, ways);
  if (session.options.json)
    for (const [way, answered] of answers) writeRecord({ type: 'watch-told', ...{ way, ...answered } });
  else printAnswers(answers);
  return [...answers.values()].every(({ ok }) => ok) ? EXIT.asWanted : EXIT.failed;
}
