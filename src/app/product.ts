import type { Check } from '../checks/check.ts';
import type { Section } from '../engine/section.ts';
import type { ProcedureKind } from '../procedures/procedure.ts';
import type { MeasuredInstall } from './measured-install.ts';
import type { Releases } from './releases/bundled.ts';

/** Where the product keeps its own things on the host: absolute paths. */
export interface Paths {
  /** State folder, 0700. */
  readonly state: string;
  /** Folder of what stood in the place of files before runs changed them, 0700: it may hold any secret of the host. */
  readonly copies: string;
  /** Folder of the run logs, 0700. */
  readonly log: string;
  /** The lock of the one run at a time, in a folder of its own, 0700: whoever can open it can hold it. */
  readonly lock: string;
}

export const HOST_PATHS: Paths = {
  state: '/var/lib/studio-setup',
  copies: '/var/backups/studio-setup',
  log: '/var/log/studio-setup',
  lock: '/run/studio-setup/lock',
};

/** All that makes the command line this product: tests start it with sections and folders of their own. */
export interface Product {
  readonly version: string;
  /** Where newer versions are; absent: this build was not told. */
  readonly releases?: Releases | undefined;
  /** Absolute path of the single executable that runs; absent: Node runs the sources or the bundle. */
  readonly executable?: string | undefined;
  readonly paths: Paths;
  /** Loaded when a command needs them, so that the first line stands on the screen before. */
  sections(): Promise<readonly Section[]>;
  /** The sections as they are before this server is asked what it adds to them; absent: it adds nothing. */
  documented?(): Promise<readonly Section[]>;
  checks(): Promise<readonly Check[]>;
  /** How long all sections took on a bare host elsewhere: the first estimate on a server that has timed nothing yet. */
  readonly measured?: MeasuredInstall;
  /** Changes of a live site that end in the new state or in the old one; without them nothing is ever pending. */
  procedures?(): Promise<readonly ProcedureKind[]>;
  /** How a round of the watch waits until it looks again at what failed; absent: it sleeps so many milliseconds. */
  pause?(ms: number): Promise<void>;
  /** @throws ProblemError when this server can't be worked on at all: not root, no systemd. */
  preconditions(): void;
}
