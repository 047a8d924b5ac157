import { rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { certificateEnds, FAILED_UNIT, failedUnits, measuresOf, trendChecks } from '../../checks/ahead.ts';
import { certificateIsServed } from '../../checks/certificate.ts';
import type { Check } from '../../checks/check.ts';
import { type Examined, examine } from '../../checks/examine.ts';
import { updateChecks } from '../../checks/updates.ts';
import { frontPageTime } from '../../checks/web.ts';
import { type Holder, holderOf, type Lock, takeLock } from '../../engine/lock.ts';
import { makeOwnFolder } from '../../host/own-folder.ts';
import { namesOnHost } from '../../site/vhost.ts';
import { CHANNELS_FILE, readChannels, waysOf } from '../../watch/channels.ts';
import { testMessage } from '../../watch/message.ts';
import { readWatchState, type WatchState, writeWatchState } from '../../watch/state.ts';
import type { Measures } from '../../watch/trend.ts';
import type { Way } from '../../watch/way.ts';
import { knownAnswers } from '../known-answers.ts';
import type { Product } from '../product.ts';
import type { Session } from '../session.ts';
import { afterTest, type RoundResult, type World, watchRound, withoutFormerWays } from './round.ts';

/** @returns the name of the site; that of the server where none is known */
async function siteName(session: Session): Promise<string> {
  return (await domainOf(session)) ?? hostname();
}

async function domainOf(session: Session): Promise<string | undefined> {
  return (await namesOnHost(session.host).catch(() => undefined))?.domain;
}

/**
 * Looks at the site once, remembers it, and tells what is new.
 * @param deep whether the daily checks are made, too; when absent: a day after the last time
 * @returns how it ended; who changes this server just now, instead: what is half done fails checks
 */
export async function runRound(session: Session, deep: boolean | undefined): Promise<RoundResult | Holder> {
  const { lock, state: folder } = session.product.paths;
  const holder = await holderOf(lock);
  // Setting the watch up, in the wizard too, ends with a first round, and changes nothing that is checked.
  if (holder !== undefined && !/^studio-setup watch enable\b/.test(holder.command)) return holder;
  // Rounds have a lock of their own: a long one must not keep the operator from a run.
  const own = await watchLock(session, 'studio-setup watch run');
  try {
    const channels = await readChannels(session.host);
    const setUp = (await session.host.status(CHANNELS_FILE))?.modified ?? 0;
    const before = withoutFormerWays(readWatchState(folder), setUp);
    const measures = await measuresOf(session.host);
    const domain = await domainOf(session);
    // Before the checks begin, which ask for pages themselves.
    const page = domain === undefined ? undefined : await frontPageTime(session.host, domain);
    const updates = updateChecks(before.updates, Date.now());
    const world: World = {
      checks: [...(await checksOfRound(session, before, measures)), ...updates.checks],
      ...{ measures, page },
      examine: (checks) => examined(session, checks),
      ways: await waysOf(session.host, channels ?? {}),
      site: domain ?? hostname(),
      now: Date.now,
      pause: session.product.pause ?? ((ms) => sleep(ms, undefined, { signal: session.signal })),
    };
    const result = await watchRound(world, before, deep);
    const waiting = updates.waiting();
    const state = { ...result.state, ...(waiting && { updates: waiting }) };
    remember(session.product, state);
    return { ...result, state };
  } finally {
    await own.release();
  }
}

/** @throws ProblemError while another round, or a test, holds it */
function watchLock({ product: { paths } }: Session, what: string): Promise<Lock> {
  return takeLock(path.join(path.dirname(paths.lock), 'watch-lock'), what);
}

function remember(product: Product, state: WatchState): void {
  writeWatchState(product.paths.state, state);
  sayAtLogin(product, state);
}

/** Sends a test message by every way, and remembers how that went. @returns by way, what the other side answered */
export async function testWays(session: Session, ways: readonly Way[]): Promise<RoundResult['answers']> {
  const message = testMessage(await siteName(session));
  const own = await watchLock(session, 'studio-setup watch test');
  try {
    const before = readWatchState(session.product.paths.state);
    const answers = new Map(
      await Promise.all(
        ways.map(async (way) => {
          const answered = way.report === undefined ? way.tell(message) : way.report(before);
          return [way.name, await answered] as const;
        }),
      ),
    );
    remember(session.product, afterTest(before, answers, Date.now()));
    return answers;
  } finally {
    await own.release();
  }
}

/** The doctor's, and what is well today and will not be in some days. */
async function checksOfRound(
  { host, product }: Session,
  { checks, rounds }: WatchState,
  measures: Measures,
): Promise<readonly Check[]> {
  const known = Object.entries(checks).flatMap(([id, { ok, toldAs, changes }]) =>
    id.startsWith(FAILED_UNIT) && !(ok && toldAs === 'well' && changes.length === 0)
      ? [id.slice(FAILED_UNIT.length)]
      : [],
  );
  const doctor = await product.checks();
  return [
    ...doctor,
    ...(doctor.some(({ id }) => id === certificateIsServed.id) ? certificateEnds : []),
    ...trendChecks(rounds, { at: Date.now(), measures }),
    ...(await failedUnits(host, known)),
  ];
}

function examined(session: Session, checks: World['checks']): Promise<readonly Examined[]> {
  return examine(checks, session.hostOptions, () => knownAnswers(session, checks));
}

/** The file that the next login shows, while a way of telling does not work: nobody would hear of anything else. */
export function loginNote({ paths }: Pick<Product, 'paths'>): string {
  return path.join(path.dirname(paths.lock), 'motd');
}

function sayAtLogin(product: Product, { ways }: WatchState): void {
  const silent = Object.entries(ways).flatMap(([name, { failing }]) => (failing === undefined ? [] : [name]));
  const file = loginNote(product);
  if (silent.length === 0) {
    rmSync(file, { force: true });
    return;
  }
  makeOwnFolder(path.dirname(file));
  writeFileSync(
    file,
    `studio-setup can't tell you of failed checks by ${silent.join(', ')}: studio-setup watch status\n`,
    { mode: 0o644 },
  );
}
