import { BACKUP, placesOf } from '../app/backup.ts';
import { workFolderIn } from '../app/backup-folder.ts';
import { EXIT, type ExitCode } from '../app/exit-code.ts';
import { restoredAnswers } from '../app/restored-answers.ts';
import { runAndDraw } from '../app/run-and-draw.ts';
import type { Session } from '../app/session.ts';
import type { Stop } from '../app/signals.ts';
import { isWhole } from '../app/transact.ts';
import { withLock } from '../app/with-lock.ts';
import { RESTORING } from '../backup/places.ts';
import {
  accessOperations,
  dataOperations,
  filesOperations,
  type Opened,
  openingOperations,
} from '../backup/restore.ts';
import { WorkFolder } from '../backup/work-folder.ts';
import { nodesOf } from '../engine/graph.ts';
import type { Operation } from '../engine/operation.ts';
import { heldNames } from '../operations/held-names.ts';
import { print } from '../output/print.ts';
import { reportText } from '../reporters/report.ts';
import { type OpeningOptions, wantedSource } from './archive-arguments.ts';
import { arrive, namesOfSite } from './arrival.ts';
import { finishOpen } from './procedure.ts';
import { agreed, shown } from './reviewed.ts';
import { runSections } from './run.ts';

/** What has to stand before settings.py has its place, and before the data has. */
const REQUIREMENTS_FIRST = ['requirements'];
const CHECKOUT_FIRST = ['working-directory'];
const DATABASE_FIRST = ['database'];

/**
 * Sets the site of an archive up again. The sections do it, as on any bare server; in between the archive's files and data take
 * their places, and what the sections find there they take over. Started again, it resumes: what stands already stays.
 */
export async function restoreCommand(
  session: Session,
  typed: string,
  options: OpeningOptions,
  stop: Stop,
): Promise<ExitCode> {
  const source = await wantedSource(session, typed, options, `restore ${typed}`);
  const work = new WorkFolder(workFolderIn(session.product.paths.copies));
  return withLock(session, 'restore', async () => {
    if (!isWhole(await finishOpen(session, stop))) return EXIT.failed;
    const opened: Opened = {};
    const code = await carriedOut(session, openingOperations(source, work, opened), stop, true);
    if (code !== EXIT.asWanted || opened.manifest === undefined) return code;
    return restored(session, work, opened.manifest, stop);
  });
}

async function restored(
  session: Session,
  work: WorkFolder,
  manifest: NonNullable<Opened['manifest']>,
  stop: Stop,
): Promise<ExitCode> {
  session.ledger.saveAnswers(restoredAnswers(manifest.answers, session.ledger.answers()));
  const steps: readonly (() => Promise<ExitCode>)[] = [
    () => runSections(session, REQUIREMENTS_FIRST, stop, false),
    () => carriedOut(session, accessOperations(work, manifest), stop, false),
    () => runSections(session, CHECKOUT_FIRST, stop, false),
    () => carriedOut(session, filesOperations(work, manifest), stop, false),
    async () => {
      for (const path of manifest.edited) session.declareMine(path);
      return runSections(session, DATABASE_FIRST, stop, false);
    },
    async () => {
      const { answers } = await session.collect(await session.product.sections());
      const { database } = await placesOf(session, answers);
      return carriedOut(session, dataOperations(work, database, manifest), stop, false);
    },
    async () => carriedOut(session, [heldNames('restore/names', await namesOfSite(session))], stop, false),
    () => runSections(session, [], stop, false, ['dns']),
  ];
  for (const step of steps) {
    const code = await step();
    if (code !== EXIT.asWanted) return code;
  }
  // From here on the site is one that stands, and is not restored over.
  session.ledger.remember(RESTORING, '');
  return arrive(session, stop, true);
}

async function carriedOut(
  session: Session,
  operations: readonly Operation[],
  stop: Stop,
  ask: boolean,
): Promise<ExitCode> {
  const { json } = session.options;
  if (operations.length === 0) return EXIT.asWanted;
  const nodes = nodesOf(BACKUP, operations);
  if (!(await shown(session, nodes, BACKUP))) return EXIT.failed;
  if (ask && !(await agreed(session, 'Open it, and when it is whole set the site up again, now?')))
    return EXIT.interrupted;
  const done = await runAndDraw(session, nodes, stop, { command: 'restore' });
  if (!json)
    print(...reportText({ ...done, warnings: session.warnings, skipped: [], closing: [`Log: ${done.log}`] }));
  if (done.report.stopped) return EXIT.interrupted;
  return done.report.problems.size > 0 ? EXIT.failed : EXIT.asWanted;
}
