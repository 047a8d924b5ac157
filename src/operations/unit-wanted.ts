import type { Operation } from '../engine/operation.ts';
import type { Reload, UnitState } from '../engine/service.ts';
import type { Host } from '../host/host.ts';

export interface RunningUnit extends Pick<Operation, 'id' | 'after' | 'covers' | 'departure' | 'early'> {
  /** With its ending: `studio.service`. */
  readonly unit: string;
  readonly title?: string;
  /**
   * The target that starts it at boot, e.g. `timers.target`: the link in it is what survives a reboot.
   * What the unit's own file says when absent.
   */
  readonly wantedBy?: string;
  /** Files that it reads when it starts: one that is newer than its start means that it runs with old ones. */
  readonly watches?: readonly string[];
  /** @returns the file of its code that changed last, which it takes on in the same way */
  readonly code?: (host: Host) => Promise<string | undefined>;
  /** @returns when it last read them, where it can without a restart; milliseconds since the epoch */
  readonly since?: (host: Host, state: UnitState) => Promise<number>;
  /** How it takes on a new version of some of the files without a restart, where it can. */
  readonly reload?: Reload;
  /**
   * Asks the thing itself; `active` is no proof (trap 6).
   * @returns what is wrong, `undefined` when it answers
   */
  readonly answers?: (host: Host) => Promise<string | undefined>;
  /** Bash by which an exported script waits until it answers. */
  readonly waits?: readonly string[];
  /** What the journal's words most likely mean. */
  readonly explain?: (journal: readonly string[]) => string | undefined;
  /** Called before the first start; throws a ProblemError when starting would do harm. */
  readonly before?: (host: Host) => Promise<void>;
}
