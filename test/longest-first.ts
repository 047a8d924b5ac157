import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Seconds that the longest files take on two processors with nothing else to do; what a run prints as its longest files. */
const SECONDS: Readonly<Record<string, number>> = {
  'test/install/kill.test.ts': 400,
  'test/install/undo.test.ts': 300,
  'test/wizard/host.test.ts': 280,
  'test/install/pages.test.ts': 250,
  'test/install/update.test.ts': 240,
  'test/install/change-domain.test.ts': 240,
  'test/install/backup.test.ts': 200,
  'test/install/rotate.test.ts': 200,
  'test/install/install.test.ts': 200,
  'test/install/midway.test.ts': 180,
  'test/install/doctor-site.test.ts': 170,
  'test/install/doctor.test.ts': 150,
  'test/install/watch.test.ts': 140,
  'test/install/security.test.ts': 130,
  'test/install/adoption.test.ts': 100,
  'test/rehearsal/rehearsal.test.ts': 60,
  'test/install/badluck.test.ts': 40,
  'test/wizard/terminal.test.ts': 40,
  'test/wizard/menu.test.ts': 35,
  'test/commands/self-update.test.ts': 30,
  'test/rehearsal/meilisearch/release.test.ts': 25,
  'test/commands/procedure.test.ts': 25,
  'test/commands/terminal.test.ts': 23,
  'test/commands/completion.test.ts': 21,
  'test/commands/follow.test.ts': 21,
  'test/commands/stop.test.ts': 20,
};

/**
 * Files on throwaway hosts first, and of each project the longest, so that the workers come to their end at the same time. By itself vitest goes by what files took
 * the last time, which no fresh machine knows, and else by their size.
 */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const seconds = ({ moduleId }: TestSpecification) =>
      SECONDS[path.relative(path.join(import.meta.dirname, '..'), moduleId)] ?? 0;
    const group = ({ project }: TestSpecification) => project.config.sequence.groupOrder;
    // A worker ends when the next file is of another project, and with it the host that its files share.
    const project = ({ project: { name } }: TestSpecification) => (name === 'hosts' ? 0 : 1);
    return (await super.sort(files)).sort(
      (a, b) => group(a) - group(b) || project(a) - project(b) || seconds(b) - seconds(a),
    );
  }
}
