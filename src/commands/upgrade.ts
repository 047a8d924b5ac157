import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { openProcedures } from '../app/pending.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { isWhole } from '../app/transact.ts';
import { UsageError } from '../app/usage.ts';
import { withLock } from '../app/with-lock.ts';
import { nodesOf } from '../engine/graph.ts';
import type { Section } from '../engine/section.ts';
import { remoteDigest } from '../operations/download.ts';
import { print } from '../output/print.ts';
import { ProblemError } from '../output/problem.ts';
import { cleanedEngine } from '../procedures/upgrade-meilisearch/clean.ts';
import { currentEngine, previousEngine } from '../procedures/upgrade-meilisearch/engine.ts';
import { isKnownRelease, releaseSource, targetVersion } from '../procedures/upgrade-meilisearch/target.ts';
import { finishOpen, kindOf, procedureCommand, reviewCommand, sayDone } from './procedure.ts';
import { agreed, carriedOut, shown } from './reviewed.ts';

/** What was typed. */
export interface UpgradeRequest {
  /** `1.50.0` */
  readonly version?: string;
  readonly check?: true;
  readonly rollback?: true;
  readonly clean?: true;
  /** 64 hexadecimal digits. */
  readonly sha256?: string;
}

/** Brings the search engine to another version or back; shows what that would be; or deletes what was kept to go back to. */
export async function upgradeCommand(
  session: Session,
  { version, check, rollback, clean, sha256 }: UpgradeRequest,
  stop: Stop,
): Promise<ExitCode> {
  const alone = [version, rollback, clean].filter((each) => each !== undefined);
  if (alone.length > 1)
    throw new UsageError({
      what: 'A version, --rollback and --clean exclude each other. Nothing was changed.',
      remedy: 'To go back: studio-setup upgrade meilisearch --rollback',
    });
  if (clean) return cleanCommand(session, check === true, stop);
  const kind = await kindOf(session, 'upgrade meilisearch');
  const digest = sha256 ?? (rollback ? undefined : await askedDigest(session, version));
  const given = {
    version: version ?? '',
    ...(rollback ? { rollback: '' } : {}),
    ...(digest === undefined ? {} : { sha256: digest }),
  };
  return check ? reviewCommand(session, kind, given) : procedureCommand(session, kind, given, stop);
}

/** Where nobody publishes one: that of the download is shown, and asked about once. */
async function askedDigest(session: Session, typed: string | undefined): Promise<string | undefined> {
  if (!session.interactive || (await openProcedures(session)).length > 0) return undefined;
  const { host } = session;
  const { answers } = await session.collect(await session.product.sections());
  const now = await currentEngine(host);
  const { version } = await targetVersion(host, answers, typed, now.version);
  if (version === now.version || isKnownRelease(answers, version)) return undefined;
  const source = releaseSource(answers, version);
  print(`No SHA-256 of Meilisearch ${version} is known. Reading ${source} …`);
  const found = await remoteDigest(host, source);
  if ('wrong' in found)
    throw new ProblemError({
      what: `${found.wrong} Nothing was changed.`,
      remedy: 'Check the network, or give the file as the answer meilisearch.release.',
    });
  print(`SHA-256 of the download: ${found.sha256}`);
  return (await agreed(session, 'Use this file?', 'It was not used.')) ? found.sha256 : undefined;
}

const CLEAN: Section = {
  id: 'upgrade-meilisearch-clean',
  title: 'Delete the earlier Meilisearch',
  heading: 'Delete the earlier Meilisearch',
  summary: '',
  needs: [],
  questions: [],
  operations: () => [],
};

async function cleanCommand(session: Session, check: boolean, stop: Stop): Promise<ExitCode> {
  const command = 'upgrade meilisearch --clean';
  return withLock(session, command, async () => {
    if (!isWhole(await finishOpen(session, stop))) return EXIT.failed;
    const previous = await previousEngine(session.host);
    if (previous === undefined) {
      sayDone(session, { done: 'No earlier Meilisearch is kept on this server.' });
      return EXIT.asWanted;
    }
    const nodes = nodesOf(CLEAN, [cleanedEngine(previous, await currentEngine(session.host))]);
    if (!(await shown(session, nodes, CLEAN))) return EXIT.failed;
    if (check) return EXIT.pending;
    if (!(await agreed(session, 'Delete it now? After that there is no --rollback.')))
      return EXIT.interrupted;
    return carriedOut(session, nodes, stop, command);
  });
}
