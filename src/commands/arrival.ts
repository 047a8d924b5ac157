import { setTimeout as sleep } from 'node:timers/promises';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { nodesOf } from '../engine/graph.ts';
import type { Section } from '../engine/section.ts';
import { releasedNames } from '../operations/held-names.ts';
import { clean } from '../output/clean.ts';
import { writeRecord } from '../output/json.ts';
import { print } from '../output/print.ts';
import { ProblemError, StoppedError } from '../output/problem.ts';
import { wrap } from '../output/wrap.ts';
import { type MisledName, misled } from '../requirements/names.ts';
import { namesHeld } from '../site/held-names.ts';
import { formerNamesOf, namesOf } from '../site/names.ts';
import { carriedOut } from './reviewed.ts';
import { runSections } from './run.ts';

/** Milliseconds between two questions to DNS: a record that changed is seen when its time to live is over, minutes later. */
const ASK_AGAIN_MS = 5000;

/** What stands in the plan and in the run. */
const ARRIVAL: Section = {
  id: 'move',
  title: 'Move',
  heading: 'no part of the document',
  summary: 'The site on the server that its names lead to.',
  needs: [],
  questions: [],
  operations: () => [],
};

/** @returns all that the site of this server answers to @throws ProblemError where there is none */
export async function namesOfSite(session: Session): Promise<readonly string[]> {
  const { answers } = await session.collect(await session.product.sections());
  if (answers.has('domain')) return [...namesOf(answers), ...formerNamesOf(answers)];
  throw noSite();
}

/** @returns that there is nothing to move, or to wait for */
export function noSite(): ProblemError {
  return new ProblemError({
    what: 'There is no site on this server. Nothing was changed.',
    remedy: 'Set it up first: studio-setup restore, or studio-setup run',
  });
}

/** Waits until DNS has this server for each name, and says what is missing whenever that changes. Takes no lock: it may last a day. */
export async function awaitNames(session: Session): Promise<void> {
  const names = await namesOfSite(session);
  for (let told = ''; ; ) {
    // Another host each time: an address may be given to this server meanwhile.
    const missing = await misled(session.hostNow(), names);
    if (missing.length === 0) return;
    const now = JSON.stringify(missing);
    if (now !== told) tell(session, missing, 'Waiting until these records lead to this server:');
    told = now;
    await sleep(ASK_AGAIN_MS, undefined, { signal: session.signal }).catch(() => {});
    if (session.signal.aborted) throw new StoppedError('Stopped by the operator');
  }
}

/**
 * The end of a restore or of a move: the site is reached by its names, the renewal is tried, and the scorecard proves it from outside.
 * While names lead elsewhere, it says which. The caller holds the lock.
 * @param proved whether the scorecard was just made, which is enough where names led here all the while
 */
export async function arrive(session: Session, stop: Stop, proved: boolean): Promise<ExitCode> {
  const missing = await misled(session.host, await namesOfSite(session));
  if (missing.length > 0) {
    tell(session, missing, 'The site is set up, and its names lead elsewhere. What has to change in DNS:');
    say(session, ['Then, or at once, as it waits for that: studio-setup move finish']);
    return EXIT.pending;
  }
  if (await namesHeld(session.host)) {
    const nodes = nodesOf(ARRIVAL, [releasedNames('move/names')]);
    const code = await carriedOut(session, nodes, stop, 'move finish');
    if (code !== EXIT.asWanted) return code;
  } else if (proved) return EXIT.asWanted;
  return runSections(session, [], stop, false);
}

function tell(session: Session, missing: readonly MisledName[], heading: string): void {
  const records = missing.flatMap((each) => each.records);
  const asked = missing.filter((each) => each.records.length === 0).map(({ what }) => what);
  say(session, [heading, ...records.map((each) => `  ${each}`), ...asked]);
}

/** Lines for whoever reads, those that are indented whole, so that they can be copied; a notice each for a program. */
export function say(session: Session, lines: readonly string[]): void {
  if (session.options.json)
    for (const each of lines) writeRecord({ type: 'notice', ...{ message: clean(each.trim()) } });
  else print('', ...lines.flatMap((line) => (line.startsWith('  ') ? [clean(line)] : wrap(clean(line)))));
}
