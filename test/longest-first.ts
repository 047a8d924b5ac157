import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Seconds that the longest files took; what a run prints as its longest files. Those on hosts: on two processors that other work
 * kept busy as well, so that they are about twice what an idle machine takes. Only their order counts.
 */
const SECONDS: Readonly<Record<string, number>> = {
  'test/install/kill.test.ts': 575,
  'test/install/doctor-site.test.ts': 475,
  'test/install/undo.test.ts': 469,
  'test/install/security.test.ts': 410,
  'test/install/backup.test.ts': 405,
  'test/wizard/host.test.ts': 402,
  'test/install/pages.test.ts': 386,
  'test/install/midway.test.ts': 330,
  'test/install/doctor.test.ts': 300,
  'test/install/adoption.test.ts': 296,
  'test/install/install.test.ts': 291,
  'test/install/change-domain.test.ts': 290,
  'test/install/update.test.ts': 256,
  'test/install/rotate.test.ts': 224,
  'test/install/watch.test.ts': 185,
  'test/rehearsal/rehearsal.test.ts': 178,
  'test/install/badluck.test.ts': 63,
  'test/wizard/terminal.test.ts': 37,
  'test/wizard/menu.test.ts': 32,
  'test/commands/procedure.test.ts': 25,
  'test/commands/self-update.test.ts': 25,
  'test/rehearsal/meilisearch/release.test.ts': 24,
  'test/commands/terminal.test.ts': 23,
  'test/commands/completion.test.ts': 21,
  'test/commands/follow.test.ts': 21,
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
