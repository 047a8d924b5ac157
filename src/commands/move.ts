import { EXIT, type ExitCode } from '../app/exit-code.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { isWhole } from '../app/transact.ts';
import { UsageError } from '../app/usage.ts';
import { withLock } from '../app/with-lock.ts';
import { RESTORING } from '../backup/places.ts';
import { readSettings } from '../backup/settings.ts';
import { quote } from '../host/shell.ts';
import { ProblemError } from '../output/problem.ts';
import { type Moved, readMoved, refuseMoved } from '../procedures/move/state.ts';
import { resolve } from '../site/dns.ts';
import { namesOnHost } from '../site/vhost.ts';
import { arrive, awaitNames, namesOfSite, noSite, say } from './arrival.ts';
import { finishOpen, kindOf, procedureCommand } from './procedure.ts';

/** What was typed. */
export interface MoveRequest {
  /** Absent: on the old server, up to the last backup. */
  readonly action?: 'finish' | 'rest' | 'back';
  /** Whatever DNS says. */
  readonly anyway?: true;
}

/** Moves the site to another server: the old one's part of it, and the end of it on the new one. */
export async function moveCommand(
  session: Session,
  { action, anyway }: MoveRequest,
  stop: Stop,
): Promise<ExitCode> {
  if (anyway && action !== 'rest' && action !== 'back')
    throw new UsageError({
      what: '--anyway is for move rest and move back. Nothing was changed.',
      remedy: 'See: studio-setup move --help',
    });
  if (action === 'finish') return finish(session, stop);
  const kind = await kindOf(session, action === undefined ? 'move' : `move ${action}`);
  const code = await procedureCommand(session, kind, anyway ? { anyway: '' } : {}, stop);
  if (code === EXIT.asWanted && action === undefined) await tellNext(session);
  return code;
}

/** On the new server. */
async function finish(session: Session, stop: Stop): Promise<ExitCode> {
  await refuseMoved(session.host);
  if ((session.ledger.hint(RESTORING) ?? '') !== '')
    throw new ProblemError({
      what: 'The restore on this server has not come to its end. Nothing was changed.',
      remedy: 'Start the same studio-setup restore again: it resumes.',
    });
  if ((await namesOnHost(session.host)) === undefined) throw noSite();
  await awaitNames(session);
  return withLock(session, 'move finish', async () =>
    isWhole(await finishOpen(session, stop)) ? arrive(session, stop, false) : EXIT.failed,
  );
}

/** What is to be typed where, and what DNS has to say. */
async function tellNext(session: Session): Promise<void> {
  const moved = await readMoved(session.host);
  if (moved === undefined) return;
  say(session, [
    ...(moved.repository === undefined ? [`Copy ${moved.archive} to the new server.`] : []),
    'On the new server, bare but for studio-setup:',
    `  ${await restoreLine(session, moved)}`,
    'At your DNS provider, then:',
    ...(await recordsNow(session)).map((each) => `  ${each}`),
    'On the new server, which waits for that, and proves the site:',
    '  studio-setup move finish',
    'Here, once it is proved there:',
    '  studio-setup move rest',
    'To have the site served from here again instead: studio-setup move back',
  ]);
}

async function restoreLine(session: Session, { archive, repository }: Moved): Promise<string> {
  if (repository === undefined)
    return `studio-setup restore ${quote(archive.slice(archive.lastIndexOf('/') + 1))} --identity FILE`;
  const { environment = {} } = (await readSettings(session.host)).repository ?? {};
  const login = Object.keys(environment).length === 0 ? '' : ' --environment-file FILE';
  return `studio-setup restore ${archive} --repository ${quote(repository)} --password-file FILE${login}`;
}

/** @returns a line for each record of each name */
async function recordsNow(session: Session): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const name of await namesOfSite(session)) {
    const { v4, v6, unanswered } = await resolve(name);
    if (unanswered !== undefined) lines.push(`${name}  could not be asked for (${unanswered})`);
    if (v4.length > 0) lines.push(`${name}  A  ${v4.join(', ')} → the IPv4 address of the new server`);
    if (v6.length > 0)
      lines.push(
        `${name}  AAAA  ${v6.join(', ')} → the IPv6 address of the new server; without one, remove it`,
      );
  }
  return lines;
}
