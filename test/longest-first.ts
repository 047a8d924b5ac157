import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Seconds that the longest files took in a whole run on two processors, side by side; what a run prints at its end. Only their order counts. */
const SECONDS: Readonly<Record<string, number>> = {
  'test/install/doctor-site.test.ts': 506,
  'test/install/undo.test.ts': 467,
  'test/install/backup.test.ts': 457,
  'test/install/change-domain.test.ts': 404,
  'test/install/rotate.test.ts': 379,
  'test/install/kill.test.ts': 377,
  'test/install/midway.test.ts': 349,
  'test/install/doctor.test.ts': 343,
  'test/install/pages.test.ts': 332,
  'test/install/install.test.ts': 308,
  'test/wizard/host.test.ts': 296,
  'test/install/security.test.ts': 243,
  'test/install/update.test.ts': 180,
  'test/install/adoption.test.ts': 171,
  'test/rehearsal/rehearsal.test.ts': 125,
  'test/install/watch.test.ts': 101,
  'test/install/badluck.test.ts': 73,
  'test/wizard/terminal.test.ts': 72,
  'test/commands/procedure.test.ts': 65,
  'test/wizard/menu.test.ts': 59,
  'test/rehearsal/meilisearch/release.test.ts': 47,
  'test/commands/self-update.test.ts': 47,
  'test/commands/terminal.test.ts': 40,
  'test/components/frame.test.ts': 36,
  'test/commands/follow.test.ts': 33,
  'test/commands/completion.test.ts': 29,
  'test/commands/undo.test.ts': 27,
};

/**
 * Files on throwaway hosts first, and of each project the longest, so that the workers come to their end at the same time. By
 * itself vitest goes by what files took the last time, which no fresh machine knows, and else by their size.
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
