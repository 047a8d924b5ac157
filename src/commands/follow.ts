import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { type FollowedEnd, type FollowedRun, follow, type Seen } from '../app/follow.ts';
import type { Session } from '../app/session.ts';
import { type Holder, holderOf } from '../engine/lock.ts';
import { clean } from '../output/clean.ts';
import { writeRecord } from '../output/json.ts';
import { print, styled } from '../output/print.ts';
import { wrap } from '../output/wrap.ts';
import { lastLogged, logFile } from '../reporters/run-log.ts';

/** Shows what another start does, until that is over. @returns with what that run ends */
export async function followCommand(session: Session): Promise<ExitCode> {
  const { lock, log } = session.product.paths;
  const holder = await holderOf(lock);
  if (holder !== undefined) return followed(session, holder);
  if (session.options.json) writeRecord({ type: 'followed', ...{ runs: [] } });
  else {
    const last = lastLogged(log);
    print(
      'No other studio-setup is at work on this server.',
      ...(last === 0 ? [] : [`Log of the last run: ${logFile(log, last)}`]),
    );
  }
  return EXIT.asWanted;
}

/** Another start is at work. @returns with what the operator ends who follows it; `undefined` for one who does not */
export async function offeredToFollow(session: Session): Promise<ExitCode | undefined> {
  const holder = await holderOf(session.product.paths.lock);
  if (holder === undefined || !session.interactive) return undefined;
  print(...wrap(`Another studio-setup is at work on this server: ${about(holder)}.`));
  const { confirmed } = await import('../prompts/prompts.ts');
  if (!(await confirmed('Follow it?', session.signal))) return undefined;
  return followed(session, holder);
}

function about({ command, pid, since }: Holder): string {
  const time = new Date(since).toLocaleTimeString('en-GB', { timeStyle: 'short' });
  return clean(`${command}, since ${time}, process ${pid}`);
}

async function followed(session: Session, holder: Holder): Promise<ExitCode> {
  const { json, logLevel } = session.options;
  if (!json)
    print(
      ...wrap(`Following ${about(holder)}. Ctrl-C stops following; the other studio-setup keeps running.`),
    );
  const see = json ? record : (seen: Seen) => show(seen, logLevel === 'debug');
  const runs = await follow(session.product.paths, holder, see, session.signal);
  if (runs === undefined) {
    if (!json)
      print(
        '',
        'You stopped following; the other studio-setup keeps running. To follow it again: studio-setup follow',
      );
    return EXIT.interrupted;
  }
  if (json) writeRecord({ type: 'followed', ...{ runs } });
  else print('', ...ended(runs));
  return exitOf(runs);
}

function record(seen: Seen): void {
  if (seen.type === 'line') writeRecord({ ...seen, type: 'log-line' });
  else if (seen.type === 'log') writeRecord(seen);
}

/** `2026-11-29T11:00:00.000Z section/operation what happened`; of the run itself, without an operation. */
const LINE = /^(\d{4}-\d\d-\d\dT\S+Z) (?:([a-z][\w-]*\/\S+) )?(.*)$/;

function show(seen: Seen, debug: boolean): void {
  if (seen.type === 'nothing yet') {
    print(...wrap('It has not changed anything yet: it is checking the server, or waiting for an answer.'));
    return;
  }
  if (seen.type === 'log') {
    print('', styled('bold', `Run ${seen.run}. Log: ${seen.file}`), ...(seen.skipped ? ['  …'] : []));
    return;
  }
  const [, at, operation, what = seen.line] = LINE.exec(seen.line) ?? [];
  // Questions to programs, which are often answered with a failure that is none.
  if (!debug && what.startsWith('?')) return;
  const time = at === undefined ? '' : new Date(at).toLocaleTimeString('en-GB');
  const where = operation === undefined ? '' : `${operation}  `;
  const said = what.startsWith('!')
    ? styled('red', what)
    : /^(\$| {2})/.test(what)
      ? styled('dim', what)
      : what;
  print(`${styled('dim', time)} ${where}${said}`);
}

const ENDS: Readonly<Record<FollowedEnd, (run: number) => string>> = {
  done: (run) => styled('green', `Run ${run} ended: every step is done.`),
  failed: (run) => styled('red', `Run ${run} ended, but a step failed: see the lines with ! above.`),
  stopped: (run) => `Run ${run} was stopped. To resume it: studio-setup`,
  'cut off': (run) => styled('red', `Run ${run} was interrupted. To resume it: studio-setup`),
};

function ended(runs: readonly FollowedRun[]): readonly string[] {
  if (runs.length === 0) return ['The other studio-setup ended, and changed nothing.'];
  return runs.flatMap(({ run, file, end }) => [...wrap(ENDS[end](run)), `Log: ${file}`]);
}

function exitOf(runs: readonly FollowedRun[]): ExitCode {
  const ends = runs.map(({ end }) => end);
  if (ends.some((end) => end === 'failed' || end === 'cut off')) return EXIT.failed;
  return ends.includes('stopped') ? EXIT.interrupted : EXIT.asWanted;
}
