import type { Answers } from '../answers/answers.ts';
import type { Host } from '../host/host.ts';

/** What systemd says of a unit. Monotonic times are microseconds since boot, 0 for never. */
export interface UnitState {
  readonly loaded: boolean;
  readonly active: string;
  readonly sub: string;
  readonly result: string;
  /** systemd has not read its files as they are now: this unit's, or some other's. */
  readonly needsReload: boolean;
  /** That is this unit's own file, which changed since systemd read it. */
  readonly fileChanged: boolean;
  readonly activeSince: number;
  readonly lastStart: number;
  readonly mainPid: number;
  /** As in `/proc/PID/cgroup`: `/system.slice/nginx.service`; empty for a unit that does not run. */
  readonly controlGroup: string;
  /** The account that it runs as; empty for root. */
  readonly user: string;
  /** How often systemd itself started it again since it was started. */
  readonly restarts: number;
  /** `enabled`, `disabled`, `static`, `masked`, …; empty for a unit without a file. */
  readonly fileState: string;
  /** Of a timer: whether it waits for a time at which it will start its service. */
  readonly waits: boolean;
}

/** How a unit takes on new versions of files without a restart. */
export interface Reload {
  /** Of those that it reads, the ones that it reads then. */
  readonly files: readonly string[];
  /** @returns the command, `undefined` where only a restart helps */
  command(host: Host): Promise<readonly string[] | undefined>;
}

/** A service that runs all the time: all that is known of it, said once. */
export interface Service {
  /** With its ending: `studio.service`. */
  readonly unit: `${string}.service`;
  /** @returns whether this server has it; every server when absent */
  readonly applies?: (answers: Answers) => boolean;
  /** The target that starts it at boot; what its own file says when absent. */
  readonly target?: string;
  /** Files besides the unit's own that it reads when it starts: a newer one means that it runs with an old one. */
  readonly reads: readonly string[];
  /** Whether a check compares these with its start: what nginx has loaded it is asked by a check of its own. */
  readonly startShowsWhatItRead: boolean;
  /** @returns the file of its code that changed last, which it takes on in the same way, also by a reload */
  readonly code?: (host: Host) => Promise<string | undefined>;
  /** @returns when it last read them, where it can without a restart; milliseconds since the epoch */
  readonly since?: (host: Host, state: UnitState) => Promise<number>;
  /** How it takes on a change; by a restart when absent. */
  readonly reload?: Reload;
  /**
   * Asks the service itself, past systemd.
   * @param hostName tells what the site takes as its own name, to the one who needs it
   * @returns what is wrong although it is active, as a clause; `undefined` when it answers
   */
  readonly ask?: (host: Host, hostName: () => string) => Promise<string | undefined>;
  /** Bash by which an exported script waits until it answers. */
  readonly waits?: readonly string[];
  /** How it is asked: a sentence for `docs/doctor.md`. */
  readonly asks: string;
  /** What it means for visitors when it fails: a sentence for `docs/doctor.md`. */
  readonly means: string;
  /** Id of the operation that brings it up. */
  readonly operation: string;
  /** Ids of the operations that `doctor --fix` carries out for it: its own files, and the start. */
  readonly fixes: readonly string[];
}
