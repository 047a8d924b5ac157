import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { newExecutable, replaceable, SELF_UPDATE } from '../app/releases/executable.ts';
import { knownReleases, newestRelease } from '../app/releases/release.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { withLock } from '../app/with-lock.ts';
import { nodesOf } from '../engine/graph.ts';
import { print, styled } from '../output/print.ts';
import { wrap } from '../output/wrap.ts';
import { sayRelease } from './release-words.ts';
import { agreed, carriedOut, shown } from './reviewed.ts';

const COMMAND = 'self-update';

/**
 * Replaces the single executable with that of the newest release: plan, question, run. What a procedure has begun on the site waits:
 * its end may need the newer version.
 * @throws UsageError where another way brought studio-setup here, or this build does not know where its releases are
 */
export async function selfUpdateCommand(session: Session, stop: Stop): Promise<ExitCode> {
  const { version: installed, releases: told, executable: own } = session.product;
  const { json } = session.options;
  const releases = knownReleases(told);
  const executable = await replaceable(session.host, own);
  return withLock(session, COMMAND, async () => {
    const release = await newestRelease(releases, installed, session.signal);
    if (!sayRelease({ release, releases, installed, json })) return EXIT.asWanted;
    const nodes = nodesOf(SELF_UPDATE, [newExecutable({ executable, installed, release, releases })]);
    if (!(await shown(session, nodes, SELF_UPDATE))) return EXIT.failed;
    if (!(await agreed(session, `Replace ${installed} with ${release.version}?`))) return EXIT.interrupted;
    const code = await carriedOut(session, nodes, stop, COMMAND);
    if (code === EXIT.asWanted && !json)
      print(
        ...wrap(styled('green', `${executable} was ${installed} and is ${release.version} now.`)),
        'What the newer version would change on this server: studio-setup plan',
      );
    return code;
  });
}
